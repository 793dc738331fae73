import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { mockClient } from 'aws-sdk-client-mock';
import type { RuleRequest } from '../../rule/evaluate/event.ts';
import type { withLastRun } from '../../rule/evaluate/last-run.ts';
import type { Judged, NotJudged } from '../../rule/judge/survey.ts';
import type { Outcome } from '../../rule/model/verdict.ts';
import { account, flowLog, region, world } from '../world.ts';

const dynamo = mockClient(DynamoDBClient);
let item: Record<string, AttributeValue> | undefined;
let work: typeof withLastRun;
let publish: () => void;
let warned: jest.SpyInstance;

beforeAll(async () => {
  process.env.RUNS_TABLE_NAME = 'runs';
  ({ withLastRun: work } = await import('../../rule/evaluate/last-run.ts'));
  ({ publishCounts: publish } = await import('../../rule/evaluate/telemetry.ts'));
});
afterAll(() => {
  delete process.env.RUNS_TABLE_NAME;
});
beforeEach(() => {
  item = undefined;
  dynamo.reset();
  dynamo.on(GetItemCommand).callsFake(() => ({ Item: item }));
  dynamo.on(PutItemCommand).callsFake(({ Item }: { Item: Record<string, AttributeValue> }) => {
    item = Item;
    return {};
  });
  warned = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
});
afterEach(() => {
  jest.restoreAllMocks();
});

interface Run {
  readonly at: number;
  /** The results by flow log; without a verdict where the call failed. */
  readonly results?: Readonly<Record<string, Outcome | 'not-judged'>>;
  /** The COMPLIANT flow logs that the run does not reach, and whether unknown is reported for these. */
  readonly notReached?: Readonly<Record<string, boolean>>;
  readonly breaksOff?: boolean;
  readonly subject?: RuleRequest['subject'];
  readonly resultToken?: string;
}

const resultOf = ([id, outcome]: [string, Outcome | 'not-judged']): Judged | NotJudged =>
  outcome === 'not-judged'
    ? { kind: 'not-judged', flowLog: { ...flowLog, id }, failure: new Error('no') }
    : ({
        kind: 'judged',
        flowLog: { ...flowLog, id },
        facts: world,
        verdict: { outcome },
      } as unknown as Judged);

/** Makes a run; resolves with the ids without a verdict in the run before, and the numbers of new verdicts. */
async function run({ at, results = {}, notReached = {}, breaksOff = false, ...other }: Run) {
  const { subject = { kind: 'everything' }, resultToken = 'token' } = other;
  const numbers: Record<string, number> = {};
  jest
    .spyOn(Metrics.prototype, 'addMetric')
    .mockImplementation((name, _, value) => void (numbers[name] = value) as never);
  jest.spyOn(Metrics.prototype, 'publishStoredMetrics').mockImplementation();
  let before: readonly string[] = [];
  const request: RuleRequest = {
    accountId: account,
    ruleName: 'the-rule',
    resultToken,
    parameters: {},
    orderingTime: new Date(at),
    subject,
  };
  const running = work(request, { accountId: account, region }, (sequence) => {
    before = [...sequence.notJudgedBefore];
    for (const each of Object.entries(results)) sequence.note(resultOf(each));
    for (const [id, reported] of Object.entries(notReached))
      sequence.noteNotReached({ id, reported });
    return breaksOff ? Promise.reject(new Error('broken')) : Promise.resolve();
  });
  if (breaksOff) await expect(running).rejects.toThrow('broken');
  else await running;
  publish();
  const { NewlyBlocked: blocked, NewlyUnknown: unknown } = numbers;
  return { before, blocked, unknown };
}

const first: Run = {
  at: 1,
  results: {
    'fl-b': 'blocked',
    'fl-a': 'blocked',
    'fl-u': 'unknown',
    'fl-n': 'not-judged',
    'fl-d': 'deliverable',
  },
};

