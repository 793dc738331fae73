#!/usr/bin/env node
import { existsSync } from 'node:fs';

// The SDK's advice about Node versions is for those who maintain this, not for those who run it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
// Whoever reads our output may have seen enough of it; the exit code is as it would be.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
});

/** The sources in a checkout, the bundle in a package. */
async function load() {
  if (!existsSync(new URL('../rule/desk/cli.ts', import.meta.url)))
    return import('../dist/desk/index.js');
  const { tsImport } = await import('tsx/esm/api');
  return tsImport('../rule/desk/cli.ts', import.meta.url);
}

const { main } = await load();
process.exitCode = await main(process.argv.slice(2));
