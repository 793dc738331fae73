import { Command, Option } from 'commander';
import { sourceArn } from '../model/delivery-service.ts';
import { partitionOf } from '../model/arn.ts';
import { readAccountId, readRegion } from '../model/parameter-values.ts';
import { actionsFor, statementOf, type Admitted } from '../remedy/grant.ts';
import {
  optionReader,
  organizationId,
  questionOf,
  requiredActions,
  type QuestionOptions,
} from './options.ts';
import { statementLanguages, type StatementLanguage } from '../model/world.ts';
import { writeStatement } from '../remedy/write-statement.ts';

interface StatementOptions extends Omit<QuestionOptions, 'alsoCheck'> {
  readonly account?: readonly string[];
  readonly region?: readonly string[];
  readonly format: StatementLanguage;
}

/** `flow-log-key statement`: writes the statement for a key before the key exists. */
export const statementCommand = (): Command =>
  new Command('statement')
    .description(
      'write the key policy statement that delivery needs, for a key that you are about to make',
    )
    .addOption(
      new Option('--account <id...>', 'accounts that own the flow logs').argParser(
        valuesReader(readAccountId),
      ),
    )
    .addOption(
      new Option('--region <region...>', 'Regions of the flow logs').argParser(
        valuesReader(readRegion),
      ),
    )
    .addOption(organizationId())
    .addOption(requiredActions())
    .addOption(
      new Option('--format <format>', 'how to write it')
        .choices(statementLanguages)
        .default('json'),
    )
    .addHelpText('after', statementExamples)
    .action((options: StatementOptions) => {
      const actions = actionsFor(questionOf({ ...options, alsoCheck: [] }));
      const statement = statementOf({ actions, admitted: admittedBy(options) });
      process.stdout.write(writeStatement(statement, options.format));
    });

const statementExamples = `
Examples:
  flow-log-key statement --account 111122223333 --region us-east-1 eu-west-1
  flow-log-key statement --account 111122223333 444455556666 --region us-east-1 --format terraform
  flow-log-key statement --organization-id o-a1b2c3d4e5 --format cloudformation
`;

/** Every account in every Region, or the organization. */
function admittedBy({ account, region, organizationId }: StatementOptions): Admitted {
  if (organizationId !== undefined) {
    if (account !== undefined || region !== undefined)
      throw new Error('give --organization-id, or --account and --region, not both');
    return { kind: 'organization', organizationId };
  }
  if (account === undefined || region === undefined)
    throw new Error('give --account and --region, or --organization-id');
  return {
    kind: 'flow-logs',
    sourceArns: account.flatMap((accountId) =>
      region.map((name) => sourceArn({ accountId, region: name, partition: partitionOf(name) })),
    ),
  };
}

/** Reads an option with several values: commander passes each value, and the values before. */
const valuesReader =
  (read: (value: string) => string) => (value: string, previous: string[] | undefined) => [
    ...(previous ?? []),
    optionReader(read)(value),
  ];