describe('a scheduled run', () => {
  it('is remembered for 400 days, with the ids in order', async () => {
    const now = Date.now() / 1000;
    await run(first);
    const [put] = dynamo.commandCalls(PutItemCommand);
    expect(put?.args[0].input).toEqual({
      TableName: 'runs',
      Item: {
        id: { S: `run/${account}/${region}/the-rule` },
        askedAt: { N: '1' },
        ttl: { N: expect.stringMatching(/^\d{10}$/) as string },
        blocked: { S: 'fl-a fl-b' },
        unknown: { S: 'fl-u' },
        notJudged: { S: 'fl-n' },
        notJudgedBefore: { S: '' },
      },
      ConditionExpression: 'attribute_not_exists(askedAt) OR askedAt <= :askedAt',
      ExpressionAttributeValues: { ':askedAt': { N: '1' } },
    });
    const days = (Number(item?.ttl?.N) - now) / (24 * 60 * 60);
    expect(days).toBeGreaterThanOrEqual(400);
    expect(days).toBeLessThan(400.01);
  });

  it('is read as it was written, whoever wrote last', async () => {
    await run(first);
    const [get] = dynamo.commandCalls(GetItemCommand);
    expect(get?.args[0].input).toEqual({
      TableName: 'runs',
      Key: { id: { S: `run/${account}/${region}/the-rule` } },
      ConsistentRead: true,
    });
  });

  const { results = {} } = first;
  const rows: [string, readonly Run[], object][] = [
    ['the first, in which all is new', [first], { before: [], blocked: 2, unknown: 1 }],
    [
      'the second, in which a flow log without a verdict again is newly unknown',
      [first, { at: 2, results }],
      { before: ['fl-n'], blocked: 0, unknown: 1 },
    ],
    [
      'one with other ids',
      [first, { at: 2, results: { 'fl-a': 'blocked', 'fl-c': 'blocked', 'fl-v': 'unknown' } }],
      { before: ['fl-n'], blocked: 1, unknown: 1 },
    ],
    [
      'one after a run that broke off, of which the verdicts do not count',
      [first, { at: 2, results: { 'fl-c': 'blocked' }, breaksOff: true }, { at: 3, results }],
      { before: ['fl-n'], blocked: 0, unknown: 1 },
    ],
    [
      'one that breaks off, in which nothing counts as new',
      [{ at: 2, results, breaksOff: true }],
      { before: [], blocked: undefined, unknown: undefined },
    ],
    [
      'one after the same event, repeated',
      [first, { ...first, results: { ...results, 'fl-n': 'not-judged' } }],
      { before: [], blocked: 0, unknown: 0 },
    ],
    [
      'one after a run that judged again',
      [first, { at: 2, results: { 'fl-n': 'deliverable' } }, { at: 3, results }],
      { before: [], blocked: 2, unknown: 1 },
    ],
    [
      'one after flow logs that were not reached, and not reported',
      [first, { at: 2, notReached: { 'fl-x': false, 'fl-n': true }, breaksOff: true }, { at: 3 }],
      { before: ['fl-x'], blocked: 0, unknown: 0 },
    ],
    [
      'one after the second event, repeated',
      [first, { at: 2, results }, { at: 2, results }],
      { before: ['fl-n'], blocked: 0, unknown: 0 },
    ],
    [
      'one after a run that judged a flow log of before, and broke off',
      [first, { at: 2, results: { 'fl-n': 'deliverable' }, breaksOff: true }, { at: 3 }],
      { before: [], blocked: 0, unknown: 0 },
    ],
    [
      'one after a run that ended without a flow log of before',
      [first, { at: 2 }, { at: 3 }],
      { before: [], blocked: 0, unknown: 0 },
    ],
  ];
  it.each(rows)('%s', async (_, runs, expected) => {
    const told: object[] = [];
    for (const each of runs) told.push(await run(each));
    expect(told.at(-1)).toEqual(expected);
  });

  it('takes no place of a later run that ended before', async () => {
    await run({ ...first, at: 2 });
    await run({ at: 1, results: { 'fl-c': 'blocked' } });
    expect(item).toMatchObject({ askedAt: { N: '2' }, blocked: { S: 'fl-a fl-b' } });
  });

  it.each<[string, Partial<Run>]>([
    ['of a part', { subject: { kind: 'flow-log', id: 'fl-a' } }],
    ['without effect', { resultToken: 'TESTMODE' }],
  ])('%s is neither compared nor remembered', async (_, other) => {
    expect(await run({ ...first, ...other })).toEqual({ before: [] });
    expect(dynamo.calls()).toEqual([]);
  });

  it('names the new flow logs in the log, as nobody finds these among all open cases', async () => {
    await run(first);
    await run({ at: 2, results: { ...results, 'fl-c': 'blocked', 'fl-v': 'unknown' } });
    await run({ at: 3, results: { 'fl-a': 'blocked' } });
    expect(warned.mock.calls).toEqual([
      ['flow logs are newly blocked or unknown', { blocked: 'fl-a fl-b', unknown: 'fl-u' }],
      ['flow logs are newly blocked or unknown', { blocked: 'fl-c', unknown: 'fl-n fl-v' }],
    ]);
  });

  it('names a thousand new flow logs of many', async () => {
    const many = Array.from({ length: 1500 }, (_, nth) => [`fl-${nth}`, 'blocked'] as const);
    await run({ at: 1, results: Object.fromEntries(many) });
    const [[, { blocked }]] = warned.mock.calls as [[string, { blocked: string }]];
    expect(blocked.split(' ')).toHaveLength(1000);
  });

  it('that cannot be read or remembered costs a warning', async () => {
    dynamo.on(PutItemCommand).rejects(new Error('no'));
    expect(await run(first)).toMatchObject({ blocked: 2 });
    expect(warned).toHaveBeenLastCalledWith(
      'run was not remembered, so verdicts may count as new again',
      expect.any(Error),
    );
    dynamo.on(GetItemCommand).rejects(new Error('no'));
    expect(await run(first)).toEqual({ before: [] });
    expect(warned).toHaveBeenLastCalledWith(
      'last run cannot be read, so nothing counts as new',
      expect.any(Error),
    );
  });
});
