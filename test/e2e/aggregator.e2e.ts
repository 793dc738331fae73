import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { aggregator, type Recorded } from './aggregator-stand-in.ts';
import {
  alias,
  aliasArn,
  archive,
  at,
  bucket,
  central as world,
  flowLog,
  home,
  key,
  keyArn,
  keyId,
  member,
  numbers,
  region,
  source,
} from './aggregator-world.ts';
import { credentials, runAgainst, startAws, type Account, type Ended } from './aws-stand-in.ts';

/** The same item with JSON in strings, as GetResourceConfigHistory has it. */
const inStrings = ({
  configuration,
  supplementaryConfiguration = {},
  ...rest
}: Recorded): Recorded => ({
  ...rest,
  configuration: JSON.stringify(configuration),
  supplementaryConfiguration: Object.fromEntries(
    Object.entries(supplementaryConfiguration).map(([name, value]) => [
      name,
      JSON.stringify(value),
    ]),
  ),
});

const members = [member(1), member(2)];
const sources = [archive, ...members].map((id) => source(id));
const items = [flowLog(1, 'logs'), flowLog(2, 'logs'), bucket('logs', keyArn(1)), key(1)];

const without = (type: string): readonly Recorded[] =>
  items.filter(({ resourceType }) => resourceType !== type);

const age = `aggregator acme: what was used was recorded between ${at(6)} and ${at(6)}; its sources were collected from last between ${at(11)} and ${at(11)}`;
const none = `aggregator acme: has no flow log of 1 of its 3 accounts, nor would it where AWS Config does not record AWS::EC2::FlowLog: ${archive}`;
const collected = age.replace(/what was used.*; /, '');

/** A list of exemptions. */
const exempted = join(tmpdir(), `exempted-${process.pid}.json`);
beforeAll(() => {
  const pattern = { tag: { name: 'audit', value: 'none' } };
  const list = [{ pattern, reason: 'a sandbox', owner: 'network team', expires: '2999-12-31' }];
  writeFileSync(exempted, JSON.stringify(list));
});
afterAll(() => {
  rmSync(exempted);
});

/** What an aggregator has. */
interface Acme {
  readonly items: readonly Recorded[];
  readonly sources: readonly object[];
}

interface Row {
  readonly acme?: Partial<Acme>;
  readonly faults?: Account['faults'];
  readonly options?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly exitCode: number;
  /** What is said of each flow log; undefined where standard output is empty. */
  readonly told?: readonly RegExp[];
  readonly complaints: readonly (string | RegExp)[];
}

const both = (told: RegExp): readonly RegExp[] => [told, told];
const fine = both(/^deliverable/);
const refusal = (operation: string, about?: string): Account['faults'][number] => ({
  operation,
  ...(about === undefined ? {} : { about }),
  answer: { status: 400, code: 'AccessDeniedException' },
});

