import { Stack, type StackProps } from 'aws-cdk-lib';
import { CfnAutomationRule } from 'aws-cdk-lib/aws-securityhub';
import type { Construct } from 'constructs';
import { tagAll } from './tag-all.ts';
import type { Options } from '../options/options.ts';

export interface SecurityHubAdministratorProps extends StackProps {
  readonly options: Options;
}

/**
 * The stack for the Security Hub administrator's account. Security Hub turns results of AWS Config into MEDIUM findings
 * without a reason. This stack raises the failed findings, or suppresses them if the evaluator imports
 * detailed findings.
 * https://docs.aws.amazon.com/securityhub/latest/userguide/automation-rules.html
 */
export class SecurityHubAdministrator extends Stack {
  constructor(scope: Construct, id: string, { options, ...props }: SecurityHubAdministratorProps) {
    super(scope, id, props);
    tagAll(this, options);
    const { ruleName, detailedFindings } = options;
    new CfnAutomationRule(this, 'NativeFindings', {
      ruleName: `${ruleName}-findings`,
      ruleOrder: 1,
      ruleStatus: 'ENABLED',
      description: detailedFindings
        ? `Suppresses AWS Config's own findings of ${ruleName}, which detailed ones stand for`
        : `Raises AWS Config's own findings of ${ruleName}, which are always MEDIUM`,
      criteria: {
        productName: [{ comparison: 'EQUALS', value: 'Config' }],
        // AWS Config appends a suffix to the names of rules in conformance packs and organizations.
        title: [{ comparison: 'PREFIX', value: ruleName }],
        recordState: [{ comparison: 'EQUALS', value: 'ACTIVE' }],
        complianceStatus: [{ comparison: 'EQUALS', value: 'FAILED' }],
      },
      actions: [
        {
          type: 'FINDING_FIELDS_UPDATE',
          findingFieldsUpdate: detailedFindings
            ? {
                workflow: { status: 'SUPPRESSED' },
                note: { text: 'A detailed finding stands for this one.', updatedBy: ruleName },
              }
            : {
                severity: { label: 'HIGH' },
                note: {
                  text: 'AWS may be writing nothing for this flow log. The reason is the annotation of the evaluation in AWS Config.',
                  updatedBy: ruleName,
                },
              },
        },
      ],
    });
  }
}
