// Builds what is shipped: each Lambda entry and the command line as one file each, SDK included.
import { rmSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { rolldown } from 'rolldown';

/**
 * rolldown 1.2.0 reads a default import of a Node module that is only re-exported as if it were the module; the
 * SDK's HTTP handler has one such file, which this writes differently.
 */
const nodeHttps = {
  name: 'node-https',
  transform: {
    filter: { id: /node-http-handler.dist-es.node-https\.js$/ },
    handler: () => ({
      code: 'import https from "node:https"; export const node_https = https;',
      map: null,
    }),
  },
};

const entries = [
  {
    input: 'rule/handler.ts',
    file: 'dist/handler/index.cjs',
    format: 'cjs',
    alias: { '@aws-sdk/credential-provider-node': resolve('build/lambda-credentials.js') },
    // What a cold start may load.
    kilobytes: 450,
  },
  { input: 'rule/cli.ts', file: 'dist/cli/index.js', format: 'esm', alias: {}, kilobytes: 1000 },
];

for (const { input, file, format, alias, kilobytes } of entries) {
  rmSync(resolve(file, '..'), { recursive: true, force: true });
  const bundle = await rolldown({
    input,
    platform: 'node',
    plugins: [nodeHttps],
    resolve: { mainFields: ['module', 'main'], alias },
  });
  await bundle.write({ file, format, minify: true, sourcemap: true, codeSplitting: false });
  await bundle.close();
  const size = Math.ceil(statSync(file).size / 1024);
  console.log(`${file}: ${size} KB of ${kilobytes} KB`);
  if (size > kilobytes) {
    console.error(`${file} is over its budget: see what was added to it`);
    process.exitCode = 1;
  }
}
