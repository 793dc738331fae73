import { Command, Option } from 'commander';
import { FLOW_LOG_ID } from '../model/facts.ts';
import { scopes } from '../remedy/remedy.ts';
import type { RemedyOptions } from './carry-out-remedy.ts';
import { alsoCheck, exemptions, organizationId, requiredActions } from './options.ts';
import { statementLanguages } from '../model/world.ts';
import { canAnswer } from './terminal.ts';

/** `flow-log-key remedy`: shows or makes the change of a key policy, and passes the exit code to `end`. */
export const remedyCommand = (end: (exitCode: number) => void): Command =>
  new Command('remedy')
    .description('show the change of the key policy that mends flow logs; with --apply make it')
    .argument('<id...>', 'flow logs, such as fl-01234567890abcdef')
    .option('--region <region>', 'where the flow logs are')
    .option('--snapshot <file...>', 'look in AWS Config snapshots instead of asking AWS')
    .addOption(
      new Option('--scope <scope>', 'admit these flow logs, or the whole organization')
        .choices(scopes)
        .default('flow-logs'),
    )
    .addOption(organizationId())
    .addOption(requiredActions())
    .addOption(alsoCheck())
    .addOption(exemptions())
    .addOption(
      new Option(
        '--format <format>',
        'write the statement also for the code that makes the key',
      ).choices(statementLanguages),
    )
    .option('--apply', 'put the policy, after a yes, and read it back')
    .option('--yes', 'with --apply: do not ask')
    .option(
      '--table <name>',
      'with --apply: the DynamoDB table of leases (default: flow-log-key-rule)',
    )
    .addHelpText('after', remedyExamples)
    .action(async (ids: readonly string[], options: RemedyOptions) => {
      refuseBadUsage(ids, options);
      // The AWS SDK is loaded on demand.
      const { carryOutRemedy } = await import('./carry-out-remedy.ts');
      end(await carryOutRemedy(ids, options));
    });

const remedyExamples = `
Exit codes: 0 shown, applied or nothing to do; 1 some cannot be mended, or were not; 2 bad usage or an unreadable file.

Examples:
  flow-log-key remedy fl-01234567890abcdef                 the diff, and the AWS CLI command for it
  flow-log-key remedy fl-01234567890abcdef --apply         asks, puts, reads back
  flow-log-key remedy fl-01234567890abcdef --scope organization --organization-id o-a1b2c3d4e5
`;

function refuseBadUsage(ids: readonly string[], options: RemedyOptions): void {
  const bad = ids.find((id) => !FLOW_LOG_ID.test(id));
  if (bad !== undefined)
    throw new Error(`"${bad}" is not a flow log id, which looks like fl-01234567890abcdef`);
  const { scope, organizationId, snapshot, region, apply = false, yes = false, table } = options;
  const mistakes: readonly [boolean, string][] = [
    [
      scope === 'organization' && organizationId === undefined,
      '--scope organization needs --organization-id',
    ],
    [
      snapshot !== undefined && (apply || region !== undefined),
      '--snapshot looks at files: it goes without --apply and --region',
    ],
    [!apply && (yes || table !== undefined), '--yes and --table go with --apply'],
    [
      apply && !yes && !canAnswer(),
      '--apply asks before it writes: give --yes where nobody can answer',
    ],
  ];
  const mistake = mistakes.find(([made]) => made);
  if (mistake !== undefined) throw new Error(mistake[1]);
}
