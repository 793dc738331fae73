// Installs a program of PyPI into a virtual environment of its own, if needed, and prints the path of the program. If the
// installation fails, prints nothing and gives the reason on standard error, and the tests with the program are skipped.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The requirements are in `build/NAME-requirements.txt`, the environment is `.cache/NAME`. */
export function printProgram(name, program) {
  const requirements = resolve(import.meta.dirname, `${name}-requirements.txt`);
  const folder = resolve(import.meta.dirname, '../.cache', name);
  const installed = `${folder}/installed.txt`;
  const wanted = readFileSync(requirements, 'utf8');
  const isThere = existsSync(installed) && readFileSync(installed, 'utf8') === wanted;
  try {
    if (!isThere) {
      install(name, { folder, requirements });
      writeFileSync(installed, wanted);
    }
    console.log(`${folder}/bin/${program}`);
  } catch (error) {
    console.error(
      `the tests of test/e2e with ${name} are skipped: ${name} needs python3 with venv, and PyPI (${error.message})`,
    );
  }
}

function install(name, { folder, requirements }) {
  console.error(`fetching ${name} into ${folder}`);
  rmSync(folder, { recursive: true, force: true });
  run('python3', '-m', 'venv', folder);
  const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary', ':all:'];
  run(`${folder}/bin/pip`, 'install', ...options, '--requirement', requirements);
}

// Standard output is for the path only, so the output of these programs goes to standard error.
const run = (program, ...args) =>
  execFileSync(program, args, { stdio: ['ignore', process.stderr, process.stderr] });
