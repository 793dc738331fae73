import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { flowLogKey } from './command-line.ts';

const script = async (shell: string): Promise<string> => {
  const { code, out } = await flowLogKey('completion', shell);
  expect(code).toBe(0);
  return out;
};

const run = (shell: string, args: readonly string[], input: string) =>
  spawnSync(shell, args, { input, encoding: 'utf8' });

const isThere = (shell: string): boolean => run(shell, ['-c', 'exit'], '').status === 0;

/** What bash offers for the last word of a line. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const line = ['flow-log-key', ...words].map((word) => `'${word}'`).join(' ');
  const program = `${await script('bash')}
COMP_WORDS=(${line}); COMP_CWORD=${words.length}; _flow_log_key; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = run('bash', ['--norc', '-u'], program);
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
}

describe('completion in bash', () => {
  it.each<[readonly string[], readonly string[]]>([
    [[''], ['check', 'remedy', 'statement', 'completion', '--help', '--version']],
    [['ch'], ['check']],
    [['check', '--fo'], ['--format']],
    [
      ['check', '--format', 'j'],
      ['json', 'junit'],
    ],
    [
      ['check', '--format', '=', 'j'],
      ['json', 'junit'],
    ],
    [
      ['check', '--fail-on', '='],
      ['blocked', 'unknown'],
    ],
    [['check', '--only', 'blocked', 'un'], ['unknown']],
    [
      ['check', '--regions', 'us-east-1', 'eu-w'],
      ['eu-west-1', 'eu-west-2', 'eu-west-3'],
    ],
    [
      ['check', '--snapshot', 'a.json', 'examples/w'],
      ['examples/workload-111122223333-us-east-1.json'],
    ],
    [['check', '--format', 'json', '--sn'], ['--snapshot']],
    [['check', '--source', 'exam'], ['examples']],
    [['check', 'fl-'], []],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['statement', '--region', 'us-gov-w'], ['us-gov-west-1']],
    [['nothing', ''], []],
  ])('of %j is %j', async (words, expected) => {
    const found = await offered(...words);
    expect(expected.filter((each) => !found.includes(each))).toEqual([]);
    if (words.join() !== '') expect(found).toEqual(expected);
  });
});

describe.each(['bash', 'zsh', 'fish'])('the script for %s', (shell) => {
  it('has every command and option', async () => {
    const text = await script(shell);
    for (const command of ['check', 'remedy', 'statement']) {
      const { out } = await flowLogKey(command, '--help');
      const names = [...out.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, name = '']) => name);
      expect(names.length).toBeGreaterThan(5);
      expect(names.filter((name) => !text.includes(name.replace(/^--/, '')))).toEqual([]);
    }
  });

  (isThere(shell) ? it : it.skip)('has no mistake of syntax', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'completion-')), shell);
    writeFileSync(file, await script(shell));
    const { status, stderr } = run(shell, ['-n', file], '');
    rmSync(dirname(file), { recursive: true });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