const rows: readonly (readonly [string, Row])[] = [
  ['all deliverable', { exitCode: 0, told: fine, complaints: [none, age] }],
  [
    'all deliverable, and nobody to hear how old the facts are',
    { options: ['--quiet'], exitCode: 0, told: fine, complaints: [] },
  ],
  [
    'JSON in strings, even twice',
    { acme: { items: items.map(inStrings) }, exitCode: 0, told: fine, complaints: [none, age] },
  ],
  [
    'a key that refuses',
    {
      acme: { items: [...without('AWS::KMS::Key'), key(1, 'other.amazonaws.com')] },
      exitCode: 1,
      told: both(/^blocked no statement is for/),
      complaints: [none, age],
    },
  ],
  [
    'an alias ARN, and aliases of that name in other accounts',
    {
      acme: {
        items: [
          ...without('AWS::S3::Bucket'),
          bucket('logs', aliasArn),
          alias(member(1), keyId(7)),
          alias(archive, keyId(1)),
        ],
      },
      exitCode: 0,
      told: fine,
      complaints: [none, age],
    },
  ],
  [
    'an older item of the key, and one that is deleted',
    {
      acme: {
        items: [
          ...items,
          { ...key(1, 'other.amazonaws.com'), configurationItemCaptureTime: at(2) },
          { ...flowLog(3, 'logs'), configurationItemStatus: 'ResourceDeleted' },
        ],
      },
      exitCode: 0,
      told: fine,
      complaints: [none, age],
    },
  ],
  [
    'a key that was deleted later',
    {
      acme: {
        items: [
          ...items,
          {
            ...key(1),
            configurationItemStatus: 'ResourceDeleted',
            configurationItemCaptureTime: at(9),
          },
        ],
      },
      exitCode: 3,
      told: both(/^unknown aggregator acme has key \S+ as ResourceDeleted: run with --live in/),
      complaints: [none, age],
    },
  ],
  [
    'no such bucket',
    {
      acme: { items: [...items, flowLog(3, 'elsewhere')] },
      exitCode: 3,
      told: [
        ...fine,
        /^unknown aggregator acme does not show bucket elsewhere: add the account and Region that own it/,
      ],
      complaints: [none, age],
    },
  ],
  [
    'no such key, though others',
    {
      acme: { items: [...without('AWS::KMS::Key'), key(2)] },
      exitCode: 3,
      told: both(
        /^unknown aggregator acme does not show key \S+1: let AWS Config record AWS::KMS::Key in account 444455556666, Region us-east-1/,
      ),
      complaints: [none, age],
    },
  ],
  [
    'a type that is not recorded anywhere',
    {
      acme: { items: without('AWS::KMS::Key') },
      exitCode: 3,
      told: both(
        /^unknown aggregator acme does not show key \S+, nor any other AWS::KMS::Key: let/,
      ),
      complaints: [
        'aggregator acme: has no AWS::KMS::Key: let AWS Config record that type in its accounts',
        none,
        age,
      ],
    },
  ],
  [
    'an account that is none of its sources',
    {
      acme: {
        items: [...without('AWS::KMS::Key'), key(2)],
        sources: members.map((id) => source(id)),
      },
      exitCode: 3,
      told: both(
        /^unknown aggregator acme does not show key \S+: account 444455556666 is not one of/,
      ),
      complaints: [age],
    },
  ],
  [
    'no flow log at all',
    {
      acme: { items: without('AWS::EC2::FlowLog') },
      exitCode: 0,
      told: [],
      complaints: [
        'no flow log was found',
        'aggregator acme: has no AWS::EC2::FlowLog: let AWS Config record that type in its accounts',
        collected,
      ],
    },
  ],
  [
    'a source that it could not collect from, and one that is old',
    {
      acme: {
        sources: [
          source(member(1), { LastUpdateStatus: 'OUTDATED' }),
          source(archive, {
            LastUpdateStatus: 'FAILED',
            LastErrorCode: 'AccessDenied',
            LastErrorMessage: 'authorize the aggregator',
          }),
        ],
      },
      exitCode: 2,
      told: fine,
      complaints: [
        `aggregator acme: account ${member(1)} us-east-1: source is OUTDATED (no reason given), last collected ${at(11)}: what it has may be missing here, or old`,
        `aggregator acme: account ${archive} us-east-1: source is FAILED (AccessDenied: authorize the aggregator), last collected ${at(11)}: what it has may be missing here, or old`,
        none.replace('3', '2'),
        age,
      ],
    },
  ],
  [
    'no leave to ask for the sources',
    {
      faults: [refusal('DescribeConfigurationAggregatorSourcesStatus')],
      exitCode: 2,
      told: fine,
      complaints: [
        /sources are complete is not known: AccessDenied.*: allow config:DescribeConfigurationAggregatorSourcesStatus/,
        age.replace(/;.*/, ''),
      ],
    },
  ],
  [
    'no leave to ask for items',
    {
      faults: [refusal('SelectAggregateResourceConfig')],
      exitCode: 2,
      told: [],
      complaints: [
        /^flow-log-key: aggregator acme: AccessDenied.*: allow config:SelectAggregateResourceConfig on/,
        'no flow log was found',
        collected,
      ],
    },
  ],
  [
    'a query that fails after the flow logs',
    {
      faults: [{ ...refusal('SelectAggregateResourceConfig'), after: 1 }],
      exitCode: 2,
      told: [],
      complaints: [
        /us-east-1: fl-0+1 and 1 more: AccessDenied.*: allow config:SelectAggregateResourceConfig on/,
        'no flow log was found',
        none,
        age,
      ],
    },
  ],
  [
    'a listing that breaks off',
    {
      acme: {
        items: [...without('AWS::EC2::FlowLog'), ...numbers(150).map((n) => flowLog(n, 'logs'))],
      },
      // After the first page and the count by account.
      faults: [{ ...refusal('SelectAggregateResourceConfig'), after: 2, times: 1 }],
      exitCode: 2,
      told: numbers(100).map(() => /^deliverable/),
      complaints: [/aggregator acme: AccessDenied/, age],
    },
  ],
  [
    'throttling that ends',
    {
      faults: [
        {
          operation: 'SelectAggregateResourceConfig',
          times: 1,
          answer: { status: 400, code: 'ThrottlingException' },
        },
      ],
      exitCode: 0,
      told: fine,
      complaints: [none, age],
    },
  ],
  [
    'throttling that does not end',
    {
      faults: [
        {
          operation: 'SelectAggregateResourceConfig',
          answer: { status: 400, code: 'ThrottlingException' },
        },
      ],
      exitCode: 2,
      told: [],
      complaints: [
        /aggregator acme: ThrottlingException.*: run again when fewer others ask AWS Config/,
        'no flow log was found',
        collected,
      ],
    },
  ],
  [
    'a flow log that two pages tell, the newer of its items first',
    {
      acme: {
        items: [
          ...items,
          ...numbers(150).map((n) => flowLog(n + 3, 'logs')),
          { ...flowLog(1, 'elsewhere'), configurationItemCaptureTime: at(2) },
        ],
      },
      exitCode: 0,
      told: numbers(152).map(() => /^deliverable/),
      complaints: [none, /recorded between/],
    },
  ],
  [
    'a flow log that two pages tell, the newer of its items last',
    {
      acme: {
        items: [
          { ...flowLog(1, 'elsewhere'), configurationItemCaptureTime: at(2) },
          ...numbers(150).map((n) => flowLog(n + 2, 'logs')),
          ...items,
        ],
      },
      exitCode: 0,
      told: numbers(151).map(() => /^deliverable/),
      complaints: [none, /recorded between/],
    },
  ],
  [
    'a tag by which a flow log is exempt',
    {
      acme: {
        items: [
          ...without('AWS::KMS::Key'),
          key(1, 'other.amazonaws.com'),
          {
            ...flowLog(3, 'logs'),
            tags: [{ key: 'audit', value: 'none', tag: 'audit=none' }],
          },
        ],
      },
      options: ['--exemptions', exempted],
      exitCode: 1,
      told: [...both(/^blocked no statement is for/), /^exempt exempt until 2999-12-31/],
      complaints: [none, age],
    },
  ],
  [
    'an item that cannot be read',
    {
      acme: { items: [...without('AWS::KMS::Key'), { ...key(1), accountId: 'me' }] },
      exitCode: 2,
      told: both(/^unknown key \S+: its item cannot be read/),
      complaints: [
        /aggregator acme: arn:aws:kms.*: item cannot be read: accountId/,
        none,
        /sources/,
      ],
    },
  ],
  [
    'an item that cannot be read, and one of the same key that can',
    {
      acme: { items: [...items, { ...key(1), awsRegion: 7 as unknown as string }] },
      exitCode: 2,
      told: both(/^unknown key \S+: its item cannot be read/),
      complaints: [/aggregator acme: arn:aws:kms.*: item cannot be read: /, none, /sources/],
    },
  ],
  [
    'a key policy that cannot be read',
    {
      acme: {
        items: [
          ...without('AWS::KMS::Key'),
          { ...key(1), supplementaryConfiguration: { Policy: '{' } },
        ],
      },
      exitCode: 2,
      told: both(/^unknown policy of key \S+ cannot be read/),
      complaints: [/aggregator acme: arn:aws:kms.*: policy of key .* cannot be read/, none, age],
    },
  ],
  [
    'a name that ends a query',
    {
      acme: { items: [...without('AWS::S3::Bucket'), bucket('logs', `${keyArn(1)}') OR ('`)] },
      exitCode: 3,
      told: both(/^unknown aggregator acme does not show key/),
      complaints: [none, age],
    },
  ],
  [
    'no Region',
    {
      env: { ...credentials },
      exitCode: 2,
      complaints: [/no Region is set: set AWS_REGION to the Region of the aggregator/],
    },
  ],
  [
    'no credentials',
    { env: { AWS_REGION: region }, exitCode: 2, complaints: [/no AWS credentials were found/] },
  ],
];

