import { type Stack, Token } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ACCOUNT_ID, show } from '../options/readers.ts';
import { organizationStacks } from '../organization/organization-stacks.ts';
import type { FlowLogKeyOrganizationProps } from './organization-props.ts';
import { propsRead } from './props-read.ts';

/** The central account in one Region. */
export interface FlowLogKeyRegion {
  readonly stack: Stack;
  /** The function that the rules of all members in this Region invoke. */
  readonly evaluator: IFunction;
  /** The events that the evaluator could not answer. */
  readonly deadLetterQueue: IQueue;
  /** The function that writes key policies; undefined without remediation. */
  readonly mender: IFunction | undefined;
  /** All alarms of this Region. */
  readonly alarms: readonly Alarm[];
}

/**
 * The rule for an organization: a stack of the central account in each Region, and the StackSet that brings a Config rule
 * to every member. The scope is an App or a Stage, for one organization.
 */
export class FlowLogKeyOrganization extends Construct {
  /** The central account by Regions, the home Region first. */
  readonly regions: readonly FlowLogKeyRegion[];

  /** Throws an Error for a prop with a bad value. */
  constructor(scope: Construct, id: string, props: FlowLogKeyOrganizationProps) {
    super(scope, id);
    const { account, ...chosen } = props;
    const options = propsRead(this, chosen);
    const { organization } = options;
    if (organization === undefined)
      throw new Error(`${this.node.path}: name the members with organizationalUnits`);
    if (account !== undefined && !Token.isUnresolved(account) && !ACCOUNT_ID.test(account))
      throw new Error(
        `${this.node.path}: prop account=${show(account)}: give the 12 digits of an account id`,
      );
    const stacks = organizationStacks(this, { options, organization, account });
    this.regions = stacks.map((stack) => ({
      stack,
      evaluator: stack.evaluator.function,
      deadLetterQueue: stack.evaluator.deadLetters,
      mender: stack.mender,
      alarms: stack.alarms,
    }));
  }
}
