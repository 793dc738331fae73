import { stringify } from 'yaml';
import { frequencies, ruleDefaults } from '../options/rule.ts';
import { parameterNames } from '../../rule/model/parameters.ts';
import { resourceTypes, ruleTypes } from '../../rule/model/resource-types.ts';
import { changeMessages, description } from './config-rule.ts';

/** The size that AWS Config takes for the template of a conformance pack. */
export const MAX_PACK_BYTES = 51_200;

const ref = (name: string) => ({ Ref: name });

const isSet = (parameter: string) => ({ 'Fn::Not': [{ 'Fn::Equals': [ref(parameter), ''] }] });

const setOrNone = (condition: string, parameter: string) => ({
  'Fn::If': [condition, ref(parameter), ref('AWS::NoValue')],
});

/** One member for each parameter of the rule. */
const byParameter = <T>(nameOf: (name: string) => string, valueOf: (name: string) => T) =>
  Object.fromEntries(parameterNames.map((name) => [nameOf(name), valueOf(name)]));

/** The remediation of the pack's rule. The conditions leave the remediation out if no document is named. */
const remediation = {
  Parameters: {
    RemediationDocument: {
      Type: 'String',
      Default: '',
      Description: 'Name of the document that mends; empty for no remediation',
    },
    RemediationRoleArn: {
      Type: 'String',
      Default: '',
      Description: 'ARN of the role that the document takes; needed with RemediationDocument',
    },
    RemediationAutomatic: { Type: 'String', Default: 'false', AllowedValues: ['true', 'false'] },
    RemediationAttempts: { Type: 'String', Default: '3', Description: '1 to 25, if automatic' },
    RemediationRetrySeconds: {
      Type: 'String',
      Default: '600',
      Description: '1 to 2678000, if automatic',
    },
    RemediationConcurrency: { Type: 'String', Default: '10', Description: 'Percent, 1 to 100' },
  },
  Conditions: {
    HasRemediation: isSet('RemediationDocument'),
    IsAutomatic: { 'Fn::Equals': [ref('RemediationAutomatic'), 'true'] },
  },
  Resources: {
    FlowLogKeyRemediation: {
      Type: 'AWS::Config::RemediationConfiguration',
      Condition: 'HasRemediation',
      DependsOn: 'FlowLogKeyRule',
      Properties: {
        // AWS Config appends the same suffix to this name and to the name of the rule.
        ConfigRuleName: ref('RuleName'),
        TargetType: 'SSM_DOCUMENT',
        TargetId: ref('RemediationDocument'),
        ResourceType: resourceTypes.flowLog,
        Parameters: {
          FlowLogId: { ResourceValue: { Value: 'RESOURCE_ID' } },
          AutomationAssumeRole: { StaticValue: { Values: [ref('RemediationRoleArn')] } },
        },
        Automatic: { 'Fn::If': ['IsAutomatic', true, false] },
        // Parameters are strings; CloudFormation makes the numbers that these properties take.
        MaximumAutomaticAttempts: setOrNone('IsAutomatic', 'RemediationAttempts'),
        RetryAttemptSeconds: setOrNone('IsAutomatic', 'RemediationRetrySeconds'),
        ExecutionControls: {
          SsmControls: { ConcurrentExecutionRatePercentage: ref('RemediationConcurrency') },
        },
      },
    },
  },
};

/**
 * The template of the conformance pack, without a value of any account. This app deploys the pack with its evaluator; an
 * operator can deploy the pack by hand for an existing evaluator.
 * https://docs.aws.amazon.com/config/latest/developerguide/custom-conformance-pack.html
 */
const pack = (withRemediation: boolean) => ({
  Parameters: {
    EvaluatorArn: { Type: 'String', Description: 'ARN of the evaluator function, in this Region' },
    RuleName: { Type: 'String', Default: ruleDefaults.ruleName },
    Frequency: { Type: 'String', Default: ruleDefaults.frequency, AllowedValues: [...frequencies] },
    ...byParameter(String, () => ({ Type: 'String', Default: '' })),
    ...(withRemediation && remediation.Parameters),
  },
  Conditions: {
    ...byParameter((name) => `Has${name}`, isSet),
    ...(withRemediation && remediation.Conditions),
  },
  Resources: {
    FlowLogKeyRule: {
      Type: 'AWS::Config::ConfigRule',
      Properties: {
        ConfigRuleName: ref('RuleName'),
        Description: description,
        InputParameters: byParameter(String, (name) => setOrNone(`Has${name}`, name)),
        Scope: { ComplianceResourceTypes: [...ruleTypes] },
        Source: {
          Owner: 'CUSTOM_LAMBDA',
          SourceIdentifier: ref('EvaluatorArn'),
          SourceDetails: [
            ...changeMessages.map((MessageType) => ({ EventSource: 'aws.config', MessageType })),
            {
              EventSource: 'aws.config',
              MessageType: 'ScheduledNotification',
              MaximumExecutionFrequency: ref('Frequency'),
            },
          ],
        },
      },
    },
    ...(withRemediation && remediation.Resources),
  },
});

/** The template as YAML. Some Regions have no remediation configuration. */
export const packBody = (withRemediation = true): string =>
  stringify(pack(withRemediation), { lineWidth: 0, aliasDuplicateObjects: false });
