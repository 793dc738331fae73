import {
  batchedAnswers,
  itemsOfPages,
  prefetched,
} from '../../../rule/sources/aggregator/prefetch.ts';

/** Pages of a hundred numbers, `count` numbers in all; then a failure, or the end. */
async function* pagesOf(count: number, failure?: Error): AsyncIterable<readonly number[]> {
  for (let at = 0; at < count; at += 100)
    yield await Promise.resolve(Array.from({ length: 100 }, (_, n) => at + n));
  if (failure !== undefined) throw failure;
}

type NameOf = (n: number) => Promise<string | undefined>;

/** Counts the numbers that arrive, and the names in each question. */
async function run(pages: AsyncIterable<readonly number[]>, nameOf: NameOf) {
  const questions: number[] = [];
  const answers = batchedAnswers((names) => {
    questions.push(names.length);
    return Promise.resolve(names);
  });
  const arrived: number[] = [];
  let failure: unknown;
  try {
    for await (const each of itemsOfPages(prefetched(pages, answers, nameOf))) arrived.push(each);
  } catch (error) {
    failure = error;
  }
  const missing = new Set(Array.from({ length: 500 }, (_, n) => n));
  arrived.forEach((n) => missing.delete(n));
  return { questions, arrived: arrived.length, missing: missing.size, failure };
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
      'flow logs that need nothing ask no question',
      pagesOf(500),
      named(() => undefined),
      { questions: [] },
    ],
    [
      'a name that cannot be told is not asked for',
      pagesOf(500),
      () => Promise.reject(broken),
      { questions: [] },
    ],
    [
      'the flow logs before a failure arrive too',
      pagesOf(500, broken),
      named(() => 'logs'),
      { questions: [1], failure: broken },
    ],
  ];
  it.each(rows)('%s', async (_, pages, nameOf, expected) => {
    const all = { arrived: 500, missing: 0, failure: undefined };
    expect(await run(pages, nameOf)).toEqual({ ...all, ...expected });
  });

  it('are no more than ten thousand', async () => {
    const { questions, arrived } = await run(
      pagesOf(40_000),
      named((n) => `logs-${Math.floor(n / 1000)}`),
    );
    expect({ questions, arrived }).toEqual({ questions: [10, 10, 10, 10], arrived: 40_000 });
  });
});
