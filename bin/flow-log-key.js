#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The exit code of a crash, as of input that could not be read: 1 would mean a blocked flow log. */
const CRASHED = 2;

// The SDK's advice about Node versions is for the maintainers of this command, not for its users.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

process.on('uncaughtException', (error) => {
  crash(`stopped by a mistake of its own, which is worth a report: ${error}`);
});
process.stdout.on('error', ({ code }) => {
  // A reader such as `head` may close the pipe early: the exit code stays the same.
  if (code === 'EPIPE') return;
  const why = code === 'ENOSPC' ? 'no space is left' : code;
  crash(`standard output cannot be written (${why}): give --output with a file elsewhere`);
});
// Nobody can be told.
process.stderr.on('error', () => undefined);

function crash(why) {
  process.stderr.write(`flow-log-key: ${String(why).replace(/\s+/g, ' ')}\n`);
  process.exit(CRASHED);
}

/** Loads the bundle. A checkout without a bundle of its sources runs the sources. */
async function load() {
  const root = fileURLToPath(new URL('..', import.meta.url));
  if (existsSync(`${root}rule`)) {
    const { isBundled } = await import('../build/sources.js');
    if (!isBundled(root)) {
      const { tsImport } = await import('tsx/esm/api');
      return tsImport('../rule/desk/cli.ts', import.meta.url);
    }
  }
  return import('../dist/desk/index.js');
}

const { main } = await load();
process.exitCode = await main(process.argv.slice(2));
