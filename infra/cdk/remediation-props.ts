import type { Duration } from 'aws-cdk-lib';
import type { IRole, IUser } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';

/** The keys with this tag. */
export interface KeysByTag {
  readonly name: string;
  readonly value: string;
}

/** How key policies are mended. */
export interface FlowLogKeyRemediation {
  /**
   * The keys with policies for the mender to write: at most 75 keys, the keys with a tag, or `'every'` for every key of
   * the account. The role of the mender may write no other policy.
   */
  readonly keys: readonly IKey[] | KeysByTag | 'every';
  /**
   * True if AWS Config starts the runbook for each blocked flow log.
   *
   * @default false people start the runbook
   */
  readonly automatic?: boolean;
  /**
   * The users and roles that may approve a change of a key policy, at most 10; a string is an ARN, such as of an assumed
   * role.
   *
   * @default - no approval is needed
   */
  readonly approvers?: readonly (IRole | IUser | string)[];
  /**
   * The topic that tells the approvers. The name of the topic must start with `Automation`, as Systems Manager wants it.
   *
   * @default - approvers look into Systems Manager
   */
  readonly approvalTopic?: ITopic;
  /**
   * The number of times that AWS Config tries, 1 to 25, if automatic.
   *
   * @default 3
   */
  readonly attempts?: number;
  /**
   * The time for these attempts, at most 31 days.
   *
   * @default Duration.minutes(10)
   */
  readonly retryPeriod?: Duration;
  /**
   * The share of the flow logs to mend at the same time, in percent, 1 to 100.
   *
   * @default 10
   */
  readonly concurrency?: number;
  /**
   * The flow logs that the statement in a key policy admits: those of one account and Region, or of the organization,
   * which needs `organizationId`.
   *
   * @default 'flow-logs'
   */
  readonly scope?: 'flow-logs' | 'organization';
  /**
   * The accounts of flow logs for which a key of another account is mended.
   *
   * @default - the owner of the bucket decides
   */
  readonly accounts?: readonly string[];
  /**
   * `'existing'` where another copy of the rule, or an earlier deployment, has left the table `flow-log-key-rule` with the
   * leases on keys. CloudFormation would refuse to make a second table of this name.
   *
   * @default 'new'
   */
  readonly table?: 'new' | 'existing';
}
