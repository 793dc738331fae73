import { readFileSync } from 'node:fs';
import { judgePlans } from './judge-plans.ts';

/** A plan that OpenTofu or Terraform wrote, `NAME.json` in the folder, and the true verdicts. */
interface JudgedCase {
  readonly flowLogs: readonly {
    readonly flowLog: string;
    readonly outcome: string;
    /** Any of several reasons is a true answer. */
    readonly reason: string | readonly string[] | null;
  }[];
}

const folder = 'test/plan-cases';
const cases = JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')) as Record<
  string,
  JudgedCase
>;

it.each(Object.entries(cases))('%s has the true verdicts', (name, { flowLogs }) => {
  const { verdicts, problems } = judgePlans([`${folder}/${name}.json`]);
  expect(problems).toEqual([]);
  expect([...verdicts.keys()]).toEqual(flowLogs.map(({ flowLog }) => flowLog));
  for (const { flowLog, outcome, reason } of flowLogs) {
    const verdict = verdicts.get(flowLog);
    expect(verdict).toMatchObject({ outcome });
    expect([reason].flat()).toContain(verdict?.reason);
  }
});

it.each(Object.keys(cases))('no made-up value stands in the messages about %s', (name) => {
  const { verdicts } = judgePlans([`${folder}/${name}.json`]);
  const messages = [...verdicts.values()].map(({ message }) => message).join('\n');
  expect(messages).not.toMatch(/\b99\d{10}\b|-made-\d|(zq|qz)\d+|[0-9a-f]{8}-[0-9a-f]{4}-5/);
});
