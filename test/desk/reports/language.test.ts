import { formats } from '../../../rule/desk/reports/formats.ts';
import { keyArn } from '../../world.ts';
import { rowOf, runOf, verdictOf } from './runs.ts';

const plain = (text: string): string => text;

async function report(format: 'table' | 'markdown' | 'html', key: string): Promise<string> {
  const run = {
    ...runOf([rowOf('FlowLog', verdictOf({ outcome: 'blocked', key }))]),
    language: 'cloudformation',
  } as const;
  const paint = { dim: plain, red: plain, yellow: plain, green: plain };
  const write = await formats[format]();
  return [...write(run, { width: 100, paint, root: process.cwd() })].join('');
}

const forms = { YAML: /- Sid: FlowLogKeyRule/, JSON: /\\?"Sid\\?": \\?"FlowLogKeyRule\\?"/ };

describe('the statement in a report on templates', () => {
  it.each([
    ['table', 'LogKey', 'YAML'],
    ['table', keyArn, 'JSON'],
    ['markdown', 'LogKey', 'YAML'],
    ['markdown', keyArn, 'JSON'],
    ['html', 'LogKey', 'YAML'],
    ['html', keyArn, 'JSON'],
  ] as const)(
    'is in the language of the templates for their keys, and JSON for other keys: %s, %s',
    async (format, key, form) => {
      const text = await report(format, key);
      expect(
        Object.entries(forms).flatMap(([name, shape]) => (shape.test(text) ? name : [])),
      ).toEqual([form]);
    },
  );
});
