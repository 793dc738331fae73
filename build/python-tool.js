// Installs programs of PyPI into folders of their own below .cache/.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

// Standard output is for the path only, so the output of these programs goes to standard error.
const run = (program, ...args) =>
  execFileSync(program, args, { stdio: ['ignore', process.stderr, process.stderr] });

/**
 * Prints the path of a program, and installs the packages of build/NAME-requirements.txt first if needed. If the
 * installation fails, prints nothing and gives the reason on standard error, and the tests with the program are skipped.
 * @param {{ name: string, program: string, tests: string }} tool
 */
export function printPythonTool({ name, program, tests }) {
  const requirements = resolve(import.meta.dirname, `${name}-requirements.txt`);
  const folder = resolve(import.meta.dirname, '../.cache', name);
  const installed = `${folder}/installed.txt`;
  const wanted = readFileSync(requirements, 'utf8');
  try {
    if (!existsSync(installed) || readFileSync(installed, 'utf8') !== wanted) {
      console.error(`fetching ${name} into ${folder}`);
      rmSync(folder, { recursive: true, force: true });
      run('python3', '-m', 'venv', folder);
      const options = [
        '--quiet',
        '--disable-pip-version-check',
        '--no-deps',
        '--only-binary=:all:',
      ];
      run(`${folder}/bin/pip`, 'install', ...options, '--requirement', requirements);
      writeFileSync(installed, wanted);
    }
    console.log(`${folder}/bin/${program}`);
  } catch (error) {
    console.error(
      `${tests} are skipped: ${name} needs python3 with venv, and PyPI (${error.message})`,
    );
  }
}
