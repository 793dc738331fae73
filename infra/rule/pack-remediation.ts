import { resourceTypes } from '../../rule/model/resource-types.ts';
const ref = (name: string) => ({ Ref: name });

/** Remediation as the pack's template has it: none where no document is named, so the file serves without it. */
export const packRemediation = {
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
    HasRemediation: { 'Fn::Not': [{ 'Fn::Equals': [ref('RemediationDocument'), ''] }] },
    IsAutomatic: { 'Fn::Equals': [ref('RemediationAutomatic'), 'true'] },
  },
  Resources: {
    FlowLogKeyRemediation: {
      Type: 'AWS::Config::RemediationConfiguration',
      Condition: 'HasRemediation',
      DependsOn: 'FlowLogKeyRule',
      Properties: {
        // As the rule has it: AWS Config appends the same to both.
        ConfigRuleName: ref('RuleName'),
        TargetType: 'SSM_DOCUMENT',
        TargetId: ref('RemediationDocument'),
        ResourceType: resourceTypes.flowLog,
        Parameters: {
          FlowLogId: { ResourceValue: { Value: 'RESOURCE_ID' } },
          AutomationAssumeRole: { StaticValue: { Values: [ref('RemediationRoleArn')] } },
        },
        Automatic: { 'Fn::If': ['IsAutomatic', true, false] },
        // A parameter is a string wherever it is referred to; CloudFormation makes the number that the property is.
        MaximumAutomaticAttempts: ifAutomatic('RemediationAttempts'),
        RetryAttemptSeconds: ifAutomatic('RemediationRetrySeconds'),
        ExecutionControls: {
          SsmControls: { ConcurrentExecutionRatePercentage: ref('RemediationConcurrency') },
        },
      },
    },
  },
};

function ifAutomatic(parameter: string) {
  return { 'Fn::If': ['IsAutomatic', ref(parameter), ref('AWS::NoValue')] };
}
