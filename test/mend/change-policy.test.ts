import { setTimeout as wait } from 'node:timers/promises';
import { randomFrom } from '../e2e/random.ts';
import {
  laggingKey,
  mendLagging,
  type LaggingKey,
  type LaggingKeyOptions,
  type Mended,
} from './lagging-key.ts';

/** A step of the automation has 300 s, less 10 s for the answer, at a pace of 500 ms. */
const PACES_PER_STEP = 580;

const arnOf = (nth: number): string => `arn:aws:logs:us-east-1:${String(nth).padStart(12, '0')}:*`;

const textOf = (key: LaggingKey): string => JSON.stringify(key.now());

const numbers = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, nth) => nth);

describe('50 mends of a key at once', () => {
  it.each([
    ['where reads do not lag', 0],
    ['where reads lag for 5 paces', 5],
  ])('%s all end well, more with each round, and none is lost', async (_, lagPaces) => {
    const paceMs = 10;
    const key = laggingKey({ lagMs: lagPaces * paceMs, seed: 1 });
    let left = numbers(50);
    let rounds = 0;
    while (left.length > 0) {
      rounds += 1;
      const before = left.length;
      const mended = await Promise.all(
        left.map((nth) =>
          mendLagging(key, {
            id: `${nth}-${rounds}`,
            name: arnOf(nth),
            paceMs,
            paces: PACES_PER_STEP,
          }),
        ),
      );
      // On a busy machine the time of a step may end between a put and the reads after the put.
      for (const [at, { ending }] of mended.entries())
        if (ending.kind === 'failed' && ending.written === 'no')
          expect(ending.message).toMatch(/^nothing was written: .*run/);
        else expect(textOf(key)).toContain(arnOf(left[at] ?? NaN));
      left = left.filter((_, at) => mended[at]?.ending.kind === 'failed');
      // The number of rounds depends on the machine.
      expect(left.length).toBeLessThan(before);
    }
    for (const nth of numbers(50)) expect(textOf(key)).toContain(arnOf(nth));
  });
});

const failures: readonly (readonly [string, LaggingKeyOptions['failure']])[] = [
  ['no put fails', undefined],
  ['the first puts are throttled', (nth) => (nth <= 2 ? 'throttled' : undefined)],
  ['the first put is lost', (nth) => (nth === 1 ? 'lost before' : undefined)],
  ['the answer to the first put is lost', (nth) => (nth === 1 ? 'lost after' : undefined)],
];

/** Edits that are neither in the policy nor in a policy that a failed mend kept. */
function lostInSilence(key: LaggingKey, sids: readonly string[], mended: readonly Mended[]) {
  const told = mended.flatMap(({ ending, kept }) =>
    ending.kind === 'failed' ? kept.map(({ text }) => text) : [],
  );
  return sids.filter((sid) => ![textOf(key), ...told].some((text) => text.includes(`"${sid}"`)));
}

describe('edits of somebody during two mends', () => {
  it.each(failures)('are never lost in silence where %s', async (_, failure) => {
    const paceMs = 20;
    const run = async (seed: number): Promise<readonly string[]> => {
      const random = randomFrom(seed);
      // A shorter lag may hide an edit between two reads.
      const lagMs = (30 + random() * 60) * paceMs;
      const key = laggingKey({ lagMs, seed, ...(failure && { failure }) });
      const sids = ['edit-1', 'edit-2', 'edit-3'];
      const edits = sids.map(async (Sid) => {
        await wait(random() * 100 * paceMs);
        key.edit({ Sid });
      });
      const mends = numbers(2).map(async (nth) => {
        await wait(random() * 60 * paceMs);
        const mending = { id: `e${nth}`, name: arnOf(nth), paceMs, paces: 300 };
        return mendLagging(key, mending);
      });
      await Promise.all(edits);
      const mended = await Promise.all(mends);
      const wrong = mended.flatMap(({ ending }, nth) =>
        ending.kind === 'changed' && !textOf(key).includes(arnOf(nth)) ? [`lacks ${nth}`] : [],
      );
      return [...lostInSilence(key, sids, mended), ...wrong].map((each) => `seed ${seed}: ${each}`);
    };
    expect((await Promise.all(numbers(40).map(run))).flat()).toEqual([]);
  });
});
