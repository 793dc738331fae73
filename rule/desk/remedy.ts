import { Command, Option } from 'commander';
import { choice, idsArgument, pathsReader } from './option-readers.ts';
import { scopes } from '../remedy/remedy.ts';
import {
  alsoCheck,
  exemptions,
  organizationId,
  quiet,
  regions,
  requiredActions,
} from './options.ts';
import { statementLanguages } from '../model/world.ts';
import type { RemedyOptions } from './show-remedy.ts';

/** `flow-log-key remedy`: shows or makes the change of a key policy, and passes the exit code to `end`. */
export const remedyCommand = (end: (exitCode: number) => void): Command =>
  new Command('remedy')
    .description('show the change of the key policy that mends flow logs; with --apply make it')
    .addArgument(idsArgument('<id...>', 'flow logs, such as fl-01234567890abcdef'))
    .addOption(regions('the Region of the flow logs'))
    .addOption(
      new Option(
        '--snapshot <file...>',
        'look in AWS Config snapshots instead of asking AWS; - is standard input',
      ).argParser(pathsReader),
    )
    .addOption(
      choice('--scope <scope>', 'admit these flow logs, or the whole organization', scopes).default(
        'flow-logs',
      ),
    )
    .addOption(organizationId())
    .addOption(requiredActions())
    .addOption(alsoCheck())
    .addOption(exemptions())
    .addOption(
      choice(
        '--format <format>',
        'write the statement also for the code that makes the key',
        statementLanguages,
      ),
    )
    .option('--apply', 'put the policy, after a yes, and read it back')
    .option('--yes', 'with --apply: do not ask')
    .option(
      '--table <name>',
      'with --apply: the DynamoDB table of leases (default: flow-log-key-rule)',
    )
    .addOption(quiet())
    .addHelpText('after', remedyExamples)
    .action(async (ids: readonly string[], options: RemedyOptions) => {
      // Mending needs the AWS SDK, so all of mending is loaded on demand.
      const { remedy } = await import('./show-remedy.ts');
      end(await remedy(ids, options));
    });

const remedyExamples = `
Exit codes: 0 shown, applied or nothing to do; 1 some cannot be mended, or were not; 2 bad usage or an unreadable file.

Examples:
  flow-log-key remedy fl-01234567890abcdef                 the diff, and the AWS CLI command for it
  flow-log-key remedy fl-01234567890abcdef --apply         asks, puts, reads back
  flow-log-key remedy fl-01234567890abcdef --scope organization --organization-id o-a1b2c3d4e5
`;
