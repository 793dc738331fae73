// Builds the functions, each with the SDK in one file, and the command line. Modules that are imported on demand get files
// of their own.
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, relative, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { declarationsOf } from './declarations.js';
import { noticesOf, notPermissive } from './licences.js';
import { pageTexts } from './page.js';
import { noteSources, sourcesIn } from './sources.js';

/** Code in place of modules: of the SDK, and of ours that a checkout runs. */
const replacements = [
  {
    // rolldown 1.2.0 confuses a re-exported default import of a Node module with the module.
    id: /node-http-handler.dist-es.node-https\.js$/,
    code: 'import https from "node:https"; export const node_https = https;',
  },
  {
    // No answer of ours has a checksum of this kind, and node:zlib takes a tenth of the start of an empty function.
    id: /crc32.Crc32Node\.js$/,
    code: 'export { Crc32Js as Crc32Node } from "./Crc32Js";',
  },
  {
    id: /reports.html.page-texts\.ts$/,
    code: `export const pageTexts = ${JSON.stringify(await pageTexts())};`,
  },
].map(({ id, code }, nth) => ({
  name: `replacement-${nth}`,
  transform: { filter: { id }, handler: () => ({ code, map: null }) },
}));

/** Modules that are imported on demand get a file each; the rest is one file. */
const onDemand = {
  includeDependenciesRecursively: false,
  groups: [
    {
      name: 'findings',
      test: /\/security-hub\/(read|import)\.ts$|\/client-securityhub\//,
      priority: 1,
    },
    {
      name: 'ssm',
      test: /\/sources\/exemptions\/(list|parameter)\.ts$|\/sources\/aws\/stored-parameter\.ts$|\/mend\/shown-execution\.ts$|\/client-ssm\//,
      priority: 1,
    },
    {
      name: 'organization',
      test: /\/sources\/aws\/organization\.ts$|\/client-organizations\//,
      priority: 1,
    },
    { name: 'roles', test: /\/aws\/assume-role\.ts$|\/client-sts\//, priority: 1 },
    { name: 'index', test: /./ },
  ],
};

/**
 * The table of runs is read in scheduled runs only, with all that the client of DynamoDB alone needs. The other functions
 * need DynamoDB from the start.
 */
const onDemandWithRuns = {
  ...onDemand,
  groups: [
    {
      name: 'runs',
      test: /\/evaluate\/runs-table\.ts$|\/(client-dynamodb|dynamodb-codec|endpoint-cache|middleware-endpoint-discovery|mnemonist|obliterator)\/|\/account-id-endpoint\//,
      priority: 1,
    },
    ...onDemand.groups,
  ],
};

/**
 * The command line starts with the first file alone: neither help nor a snapshot needs the SDK. Flow logs before deployment
 * are judged, and most reports written, by modules of their own.
 */
const onDemandAtDesk = {
  includeDependenciesRecursively: false,
  groups: [
    {
      name: 'planned',
      test: /\/sources\/(planned|template|plan)\/|\/judge\/(worlds|worlds-in-words|explore|further-facts|doubted-verdict)\.ts$|\/desk\/judge-planned\.ts$|\/remedy\/(planned-run|run-in-words)\.ts$|\/jsonc-parser\//,
      priority: 1,
    },
    {
      name: 'reports',
      test: /\/desk\/reports\/(csv|github|gravest|junit|markdown|root-path|sarif|xml)/,
      priority: 1,
    },
    { name: 'html', test: /\/reports\/html\//, priority: 1 },
    {
      name: 'completion',
      test: /\/desk\/completion\/(script|told-command|bash|zsh|fish)\.ts$/,
      priority: 1,
    },
    {
      name: 'explain',
      test: /\/desk\/explain-(flow-logs|existing)\.ts$|\/desk\/reports\/(explanation|request-lines)|\/judge\/(expla|facts-in-words|world-groups)|\/policy\/explained/,
      priority: 1,
    },
    { name: 'explain-planned', test: /\/desk\/explain-planned\.ts$/, priority: 1 },
    {
      name: 'existing',
      test: /\/sources\/aws\/(existing|exports|stored-parameter)\.ts$|\/client-(cloudformation|ssm)\//,
      priority: 1,
    },
    { name: 'index', tags: ['$initial'] },
    { name: 'aws' },
  ],
};

/** Lambda puts the credentials of the role into the environment. */
const lambdaCredentials = {
  '@aws-sdk/credential-provider-node': resolve('build/lambda-credentials.js'),
};

/** CDK apps import this file, and bring the CDK. */
const CDK = 'infra/cdk/index.ts';

const ROLLDOWN = resolve('node_modules/rolldown/package.json');

const entries = [
  {
    input: 'rule/evaluate/handler.ts',
    folder: 'dist/evaluate',
    format: 'cjs',
    alias: lambdaCredentials,
    codeSplitting: onDemandWithRuns,
    // A cold start loads index.cjs only.
    kilobytes: {
      'index.cjs': 450,
      'findings.cjs': 150,
      'ssm.cjs': 80,
      'organization.cjs': 40,
      'roles.cjs': 60,
      'runs.cjs': 100,
    },
  },
  {
    input: 'rule/mend/handler.ts',
    folder: 'dist/mend',
    format: 'cjs',
    alias: lambdaCredentials,
    codeSplitting: onDemand,
    kilobytes: { 'index.cjs': 500, 'ssm.cjs': 80, 'organization.cjs': 40, 'roles.cjs': 60 },
  },
  {
    input: 'rule/ripple/handler.ts',
    folder: 'dist/ripple',
    format: 'cjs',
    alias: lambdaCredentials,
    codeSplitting: onDemand,
    kilobytes: { 'index.cjs': 400, 'roles.cjs': 60 },
  },
  {
    input: 'rule/gate/handler.ts',
    folder: 'dist/gate',
    format: 'cjs',
    alias: lambdaCredentials,
    codeSplitting: onDemand,
    kilobytes: { 'index.cjs': 620, 'ssm.cjs': 80, 'organization.cjs': 40, 'roles.cjs': 60 },
  },
  {
    input: 'rule/desk/cli.ts',
    folder: 'dist/desk',
    format: 'esm',
    alias: {},
    codeSplitting: onDemandAtDesk,
    kilobytes: {
      'index.js': 300,
      'aws.js': 700,
      'planned.js': 100,
      'existing.js': 100,
      'reports.js': 20,
      'completion.js': 10,
      'explain.js': 20,
      'explain-planned.js': 5,
      'html.js': 40,
    },
  },
  {
    input: CDK,
    folder: 'dist/cdk',
    format: 'cjs',
    alias: {},
    external: [/^aws-cdk-lib($|\/)/, 'constructs'],
    codeSplitting: onDemand,
    kilobytes: { 'index.cjs': 320 },
  },
];

const sources = sourcesIn('.');

/** The modules in each bundle, which a release lists. */
const modulesIn = {};

for (const { input, folder, format, alias, external = [], codeSplitting, kilobytes } of entries) {
  rmSync(folder, { recursive: true, force: true });
  const bundle = await rolldown({
    input,
    platform: 'node',
    external,
    plugins: replacements,
    resolve: { mainFields: ['module', 'main'], alias },
    preserveEntrySignatures: 'allow-extension',
  });
  const extension = format === 'cjs' ? 'cjs' : 'js';
  const names = { entryFileNames: `index.${extension}`, chunkFileNames: `[name].${extension}` };
  const options = { dir: folder, ...names, format, minify: true, sourcemap: true, codeSplitting };
  const { output } = await bundle.write(options);
  await bundle.close();
  const chunks = output.filter(({ type }) => type === 'chunk');
  // rolldown puts a few functions of its own into the files.
  const modules = [...chunks.flatMap(({ moduleIds }) => moduleIds), ROLLDOWN];
  writeFileSync(`${folder}/THIRD-PARTY-NOTICES.txt`, noticesOf(modules));
  modulesIn[basename(folder)] = modules.map((id) => relative('.', id)).sort();
  for (const { fileName, moduleIds } of chunks) {
    const file = `${folder}/${fileName}`;
    const size = Math.ceil(statSync(file).size / 1024);
    const budget = kilobytes[fileName] ?? 0;
    console.log(`${file}: ${size} KB of ${budget} KB`);
    if (size > budget) fail(`${file} is over its budget: see what was added to it`);
    for (const each of notPermissive(moduleIds))
      fail(`${file} holds ${each}, which is not known to be permissive`);
  }
}

// One copy of the constructs serves both kinds of modules, with types for each.
const { names, text: types } = declarationsOf(CDK);
writeFileSync(
  'dist/cdk/index.js',
  `import cdk from './index.cjs';\nexport const { ${names.join(', ')} } = cdk;\n`,
);
for (const file of ['index.d.ts', 'index.d.cts']) writeFileSync(`dist/cdk/${file}`, types);

writeFileSync('dist/modules.json', JSON.stringify(modulesIn, null, 1));

// An edit during the build leaves the bundle without its sources.
if (sources !== undefined && sourcesIn('.')?.equals(sources)) noteSources('.', sources);

function fail(why) {
  console.error(why);
  process.exitCode = 1;
}
