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
import type { Construct } from 'constructs';
import { forwardChanges } from './changes.ts';
import { MemberRoles } from './member-roles.ts';
import type { Options } from '../options/options.ts';
import type { OrganizationOptions } from '../options/organization.ts';
import { tableName } from '../remediation/records-table.ts';
import { Remediation } from '../remediation/remediation.ts';
import { configRuleProps } from '../rule/config-rule.ts';

export interface MemberStackProps {
  readonly options: Options;
  readonly organization: OrganizationOptions;
  /** True if AWS Config can start runbooks in the Regions of the stack. */
  readonly canStartRunbooks: boolean;
}

/** The parameter of the template for the id of the central account. */
export const CENTRAL = 'CentralAccountId';

/**
 * A member of the organization in one Region: a Config rule with the central evaluator, an EventBridge rule to send
 * changes to the central account, the runbooks if remediation is on, and in the home Region the roles. The template
 * holds no code and no value of an account, so one template serves all members.
 */
export class MemberStack extends Stack {
  constructor(scope: Construct, id: string, props: MemberStackProps) {
    const { options: chosen, organization, canStartRunbooks } = props;
    super(scope, id, {
      // Members need no CDK bootstrap, because the stack has no assets.
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
    const { names } = organization;
    const busArn = `arn:${this.partition}:events:${organization.home}:${central}:event-bus/${names.bus}`;
    const roles = new MemberRoles(this, 'Roles', {
      options,
      organization,
      central,
      busArn,
      isHome,
    });
    const evaluatorArn = this.functionOf(central, names.evaluatorFunction);
    const parameters = { ...options.parameters, ReaderRoleName: roles.readerName };
    const rule = new CfnConfigRule(
      this,
      'Rule',
      // The central account starts the rule after changes of keys and buckets, so only flow logs trigger the rule.
      configRuleProps({ ...options, parameters }, { evaluatorArn, types: [resourceTypes.flowLog] }),
    );
    if (roles.forwarderArn !== undefined)
      forwardChanges(this, { names, central, busArn, roleArn: roles.forwarderArn });
    const { ruleName, remediation } = options;
    const { automationArn: roleArn } = roles;
    if (remediation === undefined || roleArn === undefined) return;
    const inMember = new Remediation(this, 'Remediation', {
      ruleName,
      remediation,
      mender: this.functionOf(central, names.menderFunction),
      roleArn,
      // The central account keeps the records, and a table left by a deleted stack would make the next one fail.
      records: { tableName, removalPolicy: RemovalPolicy.DESTROY },
    });
    if (canStartRunbooks) inMember.attachTo(rule);
  }

  /** The managed policy of the same name in the account of the member. */
  private boundary({ permissionsBoundaryArn: arn }: Options): string | undefined {
    return arn?.replace(/:\d{12}:/, `:${this.account}:`);
  }

  /** A function in this Region of the central account. */
  private functionOf(central: string, name: string): string {
    return `arn:${this.partition}:lambda:${this.region}:${central}:function:${name}`;
  }
}
