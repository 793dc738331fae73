import {
  ConfigServiceClient,
  DescribeConfigurationAggregatorSourcesStatusCommand,
  SelectAggregateResourceConfigCommand,
} from '@aws-sdk/client-config-service';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAggregator } from '../../rule/sources/aggregator/source.ts';
import { readSnapshots } from '../../rule/sources/recorded/snapshot.ts';
import type { RecordedSource, Source } from '../../rule/model/source.ts';
import { account, keyArn, keyId, region } from '../world.ts';

/** An item of one key; `keySpec` says which of the items was used. */
const item = (keySpec: string, rest: object = {}): object => ({
  resourceType: 'AWS::KMS::Key',
  resourceId: keyId,
  accountId: account,
  awsRegion: region,
  arn: keyArn,
  configurationItemCaptureTime: '2026-11-23T06:00:00Z',
  configurationItemStatus: 'OK',
  configuration: { keySpec },
  ...rest,
});
const later = { configurationItemCaptureTime: '2026-11-23T08:00:00Z' };
const timeless = { configurationItemCaptureTime: undefined };
const deleted = { configurationItemStatus: 'ResourceDeleted' };
const unreadable = { awsRegion: 7 };
const state = (configurationStateId: number): object => ({ configurationStateId });

const config = mockClient(ConfigServiceClient);
const sts = mockClient(STSClient);
let folder: string;
const environment = process.env;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'newest-'));
  process.env = {
    ...environment,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  sts.on(GetCallerIdentityCommand).resolves({ Account: account });
  config.on(DescribeConfigurationAggregatorSourcesStatusCommand).resolves({});
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  process.env = environment;
});

async function snapshot(items: readonly object[]): Promise<RecordedSource> {
  const file = join(folder, 'snapshot.json');
  writeFileSync(file, JSON.stringify({ configurationItems: items }));
  return (await readSnapshots([file])).source;
}

async function aggregator(items: readonly object[]): Promise<Source> {
  config
    .on(SelectAggregateResourceConfigCommand)
    .resolves({ Results: items.map((each) => JSON.stringify(each)) });
  return (await openAggregator('acme', () => undefined)).source;
}

/** The `keySpec` of the item that counts; `deleted` or `unreadable` where the key is unknown for that reason. */
async function answerOf(source: Source | RecordedSource): Promise<string | undefined> {
  const key = await source.key(keyArn);
  if (key.kind === 'key') return 'spec' in key.description ? key.description.spec : undefined;
  return key.why.includes('cannot be read')
    ? 'unreadable'
    : /deleted/i.exec(key.why)?.[0].toLowerCase();
}

const rows: readonly (readonly [string, object, object, string])[] = [
  ['the later capture', item('a', later), item('b'), 'a'],
  ['a later deletion', item('a'), item('b', { ...later, ...deleted }), 'deleted'],
  ['a later capture than a deletion', item('a', later), item('b', deleted), 'a'],
  ['a deletion of the same time', item('a'), item('b', deleted), 'deleted'],
  [
    'a deletion of the same time, whatever the state ids',
    item('a', state(2)),
    item('b', { ...deleted, ...state(1) }),
    'deleted',
  ],
  [
    'a later item that cannot be read',
    item('a'),
    item('b', { ...later, ...unreadable }),
    'unreadable',
  ],
  [
    'a later capture than an item that cannot be read',
    item('a', later),
    item('b', unreadable),
    'a',
  ],
  ['an item of the same time that cannot be read', item('a'), item('b', unreadable), 'unreadable'],
  [
    'an item of the same time that cannot be read, whatever the state ids',
    item('a', state(2)),
    item('b', { ...unreadable, ...state(1) }),
    'unreadable',
  ],
  [
    'an item that cannot be read and has no time, which may be the newest of all',
    item('a', later),
    item('b', { ...timeless, ...unreadable }),
    'unreadable',
  ],
  [
    'an item that cannot be read before a deletion of the same time',
    item('a', deleted),
    item('b', unreadable),
    'unreadable',
  ],
  [
    'the higher state id of two captures of one time',
    item('a', state(2)),
    item('b', state(1)),
    'a',
  ],
];

it.each<[string, object, object]>([
  ['the same state id', item('a', state(5)), item('b', state(5))],
  ['no state id', item('a'), item('b')],
  ['other tags', item('a', { tags: { team: 'net' } }), item('a', { tags: { team: 'other' } })],
])(
  'of two items of one time with %s, neither is surely the newer in a snapshot',
  async (_, one, other) => {
    expect(await answerOf(await snapshot([one, other]))).toBe('unreadable');
    expect(await answerOf(await snapshot([other, one]))).toBe('unreadable');
  },
);

describe.each([
  ['a snapshot', snapshot],
  ['an aggregator', aggregator],
] as const)('of two items of one key in %s counts', (_, sourceOf) => {
  it.each(rows)('%s', async (_name, one, other, expected) => {
    expect(await answerOf(await sourceOf([one, other]))).toBe(expected);
    expect(await answerOf(await sourceOf([other, one]))).toBe(expected);
  });
});
