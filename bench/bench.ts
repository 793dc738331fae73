/**
 * Measures the start, the reader of policies, snapshots, surveys and aggregators, each beside a reference in the same run.
 * A program measures once and prints lines of JSON; repetitions take turns, and medians count. Read the ratios: machines
 * differ.
 *
 *     npm run -s bench -- [--json] [--output FILE] [--only PROGRAM,...] [--sizes [PROGRAM:]N,...] [--repetitions N]
 *
 * A size with the name of a program is for this program alone, `aggregator:1000000` for example.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { median, tableOf, type Measurement, type Result, type Results } from './results.ts';

const programs = ['reader', 'start', 'snapshot', 'survey', 'aggregator', 'html'];

/** The programs that measure a number of flow logs. */
const sized = ['snapshot', 'survey', 'aggregator'];

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    output: { type: 'string' },
    only: { type: 'string', default: programs.join() },
    sizes: { type: 'string', default: '1000,10000,100000' },
    repetitions: { type: 'string', default: '3' },
  },
});
const repetitions = Number(options.repetitions);

/** Sizes of all programs, or of one. */
const sizes = options.sizes.split(',').map((text) => {
  const [size, only] = text.split(':').reverse();
  return { size: Number(size), only };
});

const sizesOf = (program: string): readonly (number | null)[] =>
  sized.includes(program)
    ? sizes.filter(({ only = program }) => only === program).map(({ size }) => size)
    : [null];

const turns = options.only
  .split(',')
  .flatMap((program) => sizesOf(program).map((size) => ({ program, size })));

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
const text = options.json ? `${JSON.stringify(run, null, 2)}\n` : tableOf(run);
if (options.output === undefined) process.stdout.write(text);
else writeFileSync(options.output, text);
