import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const snapshot = 'examples/workload-111122223333-us-east-1.json';
const template = 'examples/network.yaml';
const plan = 'test/plan-cases/alias-arn.json';

/** Runs a line of a shell, with the command line as `$key`. */
const shell = (line: string, input: string | Buffer = '') => {
  const env = { ...process.env, key: 'bin/flow-log-key.js' };
  const { status, stdout, stderr } = spawnSync('bash', ['-c', line], { input, env });
  return { code: status, out: stdout.toString(), err: stderr.toString() };
};

const noSpace =
  'flow-log-key: standard output cannot be written (no space is left): give --output with a file elsewhere\n';

describe('a full disk behind standard output ends with 2', () => {
  it.each([
    `node $key check --snapshot ${snapshot}`,
    `node $key check --snapshot ${snapshot} --format json`,
    `node $key check --snapshot ${snapshot} --exit-zero --quiet`,
    'node $key --help',
    'node $key --version',
    'node $key check --help',
    'node $key statement --organization-id o-a1b2c3d4e5',
    'node $key completion bash',
    `node $key remedy fl-01a00000000000001 --snapshot ${snapshot}`,
  ])('%s', (line) => {
    expect(shell(`${line} > /dev/full`)).toEqual({ code: 2, out: '', err: noSpace });
  });

  it('and so does a full disk behind --output', () => {
    const { code, err } = shell(`node $key check --snapshot ${snapshot} --output /dev/full`);
    expect({ code, err }).toEqual({
      code: 2,
      err: 'flow-log-key: --output /dev/full: has no space left to be written: free some, or give a file elsewhere\n',
    });
  });

  it('but a full disk behind standard error leaves the exit code', () => {
    expect(shell(`node $key check --snapshot ${snapshot} none.json 2> /dev/full`).code).toBe(2);
    expect(shell(`node $key check --snapshot ${snapshot} 2> /dev/full`).code).toBe(1);
  });
});

describe('a crash ends with 2 and one line', () => {
  const crashing = (code: string) => `node --import 'data:text/javascript,${code}' $key`;
  it.each([
    [
      'outside of everything',
      'process.stdout.write = () => { setImmediate(() => { throw new TypeError(1) }); return true; }',
    ],
    [
      'of a promise that nobody awaits',
      'process.stdout.write = () => { Promise.reject(new TypeError(1)); return true; }',
    ],
    ['inside', 'process.stdout.write = () => { throw new TypeError(1) }'],
  ])('%s', (_, code) => {
    const ended = shell(`${crashing(code)} check --snapshot ${snapshot} --format json`);
    expect(ended.code).toBe(2);
    expect(ended.err).toMatch(/^flow-log-key: .*TypeError: 1.*\n$/);
  });
});

describe('- is standard input', () => {
  const ids = (text: string) =>
    text.match(/fl-\w+|(Accepted|Rejected)Traffic|aws_flow_log[.\w]+/g)?.length;
  it.each([
    ['a snapshot', 'check --snapshot -', snapshot],
    ['a template', 'check --template -', template],
    ['a plan', 'check --plan -', plan],
  ])('%s', (_, args, file) => {
    const piped = shell(`node $key ${args}`, readFileSync(file));
    const named = shell(`node $key ${args.replace(/ -$/, ` ${file}`)}`);
    const redirected = shell(`node $key ${args} < ${file}`);
    expect(piped).toEqual(redirected);
    expect({ ...piped, out: ids(piped.out) }).toEqual({ ...named, out: ids(named.out) });
    expect(ids(piped.out)).toBeGreaterThan(0);
  });

  it.each([
    ['a zipped snapshot', '--snapshot -', gzipSync(readFileSync(snapshot)), 1, ''],
    ['a snapshot beside another', `--snapshot - ${snapshot}`, readFileSync(snapshot), 1, ''],
    [
      'nothing',
      '--snapshot -',
      '',
      2,
      'flow-log-key: standard input: is empty: give a file with items of AWS Config\nflow-log-key: no flow log was found\n',
    ],
    [
      'no plan',
      '--plan -',
      '{',
      2,
      /^flow-log-key: standard input: is not JSON, .*: run terraform show -json/,
    ],
    [
      'exemptions',
      `--snapshot ${snapshot} --exemptions -`,
      '{',
      2,
      /^flow-log-key: --exemptions -: is not JSON/,
    ],
  ])('%s', (_, args, input, code, err) => {
    const ended = shell(`node $key check ${args}`, input);
    expect(ended.code).toBe(code);
    expect(ended.err).toMatch(
      typeof err === 'string' ? RegExp(`^${err.replace(/[()]/g, '.')}$`) : err,
    );
  });
});
