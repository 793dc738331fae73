import {
  argumentsOf,
  isArray,
  isObject,
  type Json,
  type JsonObject,
  joined,
  partsOf,
  ref,
  same,
} from './json.ts';
import { aliasPart, signsInLetters } from '../options/hook.ts';
import {
  homeRegion,
  lists,
  madeUpCode,
  madeUpOptions,
  madeUpTag,
  multiRegionKey,
  namePrefix,
  regionsWithout,
  STACK,
} from './made-up.ts';

const split = (by: string, text: Json): JsonObject => ({ 'Fn::Split': [by, text] });
const rejoin = (by: string, items: Json): JsonObject => ({ 'Fn::Join': [by, items] });
const ofTag = (nth: number): JsonObject => ({
  'Fn::Select': [nth, split('=', ref('RemediationKeyTag'))],
});

const ofKey = (nth: number): JsonObject => ({
  'Fn::Select': [nth, split(':', ref('EncryptionKeyArn'))],
});

/** Short values stand for a parameter where they are a whole value. */
const wholes: Readonly<Record<string, string>> = {
  [madeUpOptions.reservedConcurrency]: 'ReservedConcurrency',
  [madeUpOptions.callsAtOnce]: 'CallsAtOnce',
  [madeUpOptions.logRetentionDays]: 'LogRetentionDays',
  [madeUpOptions.remediationAttempts]: 'RemediationAttempts',
  [madeUpOptions.remediationConcurrency]: 'RemediationConcurrency',
  [madeUpOptions.unknownThreshold]: 'UnknownThreshold',
  [madeUpOptions.remediationRetrySeconds]: 'RemediationRetrySeconds',
  [madeUpOptions.logLevel]: 'LogLevel',
};

/** Texts that stand for parameters inside other texts; a text comes before its own parts. */
const texts: readonly (readonly [string, Json])[] = [
  // A path and a name without a slash both become the end of an ARN.
  [
    `parameter${madeUpOptions.exemptions}`,
    rejoin('/', split('//', joined(['parameter/', ref('Exemptions')]))),
  ],
  [madeUpOptions.exemptions, ref('Exemptions')],
  // The alias of a hook has letters for signs.
  [
    aliasPart(madeUpOptions.ruleName),
    joined([
      'Rule',
      signsInLetters.reduce<Json>(
        (text, [sign, letters]) => rejoin(letters, split(sign, text)),
        ref('RuleName'),
      ),
    ]),
  ],
  [madeUpOptions.ruleName, ref('RuleName')],
  ...lists.map(
    ([items, name]) => [items.join('","'), rejoin('","', split(',', ref(name)))] as const,
  ),
  [madeUpTag.name, ofTag(0)],
  [madeUpTag.value, ofTag(1)],
  [madeUpCode.bucketName, ref('CodeBucket')],
  [madeUpCode.prefix, ref('CodePrefix')],
  [STACK, ref('AWS::StackName')],
  [madeUpOptions.requiredActions, ref('RequiredActions')],
  [madeUpOptions.alsoCheck, ref('AlsoCheck')],
  [madeUpOptions.unknownAs, ref('UnknownAs')],
  [madeUpOptions.organizationId, ref('OrganizationId')],
  [madeUpOptions.readerRoleName, ref('ReaderRoleName')],
  [madeUpOptions.ownerAccounts, ref('OwnerAccounts')],
  [madeUpOptions.aggregator, ref('Aggregator')],
  [madeUpOptions.unknownThreshold, ref('UnknownThreshold')],
  [madeUpOptions.remediationAccounts, ref('RemediationAccounts')],
  [madeUpOptions.alarmTopicArn, ref('AlarmTopicArn')],
  [madeUpOptions.remediationApprovalTopicArn, ref('RemediationApprovalTopicArn')],
  [madeUpOptions.permissionsBoundaryArn, ref('PermissionsBoundaryArn')],
  [madeUpOptions.rolePath, ref('RolePath')],
  // Names of roles have the path without the first slash.
  [madeUpOptions.rolePath.slice(1), rejoin('', split('//', joined(['/', ref('RolePath')])))],
  [madeUpOptions.roleNamePrefix, ref('RoleNamePrefix')],
  [namePrefix, ref('NamePrefix')],
  [madeUpOptions.encryptionKeyArn, ref('EncryptionKeyArn')],
  // Account and id are the same in every Region.
  [multiRegionKey.end, joined([':', ofKey(4), ':', ofKey(5)])],
  // Members have a policy of the same name in their own account and partition.
  ['policy/boundary', { 'Fn::Select': [5, split(':', ref('PermissionsBoundaryArn'))] }],
  ['aws-made-up', ref('AWS::Partition')],
  [homeRegion, ref('HomeRegion')],
  ...Object.values(regionsWithout).map((region) => [region, ref('AWS::Region')] as const),
];

/** Puts parameters in the place of made-up values. */
export function withParameters(json: Json): Json {
  const whole =
    typeof json === 'string' || typeof json === 'number' ? wholes[String(json)] : undefined;
  if (whole !== undefined) return ref(whole);
  if (typeof json === 'string') return inText(json);
  const parts = partsOf(json);
  if (parts.length > 1) return joined(parts.map(withParameters));
  if (isArray(json)) {
    const found = lists.find(([items]) => same(items, json));
    return found === undefined ? json.map(withParameters) : split(',', ref(found[1]));
  }
  if (!isObject(json)) return json;
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [
      name,
      name === 'Ref' || argumentsOf('Fn::GetAtt', json) ? value : withParameters(value),
    ]),
  );
}

function inText(text: string): Json {
  const [made, value] = texts.find(([each]) => text.includes(each)) ?? [];
  if (made === undefined || value === undefined) return text;
  const [first = '', ...others] = text.split(made);
  return joined([inText(first), ...others.flatMap((each) => [value, inText(each)])]);
}
