import { Stack, Token } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { AccountRule } from '../rule/account-rule.ts';
import { propsRead } from './props-read.ts';
import type { FlowLogKeyRuleProps } from './rule-props.ts';

/**
 * A Config rule for one account and Region: will AWS be able to write each VPC flow log into its KMS-encrypted bucket?
 * Brings the evaluator, alarms and a dashboard, and if wanted the mender with its runbooks, and a hook of CloudFormation.
 *
 *     new FlowLogKeyRule(this, 'FlowLogKeyRule');
 */
export class FlowLogKeyRule extends Construct {
  /** The name of the rule. AWS Config appends a suffix in a conformance pack. */
  readonly ruleName: string;
  /** The function that AWS Config invokes. */
  readonly evaluator: IFunction;
  /** The log group of the evaluator. */
  readonly logGroup: ILogGroup;
  /** The events that the evaluator could not answer. */
  readonly deadLetterQueue: IQueue;
  /** The function that writes key policies; undefined without remediation. */
  readonly mender: IFunction | undefined;
  /** All alarms. */
  readonly alarms: readonly Alarm[];

  /** Throws an Error for a prop with a bad value. */
  constructor(scope: Construct, id: string, props: FlowLogKeyRuleProps = {}) {
    super(scope, id);
    const { region } = Stack.of(this);
    const options = propsRead(this, props, Token.isUnresolved(region) ? undefined : region);
    // CDK leaves this id out of logical ids, so that a stack of this project's own app can become a stack of another app.
    const { evaluator, mender, monitoring } = new AccountRule(this, 'Default', { options });
    this.ruleName = options.ruleName;
    this.evaluator = evaluator.function;
    this.logGroup = evaluator.logs;
    this.deadLetterQueue = evaluator.deadLetters;
    this.mender = mender;
    this.alarms = monitoring.alarms.made;
  }
}
