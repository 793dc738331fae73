import { createTwoFilesPatch } from 'diff';

/** Two policies as a unified diff, laid out one value a line. */
export const diff = (before: unknown, after: unknown): string =>
  createTwoFilesPatch('key policy', 'key policy, mended', layOut(before), layOut(after)).replace(
    /^=+\n/,
    '',
  );

const layOut = (policy: unknown): string => `${JSON.stringify(policy, null, 2)}\n`;
