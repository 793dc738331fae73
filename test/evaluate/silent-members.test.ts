import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type GetItemCommandInput,
  type PutItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { mockClient } from 'aws-sdk-client-mock';
import type { handler } from '../../rule/evaluate/handler.ts';
import type { withLastRun } from '../../rule/evaluate/last-run.ts';
import type { compareMembers } from '../../rule/evaluate/silent-members.ts';
import type { Judged } from '../../rule/judge/survey.ts';
import { tables, type Item } from '../e2e/dynamo-stand-in.ts';
import { flowLog, region } from '../world.ts';
import { context } from './events.ts';

const member = '111122223333';
const ruleName = 'the-rule';
const id = `run/${member}/${region}/${ruleName}`;
const HOUR = 60 * 60 * 1000;
/** The first comparison. */
const now = Date.parse('2026-11-01T12:00:00.000Z');

const dynamo = mockClient(DynamoDBClient);
let compare: typeof compareMembers;
let work: typeof withLastRun;
let publish: () => void;
let door: typeof handler;
let warned: jest.SpyInstance;
let numbers: Record<string, number>;
let items: Map<string, Item>;
/** Happens once, between an answer of the table and the arrival of the answer. */
let meanwhile: (() => Promise<void>) | undefined;

beforeAll(async () => {
  process.env.RUNS_TABLE_NAME = 'runs';
  process.env.POWERTOOLS_SERVICE_NAME = ruleName;
  ({ compareMembers: compare } = await import('../../rule/evaluate/silent-members.ts'));
  ({ withLastRun: work } = await import('../../rule/evaluate/last-run.ts'));
  ({ handler: door } = await import('../../rule/evaluate/handler.ts'));
  ({ publishCounts: publish } = await import('../../rule/evaluate/telemetry.ts'));
});
afterAll(() => {
  delete process.env.RUNS_TABLE_NAME;
  delete process.env.POWERTOOLS_SERVICE_NAME;
});

beforeEach(() => {
  jest.useFakeTimers({ now, doNotFake: ['setTimeout', 'clearTimeout', 'nextTick'] });
  warned = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
  jest.spyOn(Metrics.prototype, 'publishStoredMetrics').mockImplementation();
  jest
    .spyOn(Metrics.prototype, 'addMetric')
    .mockImplementation((name, _, value) => void (numbers[name] = value) as never);
  numbers = {};
  meanwhile = undefined;
  const table = tables({ name: 'runs' });
  items = table.itemsIn(region);
  const ask = (operation: string, input: object): object => {
    const who = { region, service: 'dynamodb', accessKeyId: 'key' };
    const answer = table.operations[operation]?.({ ...who, operation, input: { ...input } });
    expect(table.misunderstood).toEqual([]);
    if (typeof answer === 'object' && 'output' in answer) return answer.output as object;
    throw new ConditionalCheckFailedException({ message: 'refused', $metadata: {} });
  };
  dynamo.reset();
  dynamo.on(GetItemCommand).callsFake(async (input: GetItemCommandInput) => {
    const answer = ask('GetItem', input);
    const first = meanwhile;
    meanwhile = undefined;
    await first?.();
    return answer;
  });
  dynamo.on(PutItemCommand).callsFake((input: PutItemCommandInput) => ask('PutItem', input));
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

const comparison = () => compare({ members: [member], longestSilenceMinutes: 36 * 60 }, region);

/** A scheduled run of the member that finds these flow logs blocked. */
const run = (at: number, blocked: readonly string[], during?: () => Promise<void>) =>
  work(
    {
      accountId: member,
      ruleName,
      resultToken: 'token',
      parameters: {},
      orderingTime: new Date(at),
      subject: { kind: 'everything' },
    },
    { accountId: member, region },
    async ({ note }) => {
      for (const each of blocked)
        note({
          kind: 'judged',
          flowLog: { ...flowLog, id: each },
          verdict: { outcome: 'blocked' },
        } as unknown as Judged);
      await during?.();
    },
  );

describe('the first run of a member is kept', () => {
  it.each([
    [
      'where the member asks between the read and the write of the first comparison',
      now + 1,
      async (at: number) => {
        meanwhile = () => run(at, ['fl-a']);
        await comparison();
      },
    ],
    [
      'where the first comparison comes between the read and the write of the run',
      now - 1,
      (at: number) => run(at, ['fl-a'], comparison),
    ],
    [
      'where the member asked before the first comparison, and the run reads after it',
      now - 1,
      async (at: number) => {
        await comparison();
        await run(at, ['fl-a']);
      },
    ],
    [
      'where a later run of the member ends between the read and the write of a first run',
      now + 2,
      (at: number) => run(at - 1, ['fl-b'], () => run(at, ['fl-a'])),
    ],
  ])('%s', async (_, at, interleaving) => {
    await interleaving(at);
    publish();
    expect(items.get(id)).toMatchObject({ askedAt: { N: String(at) }, blocked: { S: 'fl-a' } });
    expect(numbers).toMatchObject({ NewlyBlocked: expect.any(Number) as number });
    numbers = {};
    await run(now + 24 * HOUR, ['fl-a']);
    publish();
    expect(numbers).toMatchObject({ NewlyBlocked: 0 });
  });
});

describe('a member is silent', () => {
  const silentAfter = async (hours: number): Promise<unknown> => {
    numbers = {};
    jest.setSystemTime(now + hours * HOUR);
    await comparison();
    publish();
    return numbers.MembersSilent;
  };

  it('from one and a half periods after the first comparison on, if the member never asked', async () => {
    expect(await silentAfter(0)).toBe(0);
    expect(await silentAfter(36)).toBe(0);
    expect(await silentAfter(36.1)).toBe(1);
  });

  it('from one and a half periods after the last run on, whatever comparisons were between', async () => {
    await comparison();
    await run(now + 5 * HOUR, []);
    expect(await silentAfter(41)).toBe(0);
    expect(await silentAfter(41.1)).toBe(1);
    await run(now + 42 * HOUR, []);
    expect(await silentAfter(43)).toBe(0);
  });
});

describe('the event of the schedule', () => {
  const asked = { members: [member, '444455556666'], longestSilenceMinutes: 60 };

  beforeEach(() => {
    jest.spyOn(Logger.prototype, 'error').mockImplementation();
  });

  it('is answered with the silent members of this Region, and nothing of a run is counted', async () => {
    await run(now, []);
    await door(asked, context);
    expect(numbers).toMatchObject({ MembersSilent: 0 });
    jest.setSystemTime(now + 2 * HOUR);
    await run(now + 2 * HOUR, []);
    publish();
    numbers = {};
    await door(asked, context);
    expect(numbers).toEqual({ MembersSilent: 1 });
    expect(warned.mock.calls).toEqual([
      ['members are silent', { members: ['444455556666 since 2026-11-01T12:00:00.000Z'] }],
    ]);
  });

  it('fails where the table of runs cannot be read, and says of nobody that all is well', async () => {
    dynamo.on(GetItemCommand).rejects(new Error('no table'));
    await expect(door(asked, context)).rejects.toThrow('no table');
    expect(numbers).toMatchObject({ Failed: 1 });
    expect(numbers).not.toHaveProperty('MembersSilent');
  });

  it.each([
    ['names something else than accounts', { ...asked, members: ['everybody'] }],
    ['has more than the schedule gives', { ...asked, accountId: member }],
  ])('is refused where the event %s', async (_, event) => {
    await expect(door(event, context)).rejects.toThrow();
    expect(numbers).toEqual({ Failed: 1 });
    expect(dynamo.calls()).toEqual([]);
  });
});
