import fc from 'fast-check';
import { coalesce, type Rules, type StartResult } from '../../rule/ripple/coalesce.ts';
import type { Place } from '../../rule/model/place.ts';
import type { Edit } from '../../rule/ripple/edits.ts';

const place = (accountId: string): Place => ({ accountId, region: 'us-east-1' });
const edit = (messageId: string, sentAt: number, name = 'bucket'): Edit => ({
  messageId,
  sentAt,
  dependency: { kind: 'bucket', name },
});
const NOW = 1_000_000;
const APART = 5_000;

const rows: readonly [
  string,
  { readonly sentAt: number; readonly last?: number; readonly answer?: StartResult | Error },
  { readonly outcome: string; readonly again: boolean },
][] = [
  ['never started is started', { sentAt: NOW }, { outcome: 'started', again: false }],
  [
    'started before the edit is started',
    { sentAt: NOW, last: NOW - 1 },
    { outcome: 'started', again: false },
  ],
  [
    'started so soon after the edit that clocks may differ is started',
    { sentAt: NOW - APART, last: NOW - 1 },
    { outcome: 'started', again: false },
  ],
  [
    'started after the edit is not started',
    { sentAt: NOW - APART, last: NOW },
    { outcome: 'covered', again: false },
  ],
  [
    'that has to wait makes the queue deliver the edit again',
    { sentAt: NOW, answer: { kind: 'later', why: 'limit' } },
    { outcome: 'later', again: true },
  ],
  [
    'that fails makes the queue deliver the edit again',
    { sentAt: NOW, answer: new Error('throttled') },
    { outcome: 'later', again: true },
  ],
  [
    'that can never be started does not hold up the edit',
    { sentAt: NOW, answer: { kind: 'never', why: 'no role' } },
    { outcome: 'never', again: false },
  ],
];

describe('a dependent rule', () => {
  it.each(rows)('%s', async (_, { sentAt, last, answer = { kind: 'started' } }, expected) => {
    const { results, editsToRetry } = await coalesce([edit('m', sentAt)], () => [place('1')], {
      lastStart: () => Promise.resolve(last),
      start: () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)),
    });
    expect(results.map(({ kind }) => kind)).toEqual([expected.outcome]);
    expect(editsToRetry.length > 0).toBe(expected.again);
  });
});

describe('after many edits', () => {
  const limited: Rules = {
    lastStart: () => Promise.resolve(NOW),
    start: ({ accountId }) =>
      Promise.resolve(accountId === 'busy' ? { kind: 'later', why: 'limit' } : { kind: 'started' }),
  };

  it('only the edits without a later start of a dependent rule are retried', async () => {
    const edits = [edit('old', NOW - APART), edit('new', NOW), edit('other', NOW, 'other')];
    const places = (about: Edit['dependency']) =>
      about.kind === 'bucket' && about.name === 'other' ? [place('free')] : [place('busy')];
    const { editsToRetry } = await coalesce(edits, places, limited);
    expect(editsToRetry.map(({ messageId }) => messageId)).toEqual(['new']);
  });

  it('each rule is started once', async () => {
    const starts: string[] = [];
    const edits = Array.from({ length: 100 }, (_, nth) =>
      edit(`m${String(nth)}`, NOW + nth, `bucket-${String(nth % 7)}`),
    );
    await coalesce(edits, () => [place('1'), place('2')], {
      lastStart: () => Promise.resolve(undefined),
      start({ accountId }) {
        starts.push(accountId);
        return Promise.resolve({ kind: 'started' });
      },
    });
    expect(starts.sort()).toEqual(['1', '2']);
  });

  it('an edit without dependent flow logs is done', async () => {
    expect(await coalesce([edit('m', NOW)], () => [], limited)).toEqual({
      results: [],
      editsToRetry: [],
    });
  });
});

// A queue, several pollers and AWS Config, with events in a random order -------------------------------------------

const MINUTE = 60_000;

/** Longer than any story. */
const LONG = 24 * 60 * MINUTE;

interface Message {
  readonly edit: Edit;
  visibleAt: number;
}

