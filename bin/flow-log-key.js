#!/usr/bin/env node
import { existsSync } from 'node:fs';

// The SDK's advice about Node versions is for the maintainers of this command, not for its users.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
// A reader such as `head` may close the pipe early: the exit code stays the same.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
});

/** Loads the sources in a checkout, the bundle in a package. */
async function load() {
  if (!existsSync(new URL('../rule/desk/cli.ts', import.meta.url)))
    return import('../dist/desk/index.js');
  const { tsImport } = await import('tsx/esm/api');
  return tsImport('../rule/desk/cli.ts', import.meta.url);
}

const { main } = await load();
process.exitCode = await main(process.argv.slice(2));
