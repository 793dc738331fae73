import { Command, Option } from 'commander';
import { readAggregatorName } from '../model/parameter-values.ts';
import type { Problem } from '../model/problem.ts';
import { collectionFor } from './collection.ts';
import { exitCodeOf } from './exit-code.ts';
import { judgeListings, type Input } from './judge-listings.ts';
import { openInput, type InputOptions } from './open-input.ts';
import {
  alsoCheck,
  exemptions,
  readExemptionsFile,
  optionReader,
  organizationId,
  questionOf,
  requiredActions,
  type QuestionOptions,
} from './options.ts';
import { json } from './reports/json.ts';
import { table } from './reports/table.ts';
import type { Run } from './run.ts';
import { complain, complainOf, reportStyle, progressLine } from './terminal.ts';
import { watchedListing, watchWaits } from './say-waits.ts';
import { write } from './write.ts';

interface CheckOptions extends QuestionOptions, InputOptions {
  readonly exemptions?: string;
  readonly format: 'table' | 'json';
  readonly output?: string;
  readonly exitZero?: boolean;
  readonly quiet?: boolean;
}

/** `flow-log-key check`: judges flow logs, and passes the exit code to `end`. */
export const checkCommand = (end: (exitCode: number) => void): Command =>
  new Command('check')
    .description('judge flow logs, from AWS Config or from the account itself')
    .option('--snapshot <file...>', 'AWS Config snapshot files, plain or .gz')
    .addOption(
      new Option(
        '--aggregator <name>',
        'all accounts of an AWS Config aggregator, read-only, with the credentials of your environment',
      ).argParser(optionReader(readAggregatorName)),
    )
    .option('--live', 'ask AWS, read-only, with the credentials of your environment')
    .option('--regions <region...>', 'with --live: these Regions, or "all" that are enabled')
    .addOption(
      new Option('--format <format>', 'how to print').choices(['table', 'json']).default('table'),
    )
    .option('--output <file>', 'write to this file instead of standard output')
    .addOption(organizationId())
    .addOption(requiredActions())
    .addOption(alsoCheck())
    .addOption(exemptions())
    .option('--exit-zero', 'end with 0 also if flow logs are blocked or unknown')
    .option('--quiet', 'no progress and no remarks on standard error')
    .addHelpText('after', checkExamples)
    .action(async (options: CheckOptions) => {
      end(await check(options));
    });

const checkExamples = `
Exit codes: 0 all deliverable or exempt, 1 some blocked, 3 some unknown, 2 bad usage or unreadable input.

Examples:
  flow-log-key check --snapshot snapshot.json.gz       from a file that AWS Config delivered
  flow-log-key check --snapshot a.json b.json          flow logs, buckets and keys in several files
  flow-log-key check --live                            this account, this Region
  flow-log-key check --live --regions all              this account, every Region
  flow-log-key check --aggregator acme                 every account and Region that the aggregator collects from
  flow-log-key check --live --format json | jq '.summary'
`;

/** Reads, judges, prints; resolves with the exit code. */
async function check(options: CheckOptions): Promise<number> {
  const problems: Problem[] = [];
  const fail = (problem: Problem): void => void problems.push(problem);
  const watch = watchWaits();
  const opened = await watch(
    openInput(options, fail, watch),
    'the account, its Regions and their flow logs',
  );
  const { remarks, ...input } = opened;
  const toJudge: Input =
    input.kind === 'recorded'
      ? input
      : { ...input, listings: input.listings.map((each) => watchedListing(each, watch)) };
  const question = questionOf(options, await readExemptionsFile(options.exemptions));
  const collection = collectionFor(question);
  const progress = progressLine(options);
  progress.show('reading flow logs');
  let count = 0;
  for await (const result of judgeListings(toJudge, question, fail)) {
    if (result.kind === 'judged') collection.add(result);
    count++;
    if (count < 100 || count % 100 === 0) progress.show(`judged ${count} flow logs`);
  }
  progress.clear();
  const run = collection.run(problems);
  complainOfRun(run);
  if (!options.quiet) remarks?.().forEach(complain);
  await write(reportOf(run, options), options.output);
  return exitCodeOf(run, options);
}

function complainOfRun({ rows, problems }: Run): void {
  complainOf(problems);
  if (rows.length === 0) complain('no flow log was found');
}

const reportOf = (run: Run, options: CheckOptions): Iterable<string> =>
  options.format === 'json' ? json(run) : [table(run, reportStyle(options))];
