import { Annotations, CfnOutput, Stack } from 'aws-cdk-lib';
import { CfnConfigRule, CfnConformancePack } from 'aws-cdk-lib/aws-config';
import { CfnPermission, type Function, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { built } from './built.ts';
import { Evaluator } from './evaluator.ts';
import { gateAlarms } from '../gate/gate-alarms.ts';
import { Gate } from '../gate/gate.ts';
import { Mender, type MenderProps } from '../remediation/mender.ts';
import { Monitoring, type MonitoringProps } from './monitoring.ts';
import type { Options } from '../options/options.ts';
import { packBody } from './pack.ts';
import { canStartRunbooks, onlyPeopleStart } from '../regions.ts';
import { Remediation } from '../remediation/remediation.ts';
import { ruleTypes } from '../../rule/model/resource-types.ts';
import { configRuleProps } from './config-rule.ts';
import { tagAll } from './tag-all.ts';
import { automationRole } from '../remediation/automation-role.ts';

export interface AccountRuleProps {
  readonly options: Options;
  /**
   * The folder with the built evaluator.
   * @default the folder of the package, where `npm run bundle` puts it in a checkout
   */
  readonly code?: string;
  /**
   * The folder with the built mender, which remediation needs.
   * @default the folder of the package
   */
  readonly menderCode?: string;
  /**
   * The folder with the built function of the hook.
   * @default the folder of the package
   */
  readonly gateCode?: string;
}

/**
 * The Config rule with evaluator, alarms and dashboard for one account and Region, as a separate rule or inside a
 * conformance pack. Adds the mender and the runbooks if remediation is on.
 */
export class AccountRule extends Construct {
  readonly evaluator: Evaluator;
  readonly mender: Function | undefined;
  readonly monitoring: Monitoring;

  constructor(scope: Construct, id: string, props: AccountRuleProps) {
    super(scope, id);
    tagAll(this, props.options);
    const { options, code = built('evaluate'), menderCode = built('mend') } = props;
    const { asConformancePack, remediation } = options;
    this.evaluator = new Evaluator(this, 'Evaluator', { options, code });
    const menderProps = remediation && { options, remediation, code: menderCode };
    const mender = menderProps && new Mender(this, 'Mender', menderProps).function;
    this.mender = mender;
    const runbooks = mender && this.remediation(mender, menderProps);
    const { region } = Stack.of(this);
    const started = canStartRunbooks(region) ? runbooks : undefined;
    if (remediation?.automatic === true && started === undefined)
      Annotations.of(this).addInfo(onlyPeopleStart([region]));
    const rule = asConformancePack ? this.pack(options, started) : this.rule(options, started);
    // AWS Config invokes the function once while CloudFormation creates the rule.
    rule.node.addDependency(invocationsByConfig(this, this.evaluator.function));
    const more = this.gate(props);
    const watched = { evaluator: this.evaluator, mender, options, more };
    this.monitoring = new Monitoring(this, 'Monitoring', watched);
    const { function: evaluator, logs, deadLetters } = this.evaluator;
    new CfnOutput(this, 'EvaluatorArn', { value: evaluator.functionArn });
    new CfnOutput(this, 'LogGroup', { value: logs.logGroupName });
    new CfnOutput(this, 'DeadLetterQueue', { value: deadLetters.queueUrl });
  }

  /** Makes the hook of CloudFormation, if wanted. Returns the alarms of the hook. */
  private gate({ options, gateCode }: AccountRuleProps): MonitoringProps['more'] {
    const { hook: mode } = options;
    if (mode === 'off') return undefined;
    const gate = new Gate(this, 'Gate', { options, mode, code: gateCode ?? built('gate') });
    return gateAlarms(gate.function);
  }

  private remediation(mender: IFunction, { options, remediation }: MenderProps): Remediation {
    const { ruleName } = options;
    const automation = new Construct(this, 'Automation');
    const menderArn = mender.functionArn;
    const { roleArn } = automationRole(automation, { options, remediation, menderArn });
    const props = { ruleName, remediation, mender: mender.functionName, roleArn };
    return new Remediation(this, 'Remediation', props);
  }

  private rule(options: Options, runbooks: Remediation | undefined): CfnConfigRule {
    const evaluatorArn = this.evaluator.function.functionArn;
    const rule = new CfnConfigRule(
      this,
      'Rule',
      configRuleProps(options, { evaluatorArn, types: ruleTypes }),
    );
    runbooks?.attachTo(rule);
    return rule;
  }

  private pack(
    { ruleName, frequency, parameters }: Options,
    runbooks: Remediation | undefined,
  ): CfnConformancePack {
    const inputs = {
      EvaluatorArn: this.evaluator.function.functionArn,
      RuleName: ruleName,
      Frequency: frequency,
      ...parameters,
      ...runbooks?.packInputs,
    };
    return new CfnConformancePack(this, 'Pack', {
      conformancePackName: ruleName,
      templateBody: packBody(canStartRunbooks(Stack.of(this).region)),
      conformancePackInputParameters: Object.entries(inputs).map(
        ([parameterName, parameterValue]) => ({ parameterName, parameterValue }),
      ),
    });
  }
}

/** Lets AWS Config invoke the evaluator for rules of this account. The rule must wait for this permission. */
function invocationsByConfig(scope: Construct, evaluator: IFunction): CfnPermission {
  const stack = Stack.of(scope);
  return new CfnPermission(scope, 'AskedByConfig', {
    action: 'lambda:InvokeFunction',
    functionName: evaluator.functionArn,
    principal: 'config.amazonaws.com',
    sourceAccount: stack.account,
    // The ARN of the rule exists only after the function, and AWS chooses the names of rules in packs.
    sourceArn: stack.formatArn({ service: 'config', resource: 'config-rule', resourceName: '*' }),
  });
}
