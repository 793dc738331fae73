// Prints the path of a server of moto, an emulator of AWS by others, which it first fetches if it is not there yet. Where
// that cannot be, prints nothing, and says why on standard error: what needs it is then skipped.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

const requirements = resolve(import.meta.dirname, 'moto-requirements.txt');
const folder = resolve(import.meta.dirname, '../.cache/moto');
const installed = `${folder}/installed.txt`;
const wanted = readFileSync(requirements, 'utf8');

const isThere = () => existsSync(installed) && readFileSync(installed, 'utf8') === wanted;

// Their standard output is not ours: ours is the path alone.
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
    `test/e2e/moto.e2e.ts is skipped: moto needs python3 with venv, and PyPI (${error.message})`,
  );
}
