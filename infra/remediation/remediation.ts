import { resourceTypes } from '../../rule/model/resource-types.ts';
import { CfnOutput } from 'aws-cdk-lib';
import { type CfnConfigRule, CfnRemediationConfiguration } from 'aws-cdk-lib/aws-config';
import { Construct } from 'constructs';
import { type RecordsProps, recordsTable, tableName } from './records-table.ts';
import type { RemediationOptions } from '../options/remediation.ts';
import { Runbooks, type RunbooksProps } from './runbooks.ts';

export interface RemediationProps extends RunbooksProps {
  /** @default the table of this account, which outlives the stack */
  readonly records?: RecordsProps;
}

/** The table and the runbooks for mending keys of an account, and the remediation configuration of a Config rule. */
export class Remediation extends Construct {
  readonly #options: RemediationOptions;
  readonly #roleArn: string;
  readonly #runbooks: Runbooks;

  constructor(scope: Construct, id: string, { records, ...props }: RemediationProps) {
    super(scope, id);
    // Copies share the table, so that two copies never write one key at the same time.
    const table = props.remediation.makesTable ? recordsTable(this, records) : undefined;
    this.#options = props.remediation;
    this.#roleArn = props.roleArn;
    this.#runbooks = new Runbooks(this, 'Runbooks', props);
    new CfnOutput(this, 'MendDocument', { value: this.#runbooks.mend.ref });
    new CfnOutput(this, 'TakeBackDocument', { value: this.#runbooks.takeBack.ref });
    new CfnOutput(this, 'RemediationTable', { value: table?.tableName ?? tableName });
  }

  /**
   * Adds the remediation configuration of a Config rule. CloudFormation waits for the rule and the runbook.
   * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-config-remediationconfiguration.html
   */
  attachTo(rule: CfnConfigRule): void {
    const { automatic, attempts, retrySeconds, concurrency } = this.#options;
    const { mend } = this.#runbooks;
    new CfnRemediationConfiguration(this, 'Configuration', {
      configRuleName: rule.ref,
      targetType: 'SSM_DOCUMENT',
      targetId: mend.ref,
      resourceType: resourceTypes.flowLog,
      parameters: {
        FlowLogId: { ResourceValue: { Value: 'RESOURCE_ID' } },
        AutomationAssumeRole: { StaticValue: { Values: [this.#roleArn] } },
      },
      automatic,
      ...(automatic
        ? { maximumAutomaticAttempts: attempts, retryAttemptSeconds: retrySeconds }
        : {}),
      executionControls: { ssmControls: { concurrentExecutionRatePercentage: concurrency } },
    });
  }

  /** The same configuration for the conformance pack: AWS refuses a separate configuration for a rule of a pack. */
  get packInputs(): Readonly<Record<string, string>> {
    const { automatic, attempts, retrySeconds, concurrency } = this.#options;
    const { mend } = this.#runbooks;
    return {
      RemediationDocument: mend.ref,
      RemediationRoleArn: this.#roleArn,
      RemediationAutomatic: String(automatic),
      ...(automatic
        ? { RemediationAttempts: String(attempts), RemediationRetrySeconds: String(retrySeconds) }
        : {}),
      RemediationConcurrency: String(concurrency),
    };
  }
}
