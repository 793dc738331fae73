#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// The SDK's advice about Node versions is for the maintainers of this command, not for its users.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
// A reader such as `head` may close the pipe early: the exit code stays the same.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
});

/** Loads the bundle. A checkout without a bundle of its sources runs the sources. */
async function load() {
  const root = fileURLToPath(new URL('..', import.meta.url));
  if (existsSync(`${root}rule`)) {
    const { isBundled } = await import('../build/digest.js');
    if (!isBundled(root)) {
      const { tsImport } = await import('tsx/esm/api');
      return tsImport('../rule/desk/cli.ts', import.meta.url);
    }
  }
  return import('../dist/desk/index.js');
}

const { main } = await load();
process.exitCode = await main(process.argv.slice(2));
