import { type CfnCondition, Fn, Stack } from 'aws-cdk-lib';
import { CfnRole, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { writePermissions } from '../remediation/write-permissions.ts';
import { names } from './names.ts';
import type { Options } from '../options/options.ts';
import type { OrganizationOptions } from '../options/organization.ts';
import {
  type Permission,
  readAccount,
  readKeyPolicies,
  reportPermissions,
} from '../rule/permissions.ts';
import type { RemediationOptions } from '../options/remediation.ts';
import { automationRole } from '../remediation/runbooks.ts';
import { centralPrincipal } from './central-principal.ts';
import { writtenRole } from '../rule/written-role.ts';

export interface MemberRolesProps {
  readonly options: Options;
  readonly organization: OrganizationOptions;
  /** The account of the central functions. */
  readonly central: string;
  /** Roles are of all Regions, so one of them makes them. */
  readonly isHome: CfnCondition;
}

/** The roles of a member, one for each job, of names that the central account knows. */
export class MemberRoles extends Construct {
  /** Names and ARNs as other resources refer to them, so that in the home Region they wait for the role. */
  readonly readerName: string;
  readonly forwarderArn: string;
  readonly automationArn: string | undefined;
  readonly #props: MemberRolesProps;

  constructor(scope: Construct, id: string, props: MemberRolesProps) {
    super(scope, id);
    this.#props = props;
    const { options } = props;
    const stack = Stack.of(this);
    const reader = this.role('Reader', {
      roleName: names.reader,
      description: 'Reads flow logs, bucket encryption and key policies, and nothing else',
      trusts: [names.centralEvaluator, ...(options.remediation ? [names.centralMender] : [])],
      permissions: readAccount(stack, options.parameters),
    });
    const reporter = this.role('Reporter', {
      roleName: names.reporter,
      description: "Puts the rule's evaluations, and starts the rule again",
      trusts: [names.centralEvaluator, names.centralRipple],
      permissions: [
        ...reportPermissions(stack, { ...options, region: '*' }),
        startEvaluation(stack),
      ],
    });
    // A rule refers to one of them, and needs both.
    reader.node.addDependency(reporter);
    this.readerName = this.known(reader.roleName, names.reader);
    this.forwarderArn = this.known(this.forwarder().roleArn, this.arnOf(names.forwarder));
    if (options.remediation !== undefined)
      this.automationArn = this.known(
        this.mending(options.remediation).roleArn,
        this.arnOf(names.automation),
      );
    for (const each of this.node.findAll())
      if (each instanceof CfnRole) each.cfnOptions.condition = props.isHome;
  }

  private arnOf(roleName: string): string {
    const { partition, account } = Stack.of(this);
    return `arn:${partition}:iam::${account}:role/${roleName}`;
  }

  private known(atHome: string, elsewhere: string): string {
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
      permissionsBoundaryArn: options.permissionsBoundaryArn,
    });
  }

  private mending(remediation: RemediationOptions): Role {
    const { options, central } = this.#props;
    const stack = Stack.of(this);
    this.role('Mender', {
      roleName: names.mender,
      description: 'Reads and writes the policies of the keys that were named',
      trusts: [names.centralMender],
      // The mender reads with it too what it changes, and what became of it.
      permissions: [readKeyPolicies(stack), ...writePermissions(stack, remediation.keys)],
    });
    return automationRole(new Construct(this, 'Automation'), {
      options,
      remediation,
      roleName: names.automation,
      menderArn: `arn:${stack.partition}:lambda:*:${central}:function:${names.menderFunction}`,
      why: 'The mender of the Region is invoked, and a role is of all Regions',
    });
  }

  /** https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html */
  private forwarder(): Role {
    const { account, partition } = Stack.of(this);
    const { options, organization, central } = this.#props;
    const rules = `arn:${partition}:events:*:${account}:rule/${names.changes}`;
    return writtenRole(new Construct(this, 'Forwarder'), {
      roleName: names.forwarder,
      description: 'Sends changes of keys and buckets to the central account',
      assumedBy: new ServicePrincipal('events.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': rules },
        },
      }),
      policy: 'Forward',
      permissions: [
        {
          sid: 'SendChanges',
          actions: ['events:PutEvents'],
          resources: [
            `arn:${partition}:events:${organization.home}:${central}:event-bus/${names.bus}`,
          ],
        },
      ],
      permissionsBoundaryArn: options.permissionsBoundaryArn,
    });
  }
}

const startEvaluation = ({ partition, account }: Stack): Permission => ({
  sid: 'StartAgain',
  actions: ['config:StartConfigRulesEvaluation'],
  resources: [`arn:${partition}:config:*:${account}:config-rule/*`],
  why: 'The ARN of a rule ends in an id that nobody chooses',
});
