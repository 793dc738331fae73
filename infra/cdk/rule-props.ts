import type { MaximumExecutionFrequency } from 'aws-cdk-lib/aws-config';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { FlowLogKeyDeploymentProps } from './deployment-props.ts';
import type { FlowLogKeyRemediation } from './remediation-props.ts';

/** The props of the rule, for one account or for an organization. */
export interface FlowLogKeyCommonProps extends FlowLogKeyDeploymentProps {
  /**
   * The name of the Config rule: at most 37 letters, digits, `-` and `_`.
   *
   * @default 'flow-log-key-allows-delivery'
   */
  readonly ruleName?: string;
  /**
   * The time between two scheduled runs. Changes are judged at once.
   *
   * @default MaximumExecutionFrequency.TWENTY_FOUR_HOURS
   */
  readonly evaluationFrequency?: MaximumExecutionFrequency;
  /**
   * The standard topic that alarms tell. An organization takes the topic of the same name in each Region.
   *
   * @default - alarms show in CloudWatch only
   */
  readonly alarmTopic?: ITopic;
  /**
   * The alarm Unknown rings if more flow logs than this number are unknown.
   *
   * @default 0
   */
  readonly unknownThreshold?: number;
  /**
   * The time to keep logs, at most ten years.
   *
   * @default RetentionDays.THREE_MONTHS
   */
  readonly logRetention?: RetentionDays;
  /**
   * The runs at once, 1 to 1000, reserved for the evaluator. Lambda keeps 100 for other functions.
   *
   * @default - no limit
   */
  readonly reservedConcurrency?: number;
  /**
   * The buckets and keys that a run asks AWS for at once, 1 to 100.
   *
   * @default 8
   */
  readonly callsAtOnce?: number;
  /**
   * The KMS actions that a key policy must allow. `kms:GenerateDataKey` is always among them.
   *
   * @default ['kms:GenerateDataKey', 'kms:Decrypt']
   */
  readonly requiredActions?: readonly string[];
  /**
   * More checks: doubt about the policy of the bucket counts too; keys of AWS are not enough.
   *
   * @default - none
   */
  readonly alsoCheck?: readonly ('bucket-policy' | 'customer-key')[];
  /**
   * The compliance of a flow log that nobody can be sure of.
   *
   * @default 'NON_COMPLIANT'
   */
  readonly unknownAs?: 'NON_COMPLIANT' | 'NOT_APPLICABLE';
  /**
   * The id of the organization, such as `o-a1b2c3d4e5`: settles `aws:SourceOrgID` in key policies.
   *
   * @default - AWS Organizations is asked
   */
  readonly organizationId?: string;
  /**
   * The name of an SSM parameter with the exempt flow logs.
   *
   * @default - no flow log is exempt
   */
  readonly exemptions?: string;
  /**
   * The accounts to try, in order, for a bucket that cannot be read.
   *
   * @default - none
   */
  readonly ownerAccounts?: readonly string[];
  /**
   * The name of the configuration aggregator that knows the owners of buckets.
   *
   * @default - none for one account; for an organization an aggregator is made
   */
  readonly aggregator?: string;
  /**
   * True to import findings with reason and remedy into Security Hub.
   *
   * @default false
   */
  readonly detailedFindings?: boolean;
  /**
   * Mends key policies.
   *
   * @default - nothing writes a key policy
   */
  readonly remediation?: FlowLogKeyRemediation;
}

/** The props of the rule for one account and Region. */
export interface FlowLogKeyRuleProps extends FlowLogKeyCommonProps {
  /**
   * The role to take in the accounts that own buckets and keys: one name in all accounts.
   *
   * @default - other accounts are not asked
   */
  readonly readerRoleName?: string;
  /**
   * True to put the rule into a conformance pack with the name of the rule.
   *
   * @default false
   */
  readonly asConformancePack?: boolean;
  /**
   * The hook of CloudFormation: fails deployments that block flow logs, or warns of these.
   *
   * @default 'off'
   */
  readonly hook?: 'off' | 'warn' | 'fail';
}
