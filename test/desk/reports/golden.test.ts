import { readFileSync, writeFileSync } from 'node:fs';
import { flowLogKey } from '../command-line.ts';
import { endings, samples } from './samples.ts';

const rows = Object.entries(samples).flatMap(([sample, args]) =>
  Object.entries(endings).map(([format, ending]) => [format, sample, ending, args] as const),
);

describe('the report', () => {
  it.each(rows)(
    'in %s of the sample %s is the one that a reviewer has read',
    async (format, sample, ending, args) => {
      const { out } = await flowLogKey('check', ...args, '--format', format);
      const file = `test/golden/${sample}.${ending}`;
      if (process.env.GOLDEN === 'write') writeFileSync(file, out);
      expect(out).toBe(readFileSync(file, 'utf8'));
    },
  );
});
