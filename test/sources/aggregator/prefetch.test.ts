import {
  batchedAnswers,
  itemsOfPages,
  prefetched,
} from '../../../rule/sources/aggregator/prefetch.ts';

/** Pages of a hundred numbers, up to this many; then they fail, or end. */
async function* pagesOf(count: number, failure?: Error): AsyncIterable<readonly number[]> {
  for (let at = 0; at < count; at += 100)
    yield await Promise.resolve(Array.from({ length: 100 }, (_, n) => at + n));
  if (failure !== undefined) throw failure;
}

type NameOf = (n: number) => Promise<string | undefined>;

/** What comes of them, and how many names were asked for in each question. */
async function run(pages: AsyncIterable<readonly number[]>, nameOf: NameOf) {
  const questions: number[] = [];
  const answers = batchedAnswers((names) => {
    questions.push(names.length);
    return Promise.resolve(names);
  });
  const told: number[] = [];
  let failure: unknown;
  try {
    for await (const each of itemsOfPages(prefetched(pages, answers, nameOf))) told.push(each);
  } catch (error) {
    failure = error;
  }
  const missing = new Set(Array.from({ length: 500 }, (_, n) => n));
  told.forEach((n) => missing.delete(n));
  return { questions, told: told.length, missing: missing.size, failure };
}

const named =
  (name: (n: number) => string | undefined): NameOf =>
  (n) =>
    Promise.resolve(name(n));
const broken = new Error('a page');

describe('flow logs that wait for what they need', () => {
  const rows: [string, AsyncIterable<readonly number[]>, NameOf, object][] = [
    ['one name for all is one question', pagesOf(500), named(() => 'logs'), { questions: [1] }],
    [
      'a name of its own for each fills the questions',
      pagesOf(500),
      named(String),
      { questions: [99, 99, 99, 99, 99, 5] },
    ],
    [
      'nothing that is needed is no question',
      pagesOf(500),
      named(() => undefined),
      { questions: [] },
    ],
    [
      'a name that cannot be told is none',
      pagesOf(500),
      () => Promise.reject(broken),
      { questions: [] },
    ],
    [
      'what was listed before a failure comes too',
      pagesOf(500, broken),
      named(() => 'logs'),
      { questions: [1], failure: broken },
    ],
  ];
  it.each(rows)('%s', async (_, pages, nameOf, expected) => {
    const all = { told: 500, missing: 0, failure: undefined };
    expect(await run(pages, nameOf)).toEqual({ ...all, ...expected });
  });

  it('are no more than ten thousand', async () => {
    const { questions, told } = await run(
      pagesOf(40_000),
      named((n) => `logs-${Math.floor(n / 1000)}`),
    );
    expect({ questions, told }).toEqual({ questions: [10, 10, 10, 10], told: 40_000 });
  });
});
