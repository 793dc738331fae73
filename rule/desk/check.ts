import { AGGREGATOR_NAME } from '../model/name-patterns.ts';
import { isatty } from 'node:tty';
import { Command, Option } from 'commander';
import pc from 'picocolors';
import { collecting } from './causes.ts';
import type { FlowLog } from '../model/facts.ts';
import type { Problem } from '../model/problem.ts';
import type { Run } from './run.ts';
import type { Outcome } from '../model/verdict.ts';
import { json } from './reports/json.ts';
import { table } from './reports/table.ts';
import { readSnapshots } from '../sources/recorded/snapshot.ts';
import type { Listing, Source } from '../model/source.ts';
import { survey } from '../judge/survey.ts';
import { complain } from './complain.ts';
import { exitCodes } from './exit-codes.ts';
import { failures, lost } from './failures.ts';
import {
  alsoCheck,
  checked,
  exemptions,
  exemptionsOf,
  organizationId,
  questionOf,
  requiredActions,
  type QuestionOptions,
} from './options.ts';
import { write } from './write.ts';

interface CheckOptions extends QuestionOptions {
  readonly snapshot?: readonly string[];
  readonly aggregator?: string;
  readonly live?: boolean;
  readonly regions?: readonly string[];
  readonly exemptions?: string;
  readonly format: 'table' | 'json';
  readonly output?: string;
  readonly exitZero?: boolean;
  readonly quiet?: boolean;
}

/** `flow-log-key check`: tells `end` the exit code. */
export const checkCommand = (end: (exitCode: number) => void): Command =>
  new Command('check')
    .description('judge flow logs, from AWS Config or from the account itself')
    .option('--snapshot <file...>', 'AWS Config snapshot files, plain or .gz')
    .addOption(
      new Option(
        '--aggregator <name>',
        'all accounts of an AWS Config aggregator, read-only, with the credentials of your environment',
      ).argParser(checked(readAggregatorName)),
    )
    .option('--live', 'ask AWS, read-only, with the credentials of your environment')
    .option('--regions <region...>', 'with --live: these Regions, or "all" that are enabled')
    .addOption(
      new Option('--format <format>', 'how to print').choices(['table', 'json']).default('table'),
    )
    .option('--output <file>', 'write there instead of to standard output')
    .addOption(organizationId())
    .addOption(requiredActions())
    .addOption(alsoCheck())
    .addOption(exemptions())
    .option('--exit-zero', 'end with 0 also if flow logs are blocked or unknown')
    .option('--quiet', 'no progress and no remarks on standard error')
    .addHelpText('after', examples)
    .action(async (options: CheckOptions) => {
      end(await check(options));
    });

/** https://docs.aws.amazon.com/config/latest/APIReference/API_SelectAggregateResourceConfig.html */
function readAggregatorName(name: string): string {
  if (AGGREGATOR_NAME.test(name)) return name;
  throw new Error(`"${name}" is not the name of an aggregator: letters, digits, "-" and "_"`);
}

const examples = `
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
  const { source, listings, remarks } = await open(options, fail);
  const question = questionOf(options, await exemptionsOf(options.exemptions));
  const collection = collecting(question);
  let judged = 0;
  const progress = progressOn(process.stderr, options);
  progress.show('reading flow logs');
  const flowLogs = everyFlowLog(listings, fail);
  const spoiled = failures();
  for await (const each of survey(flowLogs, source, question)) {
    if (each.kind === 'judged') collection.add(each);
    else spoiled.add(each);
    judged++;
    if (judged < 100 || judged % 100 === 0) progress.show(`judged ${judged} flow logs`);
  }
  progress.clear();
  spoiled.problems().forEach(fail);
  const run = collection.run(problems);
  for (const { file, item, message } of problems)
    complain([file, item, message].filter((part) => part !== null).join(': '));
  if (run.rows.length === 0) complain('no flow log was found');
  if (!options.quiet) remarks?.().forEach(complain);
  await print(run, options);
  return exitCodeOf(run, options);
}

interface Opened {
  readonly source: Source;
  readonly listings: readonly Listing[];
  /** What else there is to say once all is judged. */
  readonly remarks?: () => readonly string[];
}

async function open(options: CheckOptions, fail: (problem: Problem) => void): Promise<Opened> {
  const { snapshot, aggregator, live, regions, alsoCheck } = options;
  if ([snapshot, aggregator, live].filter((each) => each !== undefined).length > 1)
    throw new Error('give only one of --snapshot, --aggregator and --live');
  if (regions !== undefined && !live) throw new Error('--regions goes with --live');
  if (snapshot !== undefined) {
    const { problems, ...opened } = await readSnapshots(snapshot);
    problems.forEach(fail);
    return opened;
  }
  // The AWS SDK is loaded only by those who need it.
  if (aggregator !== undefined) {
    const { openAggregator } = await import('../sources/aggregator/source.ts');
    return openAggregator(aggregator, fail);
  }
  if (live) {
    const { liveAccount } = await import('../sources/aws/own-account.ts');
    return liveAccount(regions, alsoCheck.includes('bucket-policy'));
  }
  throw new Error(
    'give --snapshot FILE..., --aggregator NAME or --live; flow-log-key check --help shows how',
  );
}

/** The flow logs of all listings; one that fails does not keep the others back. */
async function* everyFlowLog(
  listings: readonly Listing[],
  fail: (problem: Problem) => void,
): AsyncIterable<FlowLog> {
  for (const { name, flowLogs } of listings)
    try {
      yield* flowLogs();
    } catch (error) {
      fail(lost(name, null, error));
    }
}

/** Counts on a terminal, for those who wait; nothing where nobody looks. */
function progressOn(stream: NodeJS.WriteStream, { quiet }: CheckOptions) {
  const write =
    stream.isTTY && !quiet ? (text: string) => stream.write(`\r\u001b[K${text}`) : () => true;
  return { show: write, clear: () => write('') };
}

async function print(run: Run, { format, output }: CheckOptions): Promise<void> {
  const colors = output === undefined && isatty(process.stdout.fd) && !process.env.NO_COLOR;
  const width = Math.max(60, process.stdout.isTTY ? process.stdout.columns : 100);
  const report =
    format === 'json' ? json(run) : [table(run, { width, paint: pc.createColors(colors) })];
  return write(report, output);
}

function exitCodeOf({ rows, problems }: Run, { exitZero }: CheckOptions): number {
  if (problems.length > 0) return exitCodes.unreadable;
  if (exitZero) return exitCodes.fine;
  const some = (outcome: Outcome) => rows.some(({ verdict }) => verdict.outcome === outcome);
  if (some('blocked')) return exitCodes.blocked;
  return some('unknown') ? exitCodes.unknown : exitCodes.fine;
}
