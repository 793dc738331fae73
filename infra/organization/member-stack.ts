import { resourceTypes } from '../../rule/model/resource-types.ts';
import {
  DefaultStackSynthesizer,
  CfnCondition,
  CfnParameter,
  Fn,
  type IStackSynthesizer,
  RemovalPolicy,
  Stack,
} from 'aws-cdk-lib';
import { CfnConfigRule } from 'aws-cdk-lib/aws-config';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { changePattern } from './change-pattern.ts';
import { MemberRoles } from './member-roles.ts';
import { names } from './names.ts';
import type { Options } from '../options/options.ts';
import type { OrganizationOptions } from '../options/organization.ts';
import { tableName } from '../remediation/records-table.ts';
import { Remediation } from '../remediation/remediation.ts';
import { configRuleProps } from '../rule/config-rule.ts';

export interface MemberStackProps {
  readonly options: Options;
  readonly organization: OrganizationOptions;
}

/** The parameter of the template: whose functions members ask. */
export const CENTRAL = 'CentralAccountId';

/**
 * What each account of an organization has in each Region: an ordinary rule that asks the central evaluator, what sends
 * changes of keys and buckets to the central account, the runbooks where remediation is on; and the roles, in the home
 * Region. It carries no code and no value of an account, so one text serves them all.
 */
export class MemberStack extends Stack {
  constructor(scope: Construct, id: string, { options: chosen, organization }: MemberStackProps) {
    super(scope, id, {
      // It has no assets, so members need not be bootstrapped.
      synthesizer: new DefaultStackSynthesizer({
        generateBootstrapVersionRule: false,
      }) as IStackSynthesizer,
      description: 'AWS Config rule of a member: will AWS be able to write each VPC flow log?',
    });
    const central = new CfnParameter(this, CENTRAL, {
      type: 'String',
      allowedPattern: '^\\d{12}$',
      description: 'The account with the evaluator of the organization',
    }).valueAsString;
    const isHome = new CfnCondition(this, 'IsHomeRegion', {
      expression: Fn.conditionEquals(this.region, organization.home),
    });
    const options = { ...chosen, permissionsBoundaryArn: this.boundary(chosen) };
    const roles = new MemberRoles(this, 'Roles', { options, organization, central, isHome });
    const evaluatorArn = this.functionOf(central, names.evaluatorFunction);
    const parameters = { ...options.parameters, ReaderRoleName: roles.readerName };
    const rule = new CfnConfigRule(
      this,
      'Rule',
      // Changes of keys and buckets come through the central account, which knows who depends on them.
      configRuleProps({ ...options, parameters }, { evaluatorArn, types: [resourceTypes.flowLog] }),
    );
    this.forward(`arn:${this.partition}:events:${organization.home}:${central}`, roles);
    const { ruleName, remediation } = options;
    const { automationArn: roleArn } = roles;
    if (remediation === undefined || roleArn === undefined) return;
    const mending = new Remediation(this, 'Remediation', {
      ruleName,
      remediation,
      mender: this.functionOf(central, names.menderFunction),
      roleArn,
      // What was done is kept in the central account, and a table that stays would be in the way of the next stack.
      records: { tableName, removalPolicy: RemovalPolicy.DESTROY },
    });
    mending.mends(rule);
  }

  /** The managed policy of that name in the account of the member. */
  private boundary({ permissionsBoundaryArn: arn }: Options): string | undefined {
    return arn?.replace(/:\d{12}:/, `:${this.account}:`);
  }

  /** A function in this Region of the central account. */
  private functionOf(central: string, name: string): string {
    return `arn:${this.partition}:lambda:${this.region}:${central}:function:${name}`;
  }

  private forward(to: string, { forwarderArn: roleArn }: MemberRoles): void {
    new CfnRule(this, 'Changes', {
      name: names.changes,
      description: 'Sends changes of keys and buckets to the central account',
      eventPattern: changePattern,
      targets: [{ id: 'Central', arn: `${to}:event-bus/${names.bus}`, roleArn }],
    });
  }
}
