import { remediationReaders } from '../options/remediation.ts';
import { frequencies } from '../options/rule.ts';
import type { Conditional, Conditionals, Context } from './choices.ts';
import { equals, isSet, not, ref } from './json.ts';
import { baseFrequency, multiRegionKey } from './made-up.ts';

/** Empty values of these options. */
const without = (...names: readonly string[]): Context =>
  Object.fromEntries(names.map((name) => [name, '']));

/** The options are left out unless the parameter has a value. */
const given = (parameter: string, ...options: readonly string[]): Conditional => ({
  expression: isSet(parameter),
  isChosenIf: false,
  options: without(...options),
});

const remediationOptions = Object.keys(remediationReaders).filter((name) => name !== 'remediation');

const inReaderRole = { within: ['HasReaderRole'] };
const inRemediation = { within: ['HasRemediation'] };

/** The other frequencies. The periods of alarms follow the frequency. */
const otherFrequencies = Object.fromEntries(
  frequencies
    .filter((frequency) => frequency !== baseFrequency)
    .map((frequency): [string, Conditional] => [
      `Is${frequency.replace('_', '')}`,
      {
        expression: equals('EvaluationFrequency', frequency),
        isChosenIf: true,
        options: { frequency },
        parameter: 'EvaluationFrequency',
      },
    ]),
);

/** Everything that a parameter adds to a template, changes or leaves out. */
export const conditionals: Conditionals = {
  ...otherFrequencies,
  HasRequiredActions: given('RequiredActions', 'requiredActions'),
  HasAlsoCheck: given('AlsoCheck', 'alsoCheck'),
  HasUnknownAs: given('UnknownAs', 'unknownAs'),
  HasOrganizationId: given('OrganizationId', 'organizationId'),
  HasExemptions: given('Exemptions', 'exemptions'),
  HasReaderRole: given('ReaderRoleName', 'readerRoleName', 'ownerAccounts', 'aggregator'),
  HasOwnerAccounts: { ...given('OwnerAccounts', 'ownerAccounts'), ...inReaderRole },
  HasAggregator: { ...given('Aggregator', 'aggregator'), ...inReaderRole },
  HasAlarmTopic: given('AlarmTopicArn', 'alarmTopicArn'),
  HasBoundary: given('PermissionsBoundaryArn', 'permissionsBoundaryArn'),
  HasRoleNamePrefix: given('RoleNamePrefix', 'roleNamePrefix'),
  HasEncryptionKey: given('EncryptionKeyArn', 'encryptionKeyArn'),
  HasMultiRegionKey: {
    // Without these letters the ARN of such a key is another text.
    expression: not({
      'Fn::Equals': [
        ref('EncryptionKeyArn'),
        { 'Fn::Join': ['', { 'Fn::Split': [':key/mrk-', ref('EncryptionKeyArn')] }] },
      ],
    }),
    isChosenIf: true,
    options: { encryptionKeyArn: multiRegionKey.arn },
    within: ['HasEncryptionKey'],
  },
  HasNetwork: {
    expression: { 'Fn::And': [isSet('SubnetIds'), isSet('SecurityGroupIds')] },
    isChosenIf: false,
    options: without('subnetIds', 'securityGroupIds'),
  },
  HasLogLevel: given('LogLevel', 'logLevel'),
  LimitsRuns: given('ReservedConcurrency', 'reservedConcurrency'),
  LimitsCalls: given('CallsAtOnce', 'callsAtOnce'),
  ImportsFindings: {
    expression: equals('DetailedFindings', 'true'),
    isChosenIf: false,
    options: { detailedFindings: 'false' },
  },
  HasRemediation: {
    expression: not(equals('Remediation', 'off')),
    isChosenIf: false,
    options: { remediation: 'off', ...without(...remediationOptions) },
  },
  IsAutomatic: {
    expression: equals('Remediation', 'automatic'),
    isChosenIf: false,
    options: { remediation: 'manual' },
    ...inRemediation,
  },
  MendsTaggedKeys: {
    expression: isSet('RemediationKeyTag'),
    isChosenIf: true,
    options: { remediationKeys: 'tag:tag-name-made-up=tag-value-made-up' },
    parameter: 'RemediationKeys',
  },
  MendsEveryKey: {
    expression: equals('RemediationEveryKey', 'true'),
    isChosenIf: true,
    options: { remediationKeys: '*' },
    parameter: 'RemediationKeys',
  },
  HasApprovers: {
    ...given('RemediationApprovers', 'remediationApprovers', 'remediationApprovalTopicArn'),
    ...inRemediation,
  },
  HasApprovalTopic: {
    ...given('RemediationApprovalTopicArn', 'remediationApprovalTopicArn'),
    within: ['HasApprovers', 'HasRemediation'],
  },
  HasRemediationAccounts: {
    ...given('RemediationAccounts', 'remediationAccounts'),
    ...inRemediation,
  },
  MakesTable: {
    expression: equals('RemediationTable', 'new'),
    isChosenIf: false,
    options: { remediationTable: 'existing' },
    ...inRemediation,
  },
  HasHook: {
    expression: not(equals('Hook', 'off')),
    isChosenIf: false,
    options: { hook: 'off' },
  },
  HookFails: {
    expression: equals('Hook', 'fail'),
    isChosenIf: false,
    options: { hook: 'warn' },
    within: ['HasHook'],
  },
  AdmitsOrganization: {
    expression: equals('RemediationScope', 'organization'),
    isChosenIf: true,
    options: { remediationScope: 'organization' },
    parameter: 'RemediationScope',
    ...inRemediation,
  },
};
