import { readFileSync } from 'node:fs';
import { flowLogKey } from '../desk/command-line.ts';

/** A snapshot from the field, `NAME.json` in this folder, and the true answer to a command. */
interface FieldCase {
  readonly sentence: string;
  readonly command: 'check' | 'remedy';
  readonly args: readonly string[];
  /** Only these properties are compared. */
  readonly expected: {
    /** Any of these is a true answer. */
    readonly outcomes?: readonly string[];
    readonly messageMustContain?: string;
    readonly messageMaxLength?: number;
    readonly exitCode?: number;
    readonly stdoutMustContain?: string;
    readonly stdoutMustNotContain?: string;
  };
}

const folder = 'test/field-cases';
const cases = JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')) as Record<
  string,
  FieldCase
>;

const answerTo = ([name, { command, args }]: readonly [string, FieldCase]) => {
  const snapshot = ['--snapshot', `${folder}/${name}.json`];
  return command === 'check'
    ? flowLogKey('check', ...snapshot, '--format', 'json', ...args)
    : flowLogKey('remedy', 'fl-00000000000000001', ...snapshot, ...args);
};

interface Report {
  readonly flowLogs: readonly { readonly outcome: string; readonly message: string }[];
}

it.each(Object.entries(cases).map((entry) => [entry[1].sentence, entry] as const))(
  '%s',
  async (_, entry) => {
    const { expected, command } = entry[1];
    const { code, out, err } = await answerTo(entry);
    if (command === 'check') {
      const [flowLog, ...more] = (JSON.parse(out) as Report).flowLogs;
      expect(more).toEqual([]);
      const { outcomes, messageMustContain = '', messageMaxLength = Infinity } = expected;
      expect(outcomes).toContain(flowLog?.outcome);
      expect(flowLog?.message).toContain(messageMustContain);
      expect(flowLog?.message.length).toBeLessThanOrEqual(messageMaxLength);
    }
    if (expected.exitCode !== undefined)
      expect({ code, err }).toMatchObject({ code: expected.exitCode });
    expect(out).toContain(expected.stdoutMustContain ?? '');
    if (expected.stdoutMustNotContain !== undefined)
      expect(out).not.toContain(expected.stdoutMustNotContain);
  },
);

it('The sentences differ, so that a failure names its case', () => {
  const sentences = Object.values(cases).map(({ sentence }) => sentence);
  expect(new Set(sentences).size).toBe(sentences.length);
});