interface Report {
  readonly flowLogs: readonly { readonly outcome: string; readonly message: string }[];
  readonly summary: Readonly<Record<string, number>>;
}

const messagesIn = ({ stdout }: Ended): readonly string[] =>
  (JSON.parse(stdout) as Report).flowLogs.map(({ outcome, message }) =>
    `${outcome} ${message}`.replace('key policy', 'key-policy'),
  );

async function check(
  {
    name = 'acme',
    faults = [],
    ...acme
  }: Partial<Acme & Pick<Account, 'faults'>> & {
    readonly name?: string;
  },
  options: readonly string[] = [],
  env: NodeJS.ProcessEnv = home,
) {
  const { operations } = aggregator({
    name,
    items: () => acme.items ?? items,
    sources: acme.sources ?? sources,
    page: 100,
  });
  const aws = await startAws({ ...world, services: operations, faults });
  try {
    const bin = resolve('bin/flow-log-key.js');
    const line = [process.execPath, bin, 'check', '--aggregator', 'acme', ...options].join(' ');
    const ended = await runAgainst(aws, ['bash', '--norc', '-o', 'pipefail', '-c', line], { env });
    return { ...ended, calls: aws.calls };
  } finally {
    await aws.close();
  }
}

describe('check --aggregator', () => {
  it.each(rows)('%s', async (_, { acme, faults = [], options = [], env, ...expected }) => {
    const ended = await check({ ...acme, faults }, ['--format', 'json', ...options], env);
    // A slow machine may wait long enough for a line about waiting.
    const lines = ended.stderr
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('flow-log-key: waiting for '));
    expect(lines).toEqual(
      expected.complaints.map((each) =>
        typeof each === 'string'
          ? `flow-log-key: ${each}`
          : (expect.stringMatching(each) as string),
      ),
    );
    expect(ended.exitCode).toBe(expected.exitCode);
    if (expected.told === undefined) expect(ended.stdout).toBe('');
    else
      expect(messagesIn(ended)).toEqual(
        expected.told.map((each) => expect.stringMatching(each) as string),
      );
    const changes = ended.calls.filter(
      ({ operation }) => !/^(Get|Describe|Select)/.test(operation),
    );
    expect(changes).toEqual([]);
  });

  it('says where it looked for an aggregator that does not exist', async () => {
    const { exitCode, stdout, stderr } = await check({ name: 'other' });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(
      /^flow-log-key: aggregator acme does not exist in account 999988887777, Region us-east-1: /,
    );
  });

  it('ends as it would where nobody reads all that it prints', async () => {
    const refused = [...without('AWS::KMS::Key'), key(1, 'other.amazonaws.com')];
    const many = numbers(1000).map((n) => flowLog(n, 'logs'));
    const items = [...refused, ...many];
    const { exitCode, stdout } = await check({ items }, ['--format', 'json', '|', 'head', '-1']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '{\n' });
  });

  it('asks for each page once, in pages of a hundred, and once for the number of pages', async () => {
    const names = numbers(130).map((n) => `logs-${n}`);
    const many = [
      ...numbers(1234).map((n) => flowLog(n, `logs-${n % 130}`)),
      ...names.map((name, n) => bucket(name, keyArn(n % 105))),
      ...numbers(200).map((n) => bucket(`other-${n}`, keyArn(n))),
      ...numbers(300).map((n) => key(n)),
    ];
    const { calls, exitCode, stdout } = await check({ items: many });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('1,234 flow logs in 24 accounts: 0 blocked, 0 unknown, 1,234 deliver');
    const queries = calls.filter(({ operation }) => operation.startsWith('Select'));
    const of = (type: string): number =>
      queries.filter(({ input }) => String(input.Expression).includes(type)).length;
    // 13 pages of 1,234, and one query for the number; 2 of the 130 buckets and 2 of the 105 keys that flow logs need.
    expect(['FlowLog', 'Bucket', 'Key', 'Alias'].map((type) => of(`::${type}'`))).toEqual([
      14, 2, 2, 0,
    ]);
  });
});
