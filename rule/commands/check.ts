import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { isatty } from 'node:tty';
import { Command, Option } from 'commander';
import pc from 'picocolors';
import { runOf } from '../causes.ts';
import type { FlowLog } from '../model/facts.ts';
import type { Problem, Run } from '../model/result.ts';
import type { Outcome } from '../model/verdict.ts';
import { wordsOf } from '../model/words.ts';
import { json } from '../reports/json.ts';
import { table } from '../reports/table.ts';
import { readSnapshots } from '../sources/snapshot.ts';
import type { Listing, Source } from '../sources/source.ts';
import { survey, type Judged } from '../survey.ts';
import { complain } from './complain.ts';
import { exitCodes } from './exit-codes.ts';
import {
  alsoCheck,
  exemptions,
  exemptionsOf,
  organizationId,
  questionOf,
  requiredActions,
  type QuestionOptions,
} from './question-options.ts';

interface CheckOptions extends QuestionOptions {
  readonly snapshot?: readonly string[];
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
    .description('judge flow logs, from AWS Config snapshots or from the account itself')
    .option('--snapshot <file...>', 'AWS Config snapshot files, plain or .gz')
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
    .option('--quiet', 'no progress on standard error')
    .addHelpText('after', examples)
    .action(async (options: CheckOptions) => {
      end(await check(options));
    });

const examples = `
Exit codes: 0 all deliverable or exempt, 1 some blocked, 3 some unknown, 2 bad usage or unreadable input.

Examples:
  flow-log-key check --snapshot snapshot.json.gz       from a file that AWS Config delivered
  flow-log-key check --snapshot a.json b.json          flow logs, buckets and keys in several files
  flow-log-key check --live                            this account, this Region
  flow-log-key check --live --regions all              this account, every Region
  flow-log-key check --live --format json | jq '.summary'
`;

/** Reads, judges, prints; resolves with the exit code. */
async function check(options: CheckOptions): Promise<number> {
  const question = questionOf(options, await exemptionsOf(options.exemptions));
  const { source, listings, problems: unread } = await open(options);
  const problems = [...unread];
  const judged: Judged[] = [];
  const progress = progressOn(process.stderr, options);
  const flowLogs = everyFlowLog(listings, (problem) => problems.push(problem));
  for await (const each of survey(flowLogs, source, question)) {
    if ('verdict' in each) judged.push(each);
    else problems.push(lost(each.flowLog.region, each.flowLog.id, each.failure));
    progress.show(`judged ${judged.length} flow logs`);
  }
  progress.clear();
  const run = runOf(judged, problems, question);
  for (const { file, item, message } of problems)
    complain([file, item, message].filter((part) => part !== null).join(': '));
  if (judged.length === 0) complain('no flow log was found');
  await print(run, options);
  return exitCodeOf(run, options);
}

interface Opened {
  readonly source: Source;
  readonly listings: readonly Listing[];
  readonly problems: readonly Problem[];
}

async function open({ snapshot, live, regions, alsoCheck }: CheckOptions): Promise<Opened> {
  if (snapshot !== undefined && live) throw new Error('give --snapshot or --live, not both');
  if (regions !== undefined && !live) throw new Error('--regions goes with --live');
  if (snapshot !== undefined) return readSnapshots(snapshot);
  if (live) {
    // The AWS SDK is loaded only by those who need it.
    const { liveAccount } = await import('../sources/live-account.ts');
    return { ...(await liveAccount(regions, alsoCheck.includes('bucket-policy'))), problems: [] };
  }
  throw new Error('give --snapshot FILE... or --live; flow-log-key check --help shows how');
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

const lost = (file: string, item: string | null, error: unknown): Problem => ({
  file,
  item,
  message: wordsOf(error),
});

/** Counts on a terminal, for those who wait; nothing where nobody looks. */
function progressOn(stream: NodeJS.WriteStream, { quiet }: CheckOptions) {
  const write =
    stream.isTTY && !quiet ? (text: string) => stream.write(`\r\u001b[K${text}`) : () => true;
  return { show: write, clear: () => write('') };
}

async function print(run: Run, { format, output }: CheckOptions): Promise<void> {
  const colors = output === undefined && isatty(process.stdout.fd) && !process.env.NO_COLOR;
  const width = Math.max(60, process.stdout.isTTY ? process.stdout.columns : 100);
  const text =
    format === 'json' ? json(run) : table(run, { width, paint: pc.createColors(colors) });
  if (output === undefined) {
    process.stdout.write(text);
    return;
  }
  const existing = await stat(output).catch(() => undefined);
  // A pipe or a device is written to as it is.
  if (existing !== undefined && !existing.isFile()) return writeFile(output, text);
  // Whoever reads the file never sees half of it.
  const part = `${output}.${process.pid}.part`;
  try {
    await writeFile(part, text);
    await rename(part, existing === undefined ? output : await realpath(output));
  } finally {
    await rm(part, { force: true });
  }
}

function exitCodeOf({ results, problems }: Run, { exitZero }: CheckOptions): number {
  if (problems.length > 0) return exitCodes.unreadable;
  if (exitZero) return exitCodes.fine;
  const some = (outcome: Outcome) => results.some(({ verdict }) => verdict.outcome === outcome);
  if (some('blocked')) return exitCodes.blocked;
  return some('unknown') ? exitCodes.unknown : exitCodes.fine;
}
