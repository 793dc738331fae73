import { setTimeout as wait } from 'node:timers/promises';
import { watchedListing, watchWaits } from '../../rule/desk/say-waits.ts';
import type { FlowLog } from '../../rule/model/facts.ts';
import { flowLog } from '../world.ts';

describe('a long wait', () => {
  const late = async <T>(value: T): Promise<T> => {
    await wait(60);
    return value;
  };
  const said: string[] = [];
  const watch = watchWaits((line) => said.push(line), 20);
  beforeEach(() => said.splice(0));

  it('is told once, with the bucket or key', async () => {
    const answers = await Promise.all([
      watch(late(1), 'bucket slow'),
      watch(late(2), 'bucket slow'),
      watch(Promise.resolve(3), 'bucket quick'),
      watch(late(4), 'key arn'),
    ]);
    expect(answers).toEqual([1, 2, 3, 4]);
    expect(said).toEqual(['waiting for bucket slow', 'waiting for key arn']);
  });

  it('is told with the place of the flow logs', async () => {
    const listing = {
      name: 'us-east-1',
      async *flowLogs() {
        await late(1);
        yield* [];
      },
    };
    const iterator = watchedListing(listing, watch).flowLogs()[Symbol.asyncIterator]();
    expect(await iterator.next()).toMatchObject({ done: true });
    expect(said).toEqual(['waiting for the flow logs of us-east-1']);
  });

  it('passes the flow logs on, and ends the list where nobody asks for more', async () => {
    let ended = false;
    const listing = {
      name: 'us-east-1',
      async *flowLogs() {
        try {
          for (;;) yield await Promise.resolve(flowLog);
        } finally {
          ended = true;
        }
      },
    };
    const found: FlowLog[] = [];
    for await (const each of watchedListing(listing, watch).flowLogs()) {
      found.push(each);
      if (found.length === 2) break;
    }
    await wait(1);
    expect({ found, ended, said }).toEqual({ found: [flowLog, flowLog], ended: true, said: [] });
  });
});
