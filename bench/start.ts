/** Measures the start of the evaluator and of the command line, in processes of their own. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, tell } from './results.ts';
import { run } from './processes.ts';

const ROUNDS = 9;

/** Starts two programs in turns; resolves with the CPU of each, in milliseconds. */
async function inTurns(ours: readonly string[], theirs: readonly string[]) {
  const rounds = [];
  for (let nth = 0; nth < ROUNDS; nth++) rounds.push([await run(ours), await run(theirs)] as const);
  return {
    ours: 1000 * median(rounds.map(([mine]) => mine.seconds)),
    theirs: 1000 * median(rounds.map(([, other]) => other.seconds)),
  };
}

const folder = mkdtempSync(join(tmpdir(), 'start-'));
mkdirSync(join(folder, 'dist/desk'), { recursive: true });
for (const path of ['bin/flow-log-key.js', 'package.json', 'dist/desk'])
  cpSync(path, join(folder, path), { recursive: true });
const empty = join(folder, 'index.cjs');
writeFileSync(empty, 'exports.handler = () => Promise.resolve();');

tell({
  what: 'cold import of the evaluator',
  reference: 'an empty handler',
  unit: 'ms',
  // Out of reach with the SDK: a handler that requires node:https, as every call to AWS does, takes 1.5. The SDK's clients for
  // AWS Config, EC2, S3 and KMS alone take 2.8, on 600 small modules without a large one among them.
  goal: 2,
  ...(await inTurns(['dist/evaluate/index.cjs'], [empty])),
});
tell({
  what: 'flow-log-key --help from a checkout',
  reference: 'the same from the package',
  unit: 'ms',
  goal: 1.25,
  ...(await inTurns(
    ['bin/flow-log-key.js', '--help'],
    [join(folder, 'bin/flow-log-key.js'), '--help'],
  )),
});
rmSync(folder, { recursive: true });
