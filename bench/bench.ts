/**
 * Measures the start, the reader of policies, snapshots, surveys and aggregators, each beside a reference in the same run.
 * A program measures once and prints lines of JSON; repetitions take turns, and medians count. Read the ratios: machines
 * differ.
 *
 *     npm run -s bench [-- --json] [--only PROGRAM,...] [--sizes N,...] [--repetitions N]
 */
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { median, type Measurement } from './measurement.ts';
import { tableOf, type Result, type Results } from './results.ts';

const sizes = [1_000, 10_000, 100_000];

/** The programs, with the numbers of flow logs that each measures. */
const programs: Record<string, readonly (number | null)[]> = {
  reader: [null],
  start: [null],
  snapshot: sizes,
  survey: sizes,
  aggregator: sizes,
};

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string', default: Object.keys(programs).join() },
    sizes: { type: 'string', default: sizes.join() },
    repetitions: { type: 'string', default: '3' },
  },
});
const repetitions = Number(options.repetitions);
const chosen = options.sizes.split(',').map(Number);

const turns = options.only.split(',').flatMap((program) => {
  const ofProgram = programs[program];
  if (ofProgram === undefined)
    throw new Error(`no program ${program}: choose from ${Object.keys(programs).join()}`);
  return ofProgram
    .filter((size) => size === null || chosen.includes(size))
    .map((size) => ({ program, size }));
});

function measured(program: string, size: number | null): readonly Measurement[] {
  const args = size === null ? [] : [String(size)];
  console.error([program, ...args].join(' '));
  const lines = execFileSync(process.execPath, [`bench/${program}.ts`, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Measurement);
}

const all = Array.from({ length: repetitions }, () =>
  turns.flatMap(({ program, size }) => measured(program, size).map((each) => ({ ...each, size }))),
);

/** Every repetition measures the same in the same order. */
const results = (all[0] ?? []).map((first, nth): Result => {
  const repeated = all.flatMap((repetition) => repetition[nth] ?? []);
  return {
    ...first,
    ours: median(repeated.map(({ ours }) => ours)),
    theirs: median(repeated.map(({ theirs }) => theirs)),
    ratio: median(repeated.map(({ ours, theirs }) => ours / theirs)),
  };
});
const [cpu] = cpus();
const run: Results = {
  node: process.version,
  machine: `${cpus().length} cores, ${cpu?.model ?? process.arch}`,
  repetitions,
  results: results.toSorted(
    (a, b) => a.what.localeCompare(b.what) || (a.size ?? 0) - (b.size ?? 0),
  ),
};
process.stdout.write(options.json ? `${JSON.stringify(run, null, 2)}\n` : tableOf(run));
