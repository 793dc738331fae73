import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

// Fetched by then, unless an end-to-end file runs alone.
const node24 = execFileSync(process.execPath, ['build/node24.js'], { encoding: 'utf8' }).trim();

/** The command that invokes a built function, as Lambda would under Node 24. */
export const functionCommand = (
  name: 'evaluate' | 'gate' | 'mend' | 'ripple',
  nodeOptions: readonly string[] = [],
): readonly [string, ...string[]] => [
  node24,
  ...nodeOptions,
  resolve('test/e2e/invoke.cjs'),
  resolve(`dist/${name}/index.cjs`),
];
