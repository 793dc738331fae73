import { Command } from 'commander';
import { sourceArn } from '../model/delivery-service.ts';
import { partitionOf } from '../model/arn.ts';
import { actionsFor, statementOf, type Admitted } from '../remedy/grant.ts';
import { choice } from './option-readers.ts';
import {
  accounts,
  organizationId,
  questionOf,
  quiet,
  regions,
  remarkOnRegions,
  requiredActions,
  type QuestionOptions,
} from './options.ts';
import { remarkUnless } from './terminal.ts';
import { statementLanguages, type StatementLanguage } from '../model/world.ts';
import { writeStatement } from '../remedy/write-statement.ts';

interface StatementOptions extends Omit<QuestionOptions, 'alsoCheck'> {
  readonly accounts?: readonly string[];
  readonly regions?: readonly string[];
  readonly quiet?: boolean;
  readonly format: StatementLanguage;
}

/** `flow-log-key statement`: writes the statement for a key before the key exists. */
export const statementCommand = (): Command =>
  new Command('statement')
    .description(
      'write the key policy statement that delivery needs, for a key that you are about to make',
    )
    .addOption(accounts('accounts that own the flow logs'))
    .addOption(regions('Regions of the flow logs'))
    .addOption(organizationId())
    .addOption(requiredActions())
    .addOption(choice('--format <format>', 'how to write it', statementLanguages).default('json'))
    .addOption(quiet())
    .addHelpText('after', statementExamples)
    .action((options: StatementOptions) => {
      const actions = actionsFor(questionOf({ ...options, alsoCheck: [] }));
      const statement = statementOf({ actions, admitted: admittedBy(options) });
      remarkOnRegions(options.regions, remarkUnless(options));
      process.stdout.write(writeStatement(statement, options.format));
    });

const statementExamples = `
Examples:
  flow-log-key statement --account 111122223333 --region us-east-1 eu-west-1
  flow-log-key statement --account 111122223333,444455556666 --region us-east-1 --format terraform
  flow-log-key statement --organization-id o-a1b2c3d4e5 --format cloudformation
`;

/** Every account in every Region, or the organization. */
function admittedBy({ accounts, regions, organizationId }: StatementOptions): Admitted {
  if (organizationId !== undefined) {
    if (accounts !== undefined || regions !== undefined)
      throw new Error('give --organization-id, or --account and --region, not both');
    return { kind: 'organization', organizationId };
  }
  if (accounts === undefined || regions === undefined)
    throw new Error('give --account and --region, or --organization-id');
  return {
    kind: 'flow-logs',
    sourceArns: accounts.flatMap((accountId) =>
      regions.map((name) => sourceArn({ accountId, region: name, partition: partitionOf(name) })),
    ),
  };
}