/** A story: the times of edits, the size of batches, and the durations and failures of calls. */
const story = fc.record({
  edits: fc.array(fc.record({ after: fc.nat(40_000), about: fc.constantFrom('a', 'b', 'c') }), {
    minLength: 1,
    maxLength: 40,
  }),
  batchSize: fc.integer({ min: 1, max: 20 }),
  pollers: fc.integer({ min: 1, max: 4 }),
  /** The duration of each call in milliseconds. */
  takes: fc.infiniteStream(fc.nat(3_000)),
  /** The failure of each start: none, or before, after or beside its effect. */
  fails: fc.infiniteStream(
    fc.constantFrom(...Array<string>(12).fill('no'), 'busy', 'before', 'after', 'not noted'),
  ),
  /** Milliseconds that the queue's clock is ahead. */
  ahead: fc.integer({ min: -2_000, max: 2_000 }),
});
type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

const placesOfBucket: Readonly<Record<string, readonly Place[]>> = {
  a: [place('1'), place('2')],
  b: [place('2'), place('3')],
  c: [],
};

/** Plays a story to the end. Time passes only while every actor waits. */
async function play({ edits, batchSize, pollers, takes, fails, ahead }: Story) {
  let now = NOW;
  const waiting: { at: number; go: () => void }[] = [];
  const pass = (milliseconds: number) =>
    new Promise<void>((go) => waiting.push({ at: now + milliseconds, go }));
  const next = <T>(stream: Iterator<T>): T => stream.next().value as T;

  const starts: { place: Place; at: number }[] = [];
  const kept = new Map<string, number>();
  const rules: Rules = {
    async lastStart({ accountId }) {
      await pass(next(takes));
      return kept.get(accountId);
    },
    async start(where) {
      const { accountId } = where;
      const at = now;
      const fault = next(fails);
      await pass(next(takes));
      const last = starts.findLast((each) => each.place.accountId === accountId)?.at;
      if (fault === 'busy') return { kind: 'later', why: 'an evaluation is in progress' };
      if (fault === 'before') throw new Error('throttled');
      if (last !== undefined && now - last < MINUTE) return { kind: 'later', why: 'limit' };
      starts.push({ place: where, at: now });
      await pass(next(takes));
      if (fault === 'after') throw new Error('answer lost');
      if (fault === 'no') kept.set(accountId, Math.max(at, kept.get(accountId) ?? 0));
      return { kind: 'started' };
    },
  };

  const queue = new Map<string, Message>();
  const made: { edit: Edit; at: number }[] = [];
  const sending = (async () => {
    for (const [nth, { after, about }] of edits.entries()) {
      await pass(after);
      const it = edit(`m${String(nth)}`, now + ahead, about);
      made.push({ edit: it, at: now });
      queue.set(it.messageId, { edit: it, visibleAt: now + MINUTE });
    }
  })();
  let sent = false;
  void sending.then(() => (sent = true));

  const poll = async () => {
    while (!sent || queue.size > 0) {
      await pass(1_000);
      const batch = [...queue.values()].filter((it) => it.visibleAt <= now).slice(0, batchSize);
      if (batch.length === 0) continue;
      for (const each of batch) each.visibleAt = now + 3 * MINUTE;
      const given = batch.map((each) => each.edit);
      const { editsToRetry } = await coalesce(
        given,
        (about) => placesOfBucket[about.kind === 'bucket' ? about.name : ''] ?? [],
        rules,
      );
      for (const each of given) if (!editsToRetry.includes(each)) queue.delete(each.messageId);
    }
  };
  const life = { over: false };
  const all = Promise.all([sending, ...Array.from({ length: pollers }, poll)]);
  void all.then(() => (life.over = true));
  while (!life.over) {
    // First everything that can go on without time passing.
    await new Promise((resolve) => setImmediate(resolve));
    waiting.sort((a, b) => a.at - b.at);
    const first = waiting.shift();
    if (first === undefined) continue;
    if (first.at > NOW + LONG) throw new Error('some edits are never done');
    now = first.at;
    first.go();
  }
  return { starts, made };
}

describe('however edits, starts, limits, failures and retries follow one another', () => {
  it('each edit is followed by a start of each dependent rule, and no rule is started twice in a minute', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (it) => {
        const { starts, made } = await play(it);
        for (const { edit: each, at } of made)
          for (const { accountId } of placesOfBucket[
            each.dependency.kind === 'bucket' ? each.dependency.name : ''
          ] ?? [])
            expect(
              starts.some((start) => start.place.accountId === accountId && start.at >= at),
            ).toBe(true);
        for (const accountId of ['1', '2', '3']) {
          const times = starts
            .filter((start) => start.place.accountId === accountId)
            .map(({ at }) => at);
          for (const [nth, at] of times.slice(1).entries())
            expect(at - (times[nth] ?? 0)).toBeGreaterThanOrEqual(MINUTE);
        }
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});
