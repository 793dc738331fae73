// Prints the path of the moto server, an emulator of AWS, and installs moto first if needed. If the installation fails,
// prints nothing and gives the reason on standard error, and the tests with moto are skipped.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

const requirements = resolve(import.meta.dirname, 'moto-requirements.txt');
const folder = resolve(import.meta.dirname, '../.cache/moto');
const installed = `${folder}/installed.txt`;
const wanted = readFileSync(requirements, 'utf8');

const isThere = () => existsSync(installed) && readFileSync(installed, 'utf8') === wanted;

// Standard output is for the path only, so the output of these programs goes to standard error.
const run = (program, ...args) =>
  execFileSync(program, args, { stdio: ['ignore', process.stderr, process.stderr] });

function install() {
  console.error(`fetching moto into ${folder}`);
  rmSync(folder, { recursive: true, force: true });
  run('python3', '-m', 'venv', folder);
  const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary', ':all:'];
  run(`${folder}/bin/pip`, 'install', ...options, '--requirement', requirements);
  writeFileSync(installed, wanted);
}

try {
  if (!isThere()) install();
  console.log(`${folder}/bin/moto_server`);
} catch (error) {
  console.error(
    `the tests of test/e2e with moto are skipped: moto needs python3 with venv, and PyPI (${error.message})`,
  );
}
