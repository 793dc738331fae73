import { type CfnCondition, Fn, Stack } from 'aws-cdk-lib';
import { CfnRole, type Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { lookAtExecutions, writePermissions } from '../remediation/write-permissions.ts';
import type { Names } from './names.ts';
import type { Options } from '../options/options.ts';
import type { OrganizationOptions } from '../options/organization.ts';
import { readAccount, readKeyPolicies } from '../rule/read-permissions.ts';
import { reportPermissions } from '../rule/report-permissions.ts';
import type { RemediationOptions } from '../options/remediation.ts';
import { automationRole } from '../remediation/automation-role.ts';
import { centralPrincipal } from './central-principal.ts';
import { type Permission, writtenRole } from '../rule/written-role.ts';
import { forwarderRole } from './changes.ts';

export interface MemberRolesProps {
  readonly options: Options;
  readonly organization: OrganizationOptions;
  /** The account of the central functions. */
  readonly central: string;
  /** The bus in the home Region of the central account. */
  readonly busArn: string;
  /** Only the home Region makes the roles, because a role is of all Regions. */
  readonly isHome: CfnCondition;
}

/** The roles of a member, one for each task, with the names that the central account uses. */
export class MemberRoles extends Construct {
  /** References for other resources. In the home Region a reference makes CloudFormation wait for the role. */
  readonly readerName: string;
  /** Undefined without a ripple. */
  readonly forwarderArn: string | undefined;
  readonly automationArn: string | undefined;
  readonly #props: MemberRolesProps;
  readonly #names: Names;

  constructor(scope: Construct, id: string, props: MemberRolesProps) {
    super(scope, id);
    this.#props = props;
    const { options, busArn, organization } = props;
    const { hasRipple, names } = organization;
    this.#names = names;
    const stack = Stack.of(this);
    const reader = this.role('Reader', {
      roleName: names.reader,
      description:
        'Reads flow logs, bucket encryption and policies, key policies, grants, nothing else',
      trusts: [names.centralEvaluator, ...(options.remediation ? [names.centralMender] : [])],
      permissions: readAccount(stack),
    });
    const reporter = this.role('Reporter', {
      roleName: names.reporter,
      description: "Puts the rule's evaluations, and starts the rule again",
      trusts: [names.centralEvaluator, ...(hasRipple ? [names.centralRipple] : [])],
      permissions: [
        ...reportPermissions(stack, { ...options, region: '*' }),
        ...(hasRipple ? [startEvaluation(stack)] : []),
      ],
    });
    // The Config rule needs both roles and refers to the reader only.
    reader.node.addDependency(reporter);
    this.readerName = this.reference(
      // The function takes the role by the path and the name.
      `${options.rolePath.slice(1)}${reader.roleName}`,
      names.reader,
    );
    if (hasRipple)
      this.forwarderArn = this.reference(
        forwarderRole(this, { names, busArn, options }).roleArn,
        this.arnOf(names.forwarder),
      );
    if (options.remediation !== undefined)
      this.automationArn = this.reference(
        this.remediation(options.remediation).roleArn,
        this.arnOf(names.automation),
      );
    for (const each of this.node.findAll())
      if (each instanceof CfnRole) each.cfnOptions.condition = props.isHome;
  }

  private arnOf(roleName: string): string {
    const { partition, account } = Stack.of(this);
    return `arn:${partition}:iam::${account}:role/${roleName}`;
  }

  private reference(atHome: string, elsewhere: string): string {
    return Fn.conditionIf(this.#props.isHome.logicalId, atHome, elsewhere).toString();
  }

  private role(
    id: string,
    role: {
      readonly roleName: string;
      readonly description: string;
      readonly trusts: readonly string[];
      readonly permissions: readonly Permission[];
    },
  ): Role {
    const { options, organization, central } = this.#props;
    const { trusts, ...written } = role;
    const scope = new Construct(this, id);
    return writtenRole(scope, {
      ...written,
      assumedBy: centralPrincipal(scope, {
        account: central,
        roleNames: trusts,
        organizationId: organization.id,
      }),
      policy: id,
      options,
    });
  }

  private remediation(remediation: RemediationOptions): Role {
    const { options, central } = this.#props;
    const names = this.#names;
    const stack = Stack.of(this);
    this.role('Mender', {
      roleName: names.mender,
      description: 'Reads and writes the policies of the keys that were named',
      trusts: [names.centralMender],
      // The mender reads a policy before and after a change with the same role.
      permissions: [readKeyPolicies(stack), ...writePermissions(stack, remediation.keys, options)],
    });
    this.role('ExecutionReader', {
      roleName: names.executionReader,
      description: 'Shows the mender which executions of runbooks ask',
      trusts: [names.centralMender],
      permissions: [lookAtExecutions(stack, '*')],
    });
    return automationRole(new Construct(this, 'Automation'), {
      options,
      remediation,
      roleName: names.automation,
      menderArn: `arn:${stack.partition}:lambda:*:${central}:function:${names.menderFunction}`,
      why: 'The mender of the Region is invoked, and a role is of all Regions',
    });
  }
}

const startEvaluation = ({ partition, account }: Stack): Permission => ({
  sid: 'StartAgain',
  actions: ['config:StartConfigRulesEvaluation'],
  resources: [`arn:${partition}:config:*:${account}:config-rule/*`],
  why: 'The ARN of a rule ends in an id that nobody chooses',
});
