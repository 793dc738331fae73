import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { noticesOf } from '../../build/licences.js';
import { packBody } from '../rule/pack.ts';
import { archive, sha256 } from './archive.ts';
import { evaluatorPolicy } from './evaluator-policy.ts';
import { type Commit, sbom } from './sbom.ts';
import { releasedTemplates } from './templates.ts';

/** Makes the folder of a release from the bundles in dist/. One commit always makes the same bytes. */

const FOLDER = 'release';

/** The bundles, by the names of the files in a release. */
const functions = {
  evaluator: 'evaluate',
  mender: 'mend',
  ripple: 'ripple',
  hook: 'gate',
} as const;
const others = { 'command-line': 'desk', cdk: 'cdk' } as const;

function commitOf(): Commit {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { encoding: 'utf8' }).trim();
  if (git('status', '--porcelain') !== '')
    process.stderr.write('this release has changes that no commit has\n');
  const [id = '', seconds] = git('log', '-1', '--format=%H %ct').split(' ');
  return { id, time: new Date(Number(seconds) * 1000).toISOString() };
}

const commit = commitOf();
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const listed = JSON.parse(readFileSync('dist/modules.json', 'utf8')) as Record<string, string[]>;
const modulesOf = (bundle: string): readonly string[] =>
  (listed[bundle] ?? []).map((id) => resolve(id));
// \`npm run synth\` validates the templates of the app, and here are hundreds.
process.env.CDK_VALIDATION = 'false';

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER);
const write = (name: string, content: string | Buffer): void => {
  writeFileSync(join(FOLDER, name), content);
};

// The names change with the code: CloudFormation updates a function only if the name of the file changes.
const files = Object.fromEntries(
  Object.entries(functions).map(([name, bundle]) => {
    const zip = archive(join('dist', bundle));
    const file = `${name}-${sha256(zip).slice(0, 12)}.zip`;
    write(file, zip);
    return [bundle, file];
  }),
);
for (const [name, text] of Object.entries(releasedTemplates(files, version))) write(name, text);
write('conformance-pack.yaml', packBody());
write('evaluator-policy.json', evaluatorPolicy());
for (const [name, bundle] of Object.entries({ ...functions, ...others }))
  write(`${name}.cdx.json`, sbom(name, { modules: modulesOf(bundle), version, commit }));
write('THIRD-PARTY-NOTICES.txt', noticesOf(Object.keys(listed).flatMap(modulesOf)));
execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', FOLDER]);

const sums = readdirSync(FOLDER)
  .sort()
  .map((name) => `${sha256(readFileSync(join(FOLDER, name)))}  ${name}\n`);
write('SHA256SUMS', sums.join(''));
