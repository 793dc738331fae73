/**
 * What the central account and the members of an organization know each other by. Names are all there is: a template
 * cannot refer to what another account or Region has.
 */
export const names = {
  /** Roles that every member has. */
  reader: 'flow-log-key-rule-reader',
  reporter: 'flow-log-key-rule-reporter',
  mender: 'flow-log-key-rule-mender',
  automation: 'flow-log-key-rule-automation',
  forwarder: 'flow-log-key-rule-forwarder',
  /** Roles that the central account has, once. */
  centralEvaluator: 'flow-log-key-rule-central-evaluator',
  centralMender: 'flow-log-key-rule-central-mender',
  centralRipple: 'flow-log-key-rule-central-ripple',
  centralAggregator: 'flow-log-key-rule-central-aggregator',
  /** Functions and what else the central account has, in each Region but for the bus and the ripple. */
  evaluatorFunction: 'flow-log-key-rule-evaluator',
  menderFunction: 'flow-log-key-rule-mender',
  rippleFunction: 'flow-log-key-rule-ripple',
  /** The EventBridge rule of members that sends changes. */
  changes: 'flow-log-key-rule-changes',
  aggregator: 'flow-log-key-rule',
  bus: 'flow-log-key-rule',
  centralTable: 'flow-log-key-rule-central',
  stackSet: 'flow-log-key-rule-members',
} as const;
