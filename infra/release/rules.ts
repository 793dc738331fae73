import { equals, isSet, type Json, type JsonObject, not } from './json.ts';

const isEmpty = (parameter: string): JsonObject => equals(parameter, '');
const isOff = equals('Remediation', 'off');
const all = (...expressions: readonly Json[]): JsonObject => ({ 'Fn::And': expressions });
const any = (...expressions: readonly Json[]): JsonObject => ({ 'Fn::Or': expressions });

interface Rule {
  /** The rule is asked where this expression is true; by default, always. */
  readonly RuleCondition?: Json;
  readonly Assertions: readonly JsonObject[];
}

const demand = (Assert: Json, AssertDescription: string, RuleCondition?: Json): Rule => ({
  ...(RuleCondition === undefined ? {} : { RuleCondition }),
  Assertions: [{ Assert, AssertDescription }],
});

const noArns = isEmpty('RemediationKeyArns');
const noTag = isEmpty('RemediationKeyTag');
const notEvery = equals('RemediationEveryKey', 'false');

/** The combinations of parameters that CloudFormation refuses: the same that the reader of the options refuses. */
export const rules: Readonly<Record<string, Rule>> = {
  KeysToMend: demand(
    any(
      all(not(noArns), noTag, notEvery),
      all(noArns, not(noTag), notEvery),
      all(noArns, noTag, not(notEvery)),
    ),
    'Remediation is on: give exactly one of RemediationKeyArns, RemediationKeyTag and RemediationEveryKey',
    not(isOff),
  ),
  NothingToMend: demand(
    all(noArns, noTag, notEvery, isEmpty('RemediationApprovers')),
    'Remediation is off: choose manual or automatic, or name no keys and no approvers',
    isOff,
  ),
  NothingToAdmit: demand(
    all(isEmpty('RemediationAccounts'), equals('RemediationScope', 'flow-logs')),
    'Remediation is off: choose manual or automatic, or leave out RemediationScope and RemediationAccounts',
    isOff,
  ),
  TopicForApprovers: demand(
    isSet('RemediationApprovers'),
    'RemediationApprovalTopicArn needs RemediationApprovers',
    isSet('RemediationApprovalTopicArn'),
  ),
  ScopeOfOrganization: demand(
    isSet('OrganizationId'),
    'RemediationScope organization needs OrganizationId',
    equals('RemediationScope', 'organization'),
  ),
  WholeNetwork: demand(
    any(
      all(isEmpty('SubnetIds'), isEmpty('SecurityGroupIds')),
      all(isSet('SubnetIds'), isSet('SecurityGroupIds')),
    ),
    'Give SubnetIds and SecurityGroupIds, or neither',
  ),
  RoleForOwners: demand(
    isSet('ReaderRoleName'),
    'OwnerAccounts and Aggregator need ReaderRoleName',
    any(isSet('OwnerAccounts'), isSet('Aggregator')),
  ),
};
