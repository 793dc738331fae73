import { resolve } from 'node:path';
import { CfnOutput } from 'aws-cdk-lib';
import { CfnConfigRule, CfnConformancePack } from 'aws-cdk-lib/aws-config';
import { Construct } from 'constructs';
import { Evaluator } from './evaluator.ts';
import { Monitoring } from './monitoring.ts';
import type { Options } from './options.ts';
import { changeMessages, description, packBody, resourceTypes } from './pack.ts';
import { Remediation } from './remediation.ts';

export interface FlowLogKeyRuleProps {
  readonly options: Options;
  /**
   * The folder with the built evaluator.
   * @default dist/handler below the working directory, where `npm run bundle` puts it
   */
  readonly code?: string;
  /**
   * The folder with the built mender, where remediation is on.
   * @default dist/remediate below the working directory
   */
  readonly menderCode?: string;
}

/**
 * The Config rule with its evaluator, alarms and dashboard, for one account and Region: as a rule of its own, or
 * inside a conformance pack; and what mends what it finds, where that is on.
 */
export class FlowLogKeyRule extends Construct {
  readonly evaluator: Evaluator;

  constructor(scope: Construct, id: string, props: FlowLogKeyRuleProps) {
    super(scope, id);
    const {
      options,
      code = resolve('dist/handler'),
      menderCode = resolve('dist/remediate'),
    } = props;
    const { asConformancePack, remediation } = options;
    this.evaluator = new Evaluator(this, 'Evaluator', { options, code });
    const mending =
      remediation &&
      new Remediation(this, 'Remediation', { options, remediation, code: menderCode });
    const rule = asConformancePack ? this.pack(options, mending) : this.rule(options, mending);
    // AWS Config tries the function when the rule is made.
    rule.addResourceDependency(this.evaluator.permission);
    new Monitoring(this, 'Monitoring', { evaluator: this.evaluator, options });
    const { function: evaluator, logs, deadLetters } = this.evaluator;
    new CfnOutput(this, 'EvaluatorArn', { value: evaluator.functionArn });
    new CfnOutput(this, 'LogGroup', { value: logs.logGroupName });
    new CfnOutput(this, 'DeadLetterQueue', { value: deadLetters.queueUrl });
  }

  private rule(
    { ruleName, frequency, parameters }: Options,
    mending: Remediation | undefined,
  ): CfnConfigRule {
    const rule = new CfnConfigRule(this, 'Rule', {
      configRuleName: ruleName,
      description,
      inputParameters: parameters,
      scope: { complianceResourceTypes: [...resourceTypes] },
      source: {
        owner: 'CUSTOM_LAMBDA',
        sourceIdentifier: this.evaluator.function.functionArn,
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
    mending?.mends(rule);
    return rule;
  }

  private pack(
    { ruleName, frequency, parameters }: Options,
    mending: Remediation | undefined,
  ): CfnConformancePack {
    const inputs = {
      EvaluatorArn: this.evaluator.function.functionArn,
      RuleName: ruleName,
      Frequency: frequency,
      ...parameters,
      ...mending?.packInputs,
    };
    return new CfnConformancePack(this, 'Pack', {
      conformancePackName: ruleName,
      templateBody: packBody(),
      conformancePackInputParameters: Object.entries(inputs).map(
        ([parameterName, parameterValue]) => ({ parameterName, parameterValue }),
      ),
    });
  }
}
