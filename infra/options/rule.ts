import {
  checkDeployment,
  deploymentDefaults,
  type DeploymentOptions,
  deploymentReaders,
} from './deployment.ts';
import { flag, matching, oneOf, type Reader, refuse, whole, reference } from './readers.ts';

/** The periods of the schedule in AWS Config. */
export const frequencies = [
  'One_Hour',
  'Three_Hours',
  'Six_Hours',
  'Twelve_Hours',
  'TwentyFour_Hours',
] as const;
export type Frequency = (typeof frequencies)[number];

/** The options of the rule, its alarms and its logs. */
export interface RuleOptions extends DeploymentOptions {
  readonly ruleName: string;
  readonly frequency: Frequency;
  /** The SNS topic for alarms. */
  readonly alarmTopicArn: string | undefined;
  /** An alarm rings if more flow logs than this number are unknown. */
  readonly unknownThreshold: number;
  readonly logRetentionDays: number;
  /** The number of runs at once; undefined without a limit. An account has to have more to reserve some. */
  readonly reservedConcurrency: number | undefined;
  /** The number of buckets and keys that a run asks AWS for at once; undefined for the evaluator's own bound. */
  readonly callsAtOnce: number | undefined;
  /** Puts the rule into a conformance pack. */
  readonly asConformancePack: boolean;
  /** Imports findings with reason and remedy into Security Hub. */
  readonly detailedFindings: boolean;
  /** The hook of CloudFormation: fails deployments that block flow logs, warns of these, or is off. */
  readonly hook: 'off' | 'warn' | 'fail';
  /** Adds the stack for the Security Hub administrator's account. */
  readonly securityHubAdministrator: boolean;
  /** The managed policy to bound every role. */
  readonly permissionsBoundaryArn: string | undefined;
}

export const ruleDefaults = {
  ruleName: 'flow-log-key-allows-delivery',
  frequency: 'TwentyFour_Hours',
  alarmTopicArn: undefined,
  unknownThreshold: 0,
  logRetentionDays: 90,
  reservedConcurrency: undefined,
  callsAtOnce: undefined,
  asConformancePack: false,
  detailedFindings: false,
  hook: 'off',
  securityHubAdministrator: false,
  permissionsBoundaryArn: undefined,
  ...deploymentDefaults,
} as const satisfies RuleOptions;

/** AWS Config takes 64 characters; conformance packs and organizations append a suffix to the name. */
const MAX_RULE_NAME_LENGTH = 37;

const ruleName: Reader<string> = (value) => {
  const name = matching(/^[A-Za-z0-9_-]+$/, 'letters, digits, - and _')(value);
  if (name.length > MAX_RULE_NAME_LENGTH)
    throw new Error(
      `${name.length} characters, and at most ${MAX_RULE_NAME_LENGTH} leave room for the suffix of AWS Config`,
    );
  return name;
};

/** The retention periods of CloudWatch Logs up to ten years, in days. */
export const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
].map(String);

export const ruleReaders = {
  ruleName,
  frequency: oneOf(...frequencies),
  alarmTopicArn: reference(
    /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/,
    'the ARN of a standard SNS topic, like arn:aws:sns:us-east-1:111122223333:alarms',
  ),
  unknownThreshold: whole(0, 1_000_000),
  reservedConcurrency: whole(1, 1_000),
  callsAtOnce: whole(1, 100),
  logRetentionDays: (value: unknown) => Number(oneOf(...retentions)(value)),
  asConformancePack: flag,
  detailedFindings: flag,
  hook: oneOf('off', 'warn', 'fail'),
  securityHubAdministrator: flag,
  permissionsBoundaryArn: reference(
    /^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/,
    'the ARN of a managed policy, like arn:aws:iam::111122223333:policy/boundary',
  ),
  ...deploymentReaders,
} as const;

/** The options of the rule, as far as set. */
export type RuleRead = {
  readonly [N in keyof typeof ruleReaders]?: ReturnType<(typeof ruleReaders)[N]>;
};

/** Adds the defaults. Throws an Error if an option needs another option, or if a name gets too long. */
export function ruleOf(read: RuleRead): RuleOptions {
  const rule = { ...ruleDefaults, ...read };
  checkDeployment(rule);
  const name = read.ruleName ?? `${rule.namePrefix}${ruleDefaults.ruleName}`;
  if (name.length > MAX_RULE_NAME_LENGTH)
    refuse(
      'namePrefix',
      rule.namePrefix,
      `the name of the rule would have ${name.length} characters, and at most ${MAX_RULE_NAME_LENGTH} fit: name ruleName too`,
    );
  return { ...rule, ruleName: name };
}
