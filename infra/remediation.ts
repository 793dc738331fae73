import { CfnOutput } from 'aws-cdk-lib';
import { type CfnConfigRule, CfnRemediationConfiguration } from 'aws-cdk-lib/aws-config';
import { Construct } from 'constructs';
import { Mender, type MenderProps } from './mender.ts';
import { recordsTable } from './records.ts';
import type { RemediationOptions } from './remediation-options.ts';
import { Runbooks } from './runbooks.ts';

/** All that mends key policies: the function, its table, the runbooks, and what tells AWS Config of them. */
export class Remediation extends Construct {
  readonly #options: RemediationOptions;
  readonly #runbooks: Runbooks;

  constructor(scope: Construct, id: string, props: MenderProps) {
    super(scope, id);
    const { options, remediation } = props;
    const table = recordsTable(this);
    const { function: mender } = new Mender(this, 'Mender', props);
    this.#options = remediation;
    this.#runbooks = new Runbooks(this, 'Runbooks', { options, remediation, mender });
    new CfnOutput(this, 'MendDocument', { value: this.#runbooks.mend.ref });
    new CfnOutput(this, 'TakeBackDocument', { value: this.#runbooks.takeBack.ref });
    new CfnOutput(this, 'RemediationTable', { value: table.tableName });
  }

  /**
   * Tells AWS Config how to mend what a rule of its own finds; its references make it wait for both.
   * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-config-remediationconfiguration.html
   */
  mends(rule: CfnConfigRule): void {
    const { automatic, attempts, retrySeconds, concurrency } = this.#options;
    const { mend, role } = this.#runbooks;
    new CfnRemediationConfiguration(this, 'Configuration', {
      configRuleName: rule.ref,
      targetType: 'SSM_DOCUMENT',
      targetId: mend.ref,
      resourceType: 'AWS::EC2::FlowLog',
      parameters: {
        FlowLogId: { ResourceValue: { Value: 'RESOURCE_ID' } },
        AutomationAssumeRole: { StaticValue: { Values: [role.roleArn] } },
      },
      automatic,
      ...(automatic
        ? { maximumAutomaticAttempts: attempts, retryAttemptSeconds: retrySeconds }
        : {}),
      executionControls: { ssmControls: { concurrentExecutionRatePercentage: concurrency } },
    });
  }

  /** The same as parameters of the conformance pack: AWS refuses it from outside for a rule that a pack owns. */
  get packInputs(): Readonly<Record<string, string>> {
    const { automatic, attempts, retrySeconds, concurrency } = this.#options;
    const { mend, role } = this.#runbooks;
    return {
      RemediationDocument: mend.ref,
      RemediationRoleArn: role.roleArn,
      RemediationAutomatic: String(automatic),
      ...(automatic
        ? { RemediationAttempts: String(attempts), RemediationRetrySeconds: String(retrySeconds) }
        : {}),
      RemediationConcurrency: String(concurrency),
    };
  }
}
