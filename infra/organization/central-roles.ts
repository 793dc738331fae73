import { Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import {
  centralDeadLetters,
  centralLogs,
  liveIn,
  writeDeadLetters,
  writeLogs,
} from '../rule/node-function.ts';
import type { Names } from './names.ts';
import { keepExecutions } from '../remediation/write-permissions.ts';
import type { Options } from '../options/options.ts';
import type { OrganizationOptions } from '../options/organization.ts';
import { askAggregator, enterAccounts, readExemptions } from '../rule/read-permissions.ts';
import { keepRuns } from '../rule/runs-table.ts';
import { type Permission, writtenRole } from '../rule/written-role.ts';

export interface CentralRolesProps {
  readonly options: Options;
  readonly organization: OrganizationOptions;
}

/** The roles of the central functions: take the roles of members, read exemptions, write logs and records. */
export class CentralRoles extends Construct {
  readonly #props: CentralRolesProps;

  constructor(scope: Construct, id: string, props: CentralRolesProps) {
    super(scope, id);
    this.#props = props;
    const { options, organization } = props;
    const { parameters, remediation } = options;
    const { names } = organization;
    const stack = Stack.of(this);
    const asks = [
      ...(parameters.Aggregator === undefined ? [] : [askAggregator]),
      ...readExemptions(stack, parameters.Exemptions, '*'),
    ];
    const queues = `arn:${stack.partition}:sqs:*:${stack.account}`;
    const deadLetters = `${queues}:${centralDeadLetters(names.evaluatorFunction)}`;
    this.role('Evaluator', {
      roleName: names.centralEvaluator,
      description: 'Takes the reader and reporter roles of members',
      takes: [names.reader, names.reporter],
      permissions: [
        ...asks,
        {
          ...keepRuns(centralTableIn(stack, names, '*')),
          why: 'The function has a table in each Region',
        },
        this.logsOf(names.evaluatorFunction),
        { ...writeDeadLetters(deadLetters), why: 'The function has a queue in each Region' },
        ...liveIn(this, options, { services: ['dynamodb', 'logs', 'sqs'], region: '*' }),
      ],
    });
    if (remediation === undefined) return;
    this.role('Mender', {
      roleName: names.centralMender,
      description: 'Takes the roles of members to read, mend and see who asks; keeps what was done',
      takes: [names.reader, names.mender, names.executionReader],
      permissions: [
        ...asks,
        this.logsOf(names.menderFunction),
        {
          ...keepExecutions(centralTableIn(stack, names, '*')),
          why: 'The function has a table in each Region',
        },
        ...liveIn(this, options, { services: ['dynamodb', 'logs'], region: '*' }),
      ],
    });
  }

  private role(
    id: string,
    role: {
      readonly roleName: string;
      readonly description: string;
      readonly takes: readonly string[];
      readonly permissions: readonly Permission[];
    },
  ): void {
    const { options, organization } = this.#props;
    const { takes, permissions, ...written } = role;
    writtenRole(new Construct(this, id), {
      ...written,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      policy: id,
      permissions: [enterAccounts(Stack.of(this), takes, organization.id), ...permissions],
      options,
    });
  }

  private logsOf(functionName: string): Permission {
    const { partition, account } = Stack.of(this);
    const groups = `arn:${partition}:logs:*:${account}:log-group:${centralLogs(functionName)}:*`;
    return { ...writeLogs(groups), why: 'The function has a log group in each Region' };
  }
}

/** The central table. `region` is a Region or `*` for all. */
export const centralTableIn = (
  { partition, account }: Stack,
  names: Names,
  region: string,
): string => `arn:${partition}:dynamodb:${region}:${account}:table/${names.centralTable}`;
