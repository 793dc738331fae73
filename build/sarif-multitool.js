// Prints the path of Microsoft's SARIF Multitool, the validator of SARIF, and installs the tool first if needed. If the
// installation fails, prints nothing and gives the reason on standard error, and the tests with the tool are skipped.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const version = '5.7.0';
const folder = resolve(import.meta.dirname, '../.cache/sarif-multitool');
const installed = `${folder}/node_modules/@microsoft/sarif-multitool-linux`;
const program = `${installed}/Sarif.Multitool`;

const isThere = () =>
  existsSync(program) &&
  JSON.parse(readFileSync(`${installed}/package.json`, 'utf8')).version === version;

function install() {
  console.error(`fetching SARIF Multitool ${version} into ${folder}`);
  const options = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
  const wanted = `@microsoft/sarif-multitool-linux@${version}`;
  // Standard output is for the path only, so the output of npm goes to standard error.
  execFileSync('npm', ['install', '--prefix', folder, ...options, wanted], {
    stdio: ['ignore', process.stderr, process.stderr],
  });
  chmodSync(program, 0o755);
}

try {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(`this is ${process.platform} ${process.arch}`);
  if (!isThere()) install();
  console.log(program);
} catch (error) {
  console.error(
    `the validation of SARIF is skipped: SARIF Multitool needs linux x64, and npm (${error.message})`,
  );
}
