import { stringify } from 'yaml';
import { frequencies } from '../options/options.ts';
import { packRemediation } from './pack-remediation.ts';
import { ruleTypes } from '../../rule/model/resource-types.ts';
import { changeMessages, description } from './rule.ts';

/** What a conformance pack takes inline, in bytes. */
export const LONGEST_PACK = 51_200;

const ruleParameters = [
  'RequiredActions',
  'AlsoCheck',
  'UnknownAs',
  'OrganizationId',
  'Exemptions',
  'ReaderRoleName',
  'OwnerAccounts',
  'Aggregator',
] as const;

/**
 * The conformance pack template, without a value of any account in it: deployed by this app, or by hand for an
 * evaluator that is already there.
 * https://docs.aws.amazon.com/config/latest/developerguide/custom-conformance-pack.html
 */
const pack = {
  Parameters: {
    EvaluatorArn: { Type: 'String', Description: 'ARN of the evaluator function, in this Region' },
    RuleName: { Type: 'String', Default: 'flow-log-key-allows-delivery' },
    Frequency: { Type: 'String', Default: 'TwentyFour_Hours', AllowedValues: [...frequencies] },
    RequiredActions: { Type: 'String', Default: '' },
    AlsoCheck: { Type: 'String', Default: '' },
    UnknownAs: { Type: 'String', Default: '' },
    OrganizationId: { Type: 'String', Default: '' },
    Exemptions: { Type: 'String', Default: '' },
    ReaderRoleName: { Type: 'String', Default: '' },
    OwnerAccounts: { Type: 'String', Default: '' },
    Aggregator: { Type: 'String', Default: '' },
    ...packRemediation.Parameters,
  },
  Conditions: {
    ...Object.fromEntries(
      ruleParameters.map((name) => [
        `Has${name}`,
        { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: name }, ''] }] },
      ]),
    ),
    ...packRemediation.Conditions,
  },
  Resources: {
    FlowLogKeyRule: {
      Type: 'AWS::Config::ConfigRule',
      Properties: {
        ConfigRuleName: { Ref: 'RuleName' },
        Description: description,
        InputParameters: Object.fromEntries(
          ruleParameters.map((name) => [
            name,
            { 'Fn::If': [`Has${name}`, { Ref: name }, { Ref: 'AWS::NoValue' }] },
          ]),
        ),
        Scope: { ComplianceResourceTypes: [...ruleTypes] },
        Source: {
          Owner: 'CUSTOM_LAMBDA',
          SourceIdentifier: { Ref: 'EvaluatorArn' },
          SourceDetails: [
            ...changeMessages.map((MessageType) => ({ EventSource: 'aws.config', MessageType })),
            {
              EventSource: 'aws.config',
              MessageType: 'ScheduledNotification',
              MaximumExecutionFrequency: { Ref: 'Frequency' },
            },
          ],
        },
      },
    },
    ...packRemediation.Resources,
  },
};

/** The template as YAML, as AWS Config takes it. */
export const packBody = (): string =>
  stringify(pack, { lineWidth: 0, aliasDuplicateObjects: false });
