/**
 * Fixed names, by which the central account and the members of an organization refer to each other. A template cannot
 * refer to resources of another account or Region.
 */
export const names = {
  /** Roles of every member. */
  reader: 'flow-log-key-rule-reader',
  reporter: 'flow-log-key-rule-reporter',
  mender: 'flow-log-key-rule-mender',
  executionReader: 'flow-log-key-rule-execution-reader',
  automation: 'flow-log-key-rule-automation',
  forwarder: 'flow-log-key-rule-forwarder',
  /** Roles of the central account. */
  centralEvaluator: 'flow-log-key-rule-central-evaluator',
  centralMender: 'flow-log-key-rule-central-mender',
  centralRipple: 'flow-log-key-rule-central-ripple',
  centralAggregator: 'flow-log-key-rule-central-aggregator',
  /** Functions and other resources of the central account. The bus and the ripple are in the home Region only. */
  evaluatorFunction: 'flow-log-key-rule-evaluator',
  menderFunction: 'flow-log-key-rule-mender',
  rippleFunction: 'flow-log-key-rule-ripple',
  /** The EventBridge rule of members, which sends changes. */
  changes: 'flow-log-key-rule-changes',
  /** The EventBridge rule of the central account, which lets the evaluator look for silent members. */
  comparison: 'flow-log-key-rule-comparison',
  aggregator: 'flow-log-key-rule',
  bus: 'flow-log-key-rule',
  centralTable: 'flow-log-key-rule-central',
  stackSet: 'flow-log-key-rule-members',
  /** The StackSet of Regions that differ from the home Region: the one kind can start runbooks, the other cannot. */
  otherStackSet: 'flow-log-key-rule-members-other',
} as const;
