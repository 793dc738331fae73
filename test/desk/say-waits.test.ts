import { setTimeout as wait } from 'node:timers/promises';
import { watched, watchWaits } from '../../rule/desk/say-waits.ts';
import { missing, type FlowLog } from '../../rule/model/facts.ts';
import { flowLog } from '../world.ts';

describe('a long wait', () => {
  const late = async <T>(value: T): Promise<T> => {
    await wait(60);
    return value;
  };
  const said: string[] = [];
  const watch = watchWaits(20, (line) => said.push(line));
  const input = watched(
    {
      source: {
        bucket: (name) => (name === 'slow' ? late(missing(name)) : Promise.resolve(missing(name))),
        key: (arn) => late(missing(arn)),
        grants: () => late({ kind: 'grants', grants: [], isWhole: true } as const),
        organization: (accountId) => late(missing(accountId)),
      },
      listings: [
        {
          name: 'us-east-1',
          async *flowLogs() {
            await late(1);
            yield* [];
          },
        },
      ],
    },
    watch,
  );
  beforeEach(() => said.splice(0));

  it('is told once, with the bucket or key', async () => {
    const { source } = input;
    await Promise.all([source.bucket('slow', 'aws'), source.bucket('slow', 'aws')]);
    await source.bucket('quick', 'aws');
    await source.key('arn');
    expect(said).toEqual(['waiting for bucket slow', 'waiting for key arn']);
  });

  it('is told with the key of grants, which are asked for as without the watch', async () => {
    const answer = await input.source.grants?.('arn');
    expect(answer).toEqual({ kind: 'grants', grants: [], isWhole: true });
    expect(said).toEqual(['waiting for grants of key arn']);
  });

  it('is told with the account of an organization', async () => {
    expect(await input.source.organization?.('111122223333')).toEqual(missing('111122223333'));
    expect(said).toEqual(['waiting for the organization of account 111122223333']);
  });

  it('is told with the place of the flow logs', async () => {
    for (const { flowLogs } of input.listings)
      expect(await flowLogs()[Symbol.asyncIterator]().next()).toMatchObject({ done: true });
    expect(said).toEqual(['waiting for the flow logs of us-east-1']);
  });

  it('passes the flow logs on, and ends the list where nobody asks for more', async () => {
    let ended = false;
    const { listings } = watched(
      {
        source: input.source,
        listings: [
          {
            name: 'us-east-1',
            async *flowLogs() {
              try {
                for (;;) yield await Promise.resolve(flowLog);
              } finally {
                ended = true;
              }
            },
          },
        ],
      },
      watch,
    );
    const found: FlowLog[] = [];
    for await (const each of listings[0]?.flowLogs() ?? []) {
      found.push(each);
      if (found.length === 2) break;
    }
    await wait(1);
    expect({ found, ended, said }).toEqual({ found: [flowLog, flowLog], ended: true, said: [] });
  });
});
