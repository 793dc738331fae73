import { Command, Option } from 'commander';
import { allOutcomes, type Outcome } from '../model/verdict.ts';
import { shownRun } from '../remedy/shown-run.ts';
import { refuseBadIds, refuseTwoInputs, refuseUnwritable } from './bad-usage.ts';
import { bucketNameIn, chosenBy, withUnmatched, type ChoosingOptions } from './chosen.ts';
import { checkExamples } from './check-examples.ts';
import { exitCodeOf, failingOutcomes, type Forgiving } from './exit-code.ts';
import { judgeExisting, type Asking, type Judgement } from './judge-existing.ts';
import {
  keyPolicyOption,
  readProposedPolicies,
  refuseUnmetKeys,
  type KeyPolicyFiles,
} from './key-policy.ts';
import {
  isPlanned,
  refuseMixedInput,
  type InputOptions,
  type PlannedOptions,
} from './open-input.ts';
import { choice, choices, idsArgument, listReader } from './option-readers.ts';
import {
  alsoCheck,
  exemptions,
  organizationId,
  questionOf,
  quiet,
  readExemptionsFile,
  remarkOnRegions,
  requiredActions,
  type QuestionOptions,
} from './options.ts';
import { formats, type Format } from './reports/formats.ts';
import { sourceInWords } from './source-in-words.ts';
import { withSourceOptions } from './source-options.ts';
import { complainOf, remarkUnless, reportStyle } from './terminal.ts';
import { write } from './write.ts';

interface CheckOptions
  extends QuestionOptions, InputOptions, PlannedOptions, Forgiving, Omit<ChoosingOptions, 'ids'> {
  readonly exemptions?: string;
  readonly only?: readonly Outcome[];
  readonly keyPolicy?: KeyPolicyFiles;
  readonly format: Format;
  readonly output?: string;
  readonly quiet?: boolean;
}

/** `flow-log-key check`: judges flow logs, and passes the exit code to `end`. */
export const checkCommand = (end: (exitCode: number) => void): Command =>
  withSourceOptions(
    new Command('check')
      .description(
        'judge flow logs: from AWS Config, from the account itself, or before deployment',
      )
      .addArgument(idsArgument('[id...]', 'judge only these flow logs')),
  )
    .addOption(
      new Option('--bucket <name...>', 'judge only flow logs into these buckets').argParser(
        listReader(bucketNameIn),
      ),
    )
    .addOption(
      new Option(
        '--key <arn...>',
        'judge only flow logs whose bucket has one of these keys: ARN or id',
      ).argParser(listReader(String)),
    )
    .addOption(
      choices(
        '--only <outcome...>',
        'show only flow logs with these outcomes; the exit code stays the same',
        allOutcomes,
      ),
    )
    .addOption(choice('--format <format>', 'how to print', Object.keys(formats)).default('table'))
    .option('--output <file>', 'write to this file instead of standard output')
    .addOption(organizationId())
    .addOption(requiredActions())
    .addOption(alsoCheck())
    .addOption(exemptions())
    .addOption(keyPolicyOption())
    .addOption(
      choice(
        '--fail-on <outcome>',
        'blocked: end with 0 also if flow logs are unknown',
        failingOutcomes,
      ).default('unknown'),
    )
    .option('--exit-zero', 'end with 0 also if flow logs are blocked or unknown')
    .addOption(quiet())
    .addHelpText('after', checkExamples)
    .action(async (ids: readonly string[], options: CheckOptions) => {
      end(await check(ids, options));
    });

/** Reads, judges, prints; resolves with the exit code. */
async function check(ids: readonly string[], options: CheckOptions): Promise<number> {
  refuseBadIds(ids, isPlanned(options));
  refuseMixedInput(options);
  const { snapshot = [], template = [], plan = [], exemptions, keyPolicy } = options;
  refuseTwoInputs(...snapshot, ...template, ...plan, exemptions, ...(keyPolicy?.values() ?? []));
  await refuseUnwritable(options.output);
  const remark = remarkUnless(options);
  remarkOnRegions(options.regions, remark);
  const chosen = chosenBy({ ...options, ids });
  const proposed = await readProposedPolicies(keyPolicy);
  const question = questionOf(options, await readExemptionsFile(options.exemptions, remark));
  const { run, remarks } = await judgeInput(options, { question, chosen, remark, proposed });
  const judged = withUnmatched(run, chosen);
  complainOf(judged.problems);
  refuseUnmetKeys(proposed);
  [...(judged.rows.length === 0 ? ['no flow log was found'] : []), ...remarks].forEach(remark);
  const report = await formats[options.format]();
  await write(report(shownRun(judged, options.only), reportOptions(options)), options.output);
  return exitCodeOf(judged, options);
}

/** Modules for planned flow logs are loaded on demand. */
async function judgeInput(options: CheckOptions, asking: Asking): Promise<Judgement> {
  if (!isPlanned(options)) return judgeExisting(options, asking);
  const { judgePlanned } = await import('./judge-planned.ts');
  return judgePlanned(options, asking);
}

const reportOptions = (options: CheckOptions) => ({
  ...reportStyle(options),
  root: rootFolder(),
  source: sourceInWords(options, new Date()),
});

/** The checkout in a workflow of GitHub, where a step may work in another folder; elsewhere the working folder. */
const rootFolder = (): string => process.env.GITHUB_WORKSPACE ?? process.cwd();
