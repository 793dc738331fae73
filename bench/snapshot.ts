/** Measures `check --snapshot` beside a program that reads the file and parses the JSON. */
import { mkdtempSync, rmSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { sizeAsked, tell } from './results.ts';
import { run } from './processes.ts';
import { writeSnapshot } from './snapshot-world.ts';

const flowLogs = sizeAsked();
const folder = mkdtempSync(join(tmpdir(), 'snapshot-'));
const file = join(folder, 'snapshot.json');
await writeSnapshot(file, { flowLogs, buckets: flowLogs / 10, keys: flowLogs / 20 });

const parse = `JSON.parse(require('node:fs').readFileSync(${JSON.stringify(file)}, 'utf8'))`;
const theirs = await run(['--eval', parse]);
const options = ['--quiet', '--format', 'json', '--output', devNull];
const ours = await run(['bin/flow-log-key.js', 'check', '--snapshot', file, ...options]);
if (ours.exitCode !== 1) throw new Error(`exit code ${ours.exitCode}: some should be blocked`);
rmSync(folder, { recursive: true });

const what = 'check --snapshot';
const reference = 'read and JSON.parse';
tell({
  what: `CPU of ${what}`,
  reference,
  unit: 's',
  goal: 5,
  ours: ours.seconds,
  theirs: theirs.seconds,
});
tell({
  what: `memory of ${what}`,
  reference,
  unit: 'MiB',
  goal: 2.5,
  ours: ours.mib,
  theirs: theirs.mib,
});
