import type { DeploymentOptions } from '../options/deployment.ts';

type Naming = Pick<DeploymentOptions, 'namePrefix' | 'rolePath' | 'roleNamePrefix'>;

/** The name of a role, without the path. */
export const roleName = (
  { namePrefix, roleNamePrefix }: Omit<Naming, 'rolePath'>,
  task: string,
): string => `${roleNamePrefix}${namePrefix}flow-log-key-rule-${task}`;

/**
 * Fixed names, by which the central account and the members of an organization refer to each other. A template cannot
 * refer to resources of another account or Region.
 */
export function namesOf(naming: Naming) {
  /** The path and the name of a role, as in the ARN after `role/`. */
  const role = (task: string): string => `${naming.rolePath.slice(1)}${roleName(naming, task)}`;
  const name = (rest = ''): string => `${naming.namePrefix}flow-log-key-rule${rest}`;
  return {
    /** Roles of every member. */
    reader: role('reader'),
    reporter: role('reporter'),
    mender: role('mender'),
    executionReader: role('execution-reader'),
    automation: role('automation'),
    forwarder: role('forwarder'),
    /** Roles of the central account. */
    centralEvaluator: role('central-evaluator'),
    centralMender: role('central-mender'),
    centralRipple: role('central-ripple'),
    centralAggregator: role('central-aggregator'),
    /** Functions and other resources of the central account. The bus and the ripple are in the home Region only. */
    evaluatorFunction: name('-evaluator'),
    menderFunction: name('-mender'),
    rippleFunction: name('-ripple'),
    /** The EventBridge rule of members, which sends changes. */
    changes: name('-changes'),
    /** The EventBridge rule of the central account, which lets the evaluator look for silent members. */
    comparison: name('-comparison'),
    aggregator: name(),
    bus: name(),
    centralTable: name('-central'),
    stackSet: name('-members'),
    /** The StackSet of Regions that differ from the home Region: the one kind can start runbooks, the other cannot. */
    otherStackSet: name('-members-other'),
  } as const;
}

export type Names = ReturnType<typeof namesOf>;
