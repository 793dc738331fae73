import { join } from 'node:path';
import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { type IRole, Role } from 'aws-cdk-lib/aws-iam';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { aggregator } from './aggregator.ts';
import { CentralRoles } from './central-roles.ts';
import { admitLostChanges } from './changes.ts';
import { built } from '../rule/built.ts';
import { Evaluator } from '../rule/evaluator.ts';
import { admitRules, admitRunbooks } from './invocations.ts';
import { Mender } from '../remediation/mender.ts';
import { Monitoring } from '../rule/monitoring.ts';
import type { EvaluateEnvironment } from '../../rule/evaluate/environment.ts';
import type { MendEnvironment } from '../../rule/mend/environment.ts';
import { encryptTable } from '../rule/encryption.ts';
import type { Options } from '../options/options.ts';
import type { OrganizationOptions } from '../options/organization.ts';
import { recordsTable, tableName } from '../remediation/records-table.ts';
import { Ripple } from './ripple.ts';
import { ruleMetrics } from '../rule/rule-metrics.ts';
import { alarmOfSilence, compareMembers } from './silent-members.ts';

export interface CentralStackProps extends StackProps {
  readonly options: Options;
  readonly organization: OrganizationOptions;
  /** True in the home Region, which has the roles, the bus and the ripple. */
  readonly isHome: boolean;
  /**
   * The folder with the built functions.
   * @default the folder of the package
   */
  readonly code?: string;
}

/** The central account in a Region: the functions that the rules and runbooks of all members in this Region invoke. */
export class CentralStack extends Stack {
  readonly #options: Options;
  readonly #code: string | undefined;
  readonly evaluator: Evaluator;
  readonly mender: Function | undefined;
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: CentralStackProps) {
    const { options, organization, isHome, code, ...rest } = props;
    super(scope, id, rest);
    this.#options = { ...options, alarmTopicArn: this.topic(options) };
    this.#code = code;
    const roles = isHome ? new CentralRoles(this, 'Roles', { options, organization }) : undefined;
    if (organization.makesAggregator) aggregator(this, { options, organization, isHome });
    const records = recordsTable(this, {
      tableName: organization.names.centralTable,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    // Leases are in another table, of the account of each key.
    encryptTable(records, options);
    this.mender = this.makeMender(organization);
    this.evaluator = this.makeEvaluator(organization);
    // Lambda refuses a function without its role, and CDK sees no dependency, because the role is named by a string.
    if (roles)
      for (const each of [this.evaluator.function, this.mender]) each?.node.addDependency(roles);
    const { alarms } = this.monitoring();
    const ripple = isHome && organization.hasRipple ? this.ripple(organization) : undefined;
    this.alarms = [...alarms.made, ...(ripple?.alarms ?? [])];
  }

  private makeEvaluator(organization: OrganizationOptions): Evaluator {
    const { names } = organization;
    const evaluator = new Evaluator(this, 'Evaluator', {
      options: this.#options,
      code: this.built('evaluate'),
      central: {
        functionName: names.evaluatorFunction,
        role: this.roleOf(names.centralEvaluator),
        environment: {
          REPORTER_ROLE_NAME: names.reporter,
          RUNS_TABLE_NAME: names.centralTable,
        } satisfies EvaluateEnvironment,
      },
    });
    admitRules(this, evaluator.function.functionArn, organization);
    if (organization.hasRipple) admitLostChanges(evaluator.deadLetters, organization);
    const { period } = ruleMetrics(this.#options);
    compareMembers(this, { evaluator, organization, period });
    return evaluator;
  }

  private monitoring(): Monitoring {
    const { evaluator, mender } = this;
    const watched = { evaluator, mender, options: this.#options };
    return new Monitoring(this, 'Monitoring', { ...watched, isOfMany: true, more: alarmOfSilence });
  }

  private ripple(organization: OrganizationOptions): Ripple {
    const code = this.built('ripple');
    return new Ripple(this, 'Ripple', { options: this.#options, organization, code });
  }

  private makeMender(organization: OrganizationOptions): Function | undefined {
    const { remediation } = this.#options;
    if (remediation === undefined) return undefined;
    const { names } = organization;
    const { function: mender } = new Mender(this, 'Mender', {
      options: this.#options,
      remediation,
      code: this.built('mend'),
      central: {
        functionName: names.menderFunction,
        role: this.roleOf(names.centralMender),
        environment: {
          MENDER_ROLE_NAME: names.mender,
          EXECUTION_READER_ROLE_NAME: names.executionReader,
          TABLE_NAME: names.centralTable,
          LEASE_TABLE_NAME: tableName,
        } satisfies Partial<MendEnvironment>,
      },
    });
    admitRunbooks(this, mender.functionArn, organization);
    return mender;
  }

  /** A role from the stack of the home Region. */
  private roleOf(name: string): IRole {
    return Role.fromRoleArn(this, name, this.arnOf(name), { mutable: false });
  }

  private arnOf(roleName: string): string {
    return `arn:${this.partition}:iam::${this.account}:role/${roleName}`;
  }

  private built(name: Parameters<typeof built>[0]): string {
    return this.#code === undefined ? built(name) : join(this.#code, name);
  }

  /** CloudWatch alarms publish only to topics of their own Region: takes the topic of the same name there. */
  private topic({ alarmTopicArn: arn }: Options): string | undefined {
    return arn?.replace(/:sns:[^:]+:/, `:sns:${this.region}:`);
  }
}
