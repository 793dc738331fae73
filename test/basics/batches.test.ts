import { sendBatch } from '../../rule/basics/batches.ts';

/** Sends numbers to a service that refuses each number so many times as the number says; tells what was sent. */
async function sendNumbers(items: readonly number[], abortSignal?: AbortSignal) {
  const sent: (readonly number[])[] = [];
  const send = (numbers: readonly number[]) => {
    sent.push(numbers);
    return Promise.resolve(numbers.filter((each) => each >= sent.length));
  };
  const options = abortSignal === undefined ? {} : { abortSignal };
  return { left: await sendBatch({ items, send, ...options }), sent };
}

const rows: [string, readonly number[], readonly (readonly number[])[], readonly number[]][] = [
  ['nothing is not sent at all', [], [], []],
  ['items that are taken are sent once', [0, 0], [[0, 0]], []],
  ['only the items that were not taken are sent again', [0, 1, 2], [[0, 1, 2], [1, 2], [2]], []],
  ['an item is given up after three retries', [9, 0], [[9, 0], [9], [9], [9]], [9]],
];
it.each(rows)('%s', async (_, items, sent, left) => {
  expect(await sendNumbers(items)).toEqual({ left, sent });
});

it('no retry follows an abort', async () => {
  await expect(sendNumbers([1], AbortSignal.abort())).rejects.toThrow('aborted');
});
