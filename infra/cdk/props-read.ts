import { Duration, Stack, Token } from 'aws-cdk-lib';
import type { IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { errorText } from '../../rule/basics/text.ts';
import { optionNames, type Options, optionsOf } from '../options/options.ts';
import { flag, notKnown } from '../options/readers.ts';
import type { FlowLogKeyCommonProps } from './rule-props.ts';

/** The props with other names than the options of the context. */
const propNames: ReadonlyMap<string, string> = new Map([
  ['frequency', 'evaluationFrequency'],
  ['alarmTopicArn', 'alarmTopic'],
  ['logRetentionDays', 'logRetention'],
  ['permissionsBoundaryArn', 'permissionsBoundary'],
  ['encryptionKeyArn', 'encryptionKey'],
  ['subnetIds', 'subnets'],
  ['securityGroupIds', 'securityGroups'],
  ['remediationKeys', 'remediation.keys'],
  ['remediationApprovers', 'remediation.approvers'],
  ['remediationApprovalTopicArn', 'remediation.approvalTopic'],
  ['remediationAttempts', 'remediation.attempts'],
  ['remediationRetrySeconds', 'remediation.retryPeriod'],
  ['remediationConcurrency', 'remediation.concurrency'],
  ['remediationScope', 'remediation.scope'],
  ['remediationAccounts', 'remediation.accounts'],
  ['remediationTable', 'remediation.table'],
]);

const AUTOMATIC = 'remediation.automatic';
const RETRIES = 'remediation.retryPeriod';

/** The options by the names of props. The stack for the administrator of Security Hub belongs to another account. */
const optionsByProp: ReadonlyMap<string, string> = new Map([
  ...optionNames
    .filter((name) => name !== 'securityHubAdministrator' && name !== 'remediation')
    .map((name) => [propNames.get(name) ?? name, name] as const),
  [AUTOMATIC, 'remediation'],
]);

/**
 * Reads the props of a construct as the options of the context are read. Throws an Error with the path of the construct,
 * the prop and its value.
 */
export function propsRead(
  construct: Construct,
  props: FlowLogKeyCommonProps,
  region?: string,
): Options {
  const refused = (words: string, cause?: unknown): Error =>
    new Error(`${construct.node.path}: ${words}`, { cause });
  const values = flat(props).map(([prop, value]) => {
    const option = optionsByProp.get(prop);
    if (option === undefined)
      throw refused(`prop ${notKnown(prop, value, [...optionsByProp.keys()])}`);
    try {
      return [option, prop === AUTOMATIC ? mode(value) : plain(value, prop, region)] as const;
    } catch (error) {
      throw refused(`prop ${prop}: ${errorText(error)}`, error);
    }
  });
  try {
    return optionsOf(Object.fromEntries(values), region);
  } catch (error) {
    throw refused(inProps(errorText(error)), error);
  }
}

const wordsOfProps = new Map([...propNames, ['option', 'prop'], ['options', 'props']]);

/** The names of options in a message, as names of props. Quoted values stay. */
const inProps = (message: string): string =>
  message.replace(/"(?:\\.|[^"\\])*"|\w+/g, (word) => wordsOfProps.get(word) ?? word);

/** The props with the props of remediation among them. */
const flat = ({
  remediation,
  ...props
}: FlowLogKeyCommonProps): readonly (readonly [string, unknown])[] => [
  ...Object.entries(props),
  ...Object.entries(remediation === undefined ? {} : { automatic: false, ...remediation }).map(
    ([name, value]) => [`remediation.${name}`, value] as const,
  ),
];

const mode = (automatic: unknown): string => (flag(automatic ?? false) ? 'automatic' : 'manual');

type IdProperty =
  | 'topicArn'
  | 'managedPolicyArn'
  | 'keyArn'
  | 'roleArn'
  | 'userArn'
  | 'subnetId'
  | 'securityGroupId';

/** The property with the ARN or id of a construct, by the prop that takes such constructs. */
const idProperties: Readonly<Record<string, readonly IdProperty[]>> = {
  alarmTopic: ['topicArn'],
  permissionsBoundary: ['managedPolicyArn'],
  encryptionKey: ['keyArn'],
  subnets: ['subnetId'],
  securityGroups: ['securityGroupId'],
  'remediation.keys': ['keyArn'],
  'remediation.approvers': ['roleArn', 'userArn'],
  'remediation.approvalTopic': ['topicArn'],
};

/** The text, number or list in place of constructs and durations. */
function plain(value: unknown, prop: string, region: string | undefined): unknown {
  if (Array.isArray(value)) return value.map((each) => plain(each, prop, region));
  if (value instanceof Duration) return prop === RETRIES ? value.toSeconds() : value.toString();
  if (Construct.isConstruct(value)) return idOf(value, prop, region);
  return isPolicyOfAws(value) ? value.managedPolicyArn : value;
}

/** The ARN or id of a construct. An alias stands for its key. */
function idOf(value: Construct, prop: string, region: string | undefined): unknown {
  if ('fifo' in value && value.fifo === true) throw new Error('give a standard topic, not FIFO');
  if ('aliasTargetKey' in value) return plain(value.aliasTargetKey, prop, region);
  const id = idProperties[prop]?.find((each) => each in value);
  if (id === undefined) return value;
  const { [id]: found } = value as Partial<Record<IdProperty, string>>;
  if (ofOneRegion.includes(prop) && Token.isUnresolved(found)) checkPlace(value, region);
  return found;
}

/** The only thing among props that has an ARN and is no construct. */
const isPolicyOfAws = (value: unknown): value is Pick<IManagedPolicy, 'managedPolicyArn'> =>
  typeof value === 'object' && value !== null && 'managedPolicyArn' in value;

/** The ARN of a construct of another stack may be known too late for the checks of options. */
function checkPlace(construct: Construct, region: string | undefined): void {
  const there = Stack.of(construct).region;
  if (region !== undefined && !Token.isUnresolved(there) && there !== region)
    throw new Error(`${construct.node.path} is in ${there}: name one of ${region}`);
}

const ofOneRegion = ['alarmTopic', 'encryptionKey'];
