import type { CfnConfigRuleProps } from 'aws-cdk-lib/aws-config';
import type { Options } from '../options/options.ts';

/** The messages of change triggers. A large item comes as an oversized notification. */
export const changeMessages = [
  'ConfigurationItemChangeNotification',
  'OversizedConfigurationItemChangeNotification',
] as const;

/** The description of the rule in the AWS Config console. */
export const description =
  'Whether AWS will be able to write each VPC flow log into its S3 bucket: NON_COMPLIANT where the policy of the KMS key behind the bucket does not admit delivery.logs.amazonaws.com.';

/**
 * A Config rule that invokes the evaluator after changes of these types, and on schedule for everything.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-config-configrule.html
 */
export const configRuleProps = (
  { ruleName, frequency, parameters }: Options,
  { evaluatorArn, types }: { readonly evaluatorArn: string; readonly types: readonly string[] },
): CfnConfigRuleProps => ({
  configRuleName: ruleName,
  description,
  inputParameters: parameters,
  scope: { complianceResourceTypes: [...types] },
  source: {
    owner: 'CUSTOM_LAMBDA',
    sourceIdentifier: evaluatorArn,
    sourceDetails: [
      ...changeMessages.map((messageType) => ({ eventSource: 'aws.config', messageType })),
      {
        eventSource: 'aws.config',
        messageType: 'ScheduledNotification',
        maximumExecutionFrequency: frequency,
      },
    ],
  },
});
