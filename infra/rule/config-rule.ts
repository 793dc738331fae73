import type { CfnConfigRuleProps } from 'aws-cdk-lib/aws-config';
import type { Options } from '../options/options.ts';

/** The messages that change triggers need: an item that is too large comes as the second. */
export const changeMessages = [
  'ConfigurationItemChangeNotification',
  'OversizedConfigurationItemChangeNotification',
] as const;

/** What the rule says of itself in the Config console. */
export const description =
  'Whether AWS will be able to write each VPC flow log into its S3 bucket: NON_COMPLIANT where the policy of the KMS key behind the bucket does not admit delivery.logs.amazonaws.com.';

/**
 * An ordinary rule that asks the evaluator of this ARN about changes of these types, and about everything on schedule.
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
