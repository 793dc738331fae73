import { Readable } from 'node:stream';
import { keyPolicy } from '../../rule/judge/checks/key-policy.ts';
import { survey, type Judged, type NotJudged } from '../../rule/judge/survey.ts';
import type { Survey } from '../../rule/judge/gather-facts.ts';
import { missing, unknown, type Facts, type FlowLog } from '../../rule/model/facts.ts';
import type { Grants } from '../../rule/model/kms-grants.ts';
import type { Question } from '../../rule/model/question.ts';
import type { Source } from '../../rule/model/source.ts';
import { offerFor } from '../../rule/remedy/remedy.ts';
import { account, bucket, flowLog, grant, key, policy, question } from '../world.ts';

const deny = { Effect: 'Deny', Principal: '*', Action: 'kms:*', Resource: '*' };

async function* listed(...ids: readonly string[]): AsyncIterable<FlowLog> {
  for (const id of ids) yield await Promise.resolve({ ...flowLog, id });
}

/** The result for one flow log. */
async function resultFor(
  source: Source,
  asked: Partial<Survey> = {},
  flowLogs: AsyncIterable<FlowLog> = listed('fl-1'),
): Promise<Judged | NotJudged> {
  for await (const result of survey(flowLogs, { source, question, ...asked })) return result;
  throw new Error('nothing was judged');
}

const whole = (...grants: Grants['grants']): Grants => ({ kind: 'grants', grants, isWhole: true });

const service = 'delivery.logs.amazonaws.com';
const operations = ['GenerateDataKey', 'Decrypt'];
const admitting = whole({ id: 'g-1', grantee: service, operations });

/** The statements of the key policy, the grants, the verdict, and the times that grants are asked for. */
const rows: [string, readonly object[], Grants | Error, string, number][] = [
  ['a grant of both operations', [], admitting, 'unknown key-policy grant g-1 may admit', 1],
  [
    'two grants of one operation each',
    [],
    whole(
      ...operations.map((each, nth) => ({ id: `g-${nth}`, grantee: service, operations: [each] })),
    ),
    'unknown key-policy grant g-0, g-1 may admit',
    1,
  ],
  [
    'a grant of the operation that the policy lacks',
    [{ ...grant, Action: 'kms:GenerateDataKey' }],
    whole({ id: 'g-1', grantee: service, operations: ['Decrypt'] }),
    'unknown key-policy grant g-1 may admit',
    1,
  ],
  [
    'a grant of one operation of two',
    [],
    whole({ id: 'g-1', grantee: service, operations: ['Decrypt'] }),
    'blocked key-policy no statement is for',
    1,
  ],
  [
    'a grant to another service',
    [],
    whole({ id: 'g-1', grantee: 'other.amazonaws.com', operations }),
    'blocked key-policy no statement is for',
    1,
  ],
  ['no grant', [], whole(), 'blocked key-policy no statement is for', 1],
  [
    'more grants than anybody reads',
    [],
    { ...whole(), isWhole: false },
    'unknown key-policy more grants than were read',
    1,
  ],
  [
    'grants that AWS does not show',
    [],
    new Error('no'),
    'blocked key-policy no statement is for',
    1,
  ],
  [
    'a grant for flow logs of this account',
    [],
    whole({
      id: 'g-1',
      grantee: service,
      operations,
      sourceArn: 'arn:aws:logs:us-east-1:111122223333:*',
    }),
    'unknown key-policy grant g-1 may admit',
    1,
  ],
  [
    'a grant for flow logs of another account',
    [],
    whole({
      id: 'g-1',
      grantee: service,
      operations,
      sourceArn: 'arn:aws:logs:us-east-1:444455556666:*',
    }),
    'blocked key-policy no statement is for',
    1,
  ],
  ['a grant against a Deny', [deny], admitting, 'blocked key-policy Deny statement', 0],
  [
    'a grant of the operation that the policy lacks, beside a Deny that may apply',
    [
      { ...grant, Action: 'kms:Decrypt' },
      { ...deny, Condition: { StringEquals: { 'kms:CallerAccount': '444455556666' } } },
    ],
    admitting,
    'unknown key-policy grant g-1 may admit',
    1,
  ],
  [
    'a grant beside an open key policy',
    [grant],
    admitting,
    'deliverable null key policy admits',
    0,
  ],
];

describe('grants', () => {
  it.each(rows)('%s', async (_, statements, grants, expected, times) => {
    let asked = 0;
    const source: Source = {
      bucket: () => Promise.resolve(bucket),
      key: () => Promise.resolve({ ...key, policy: policy(...statements) }),
      grants: () => {
        asked++;
        return grants instanceof Error ? Promise.reject(grants) : Promise.resolve(grants);
      },
    };
    const result = await resultFor(source);
    if (result.kind === 'not-judged') throw result.failure;
    const { outcome, reason, message } = result.verdict;
    expect(`${outcome} ${String(reason)} ${message}`.slice(0, expected.length)).toBe(expected);
    expect(asked).toBe(times);
  });

  it.each([
    [
      'the key is disabled too',
      { ...key, policy: policy(), description: { ...key.description, state: 'Disabled' } },
    ],
    ['the key is unknown', unknown('no')],
  ])('are not asked for where %s', async (_, found) => {
    const grants = jest.fn<Promise<Grants>, [string]>().mockResolvedValue(admitting);
    const source: Source = {
      bucket: () => Promise.resolve(bucket),
      key: () => Promise.resolve(found as typeof key),
      grants,
    };
    expect((await resultFor(source)).kind).toBe('judged');
    expect(grants).not.toHaveBeenCalled();
  });
});

const organizationId = 'o-a1b2c3d4e5';
type Organization = NonNullable<Facts['organization']>;
const ours: Organization = { kind: 'organization', id: organizationId };
const other: Organization = { kind: 'organization', id: 'o-zzzzzzzzzz' };
const none = missing('AWSOrganizationsNotInUseException');
const hidden = unknown('give the organization id, or allow organizations:DescribeOrganization');

/** A statement for accounts of the organization, in any of its conditions. */
const ofOrganization = (Condition: object) => ({ ...grant, Condition });
const byId = ofOrganization({ StringEquals: { 'aws:SourceOrgID': organizationId } });
const byPath = ofOrganization({
  'ForAnyValue:StringLike': { 'aws:sourceorgpaths': `${organizationId}/*` },
});
const byLongPath = ofOrganization({
  'ForAnyValue:StringLike': { 'aws:SourceOrgPaths': `${organizationId}/r-ab12/ou-ab12/*` },
});
const byVariable = ofOrganization({
  StringEquals: { 'aws:SourceAccount': '${aws:SourceOrgID}' },
});
const foreign = (Action: string) => ({
  Effect: 'Deny',
  Principal: '*',
  Action,
  Resource: '*',
  Condition: { StringNotEquals: { 'aws:SourceOrgID': organizationId } },
});
const foreignAndSent = {
  ...foreign('kms:*'),
  Condition: { ...foreign('kms:*').Condition, Null: { 'aws:SourceOrgPaths': 'false' } },
};
const trail = { ...byId, Principal: { Service: 'cloudtrail.amazonaws.com' } };
const doubtful = ofOrganization({ StringEquals: { 'aws:AKeyOfTomorrow': 'network' } });
const writing = {
  Effect: 'Allow',
  Principal: { Service: 'delivery.logs.amazonaws.com' },
  Action: ['s3:PutObject', 's3:GetBucketAcl'],
  Resource: '*',
};

interface OrganizationRow {
  readonly keyPolicy: readonly object[];
  /** A policy that admits delivery unless told otherwise. */
  readonly bucketPolicy?: readonly object[];
  readonly answer: Organization;
  readonly question?: Partial<Question>;
  readonly state?: string;
  readonly partition?: string;
  /** The start of the outcome, the reason and the message. */
  readonly verdict: string;
  readonly times: number;
}

const exempting: Partial<Question> = {
  exemptions: [
    { pattern: { flowLog: 'fl-1' }, reason: 'a test', owner: 'us', expires: '2027-01-31' },
  ],
};

const organizations: [string, OrganizationRow][] = [
  ['of the statement', { keyPolicy: [byId], answer: ours, verdict: 'deliverable', times: 1 }],
  [
    'of the statement, by path in another casing',
    { keyPolicy: [byPath], answer: ours, verdict: 'deliverable', times: 1 },
  ],
  [
    'another than of the statement',
    { keyPolicy: [byId], answer: other, verdict: 'blocked key-policy', times: 1 },
  ],
  [
    'another than of the statement, by path',
    { keyPolicy: [byPath], answer: other, verdict: 'blocked key-policy', times: 1 },
  ],
  [
    'none, where a statement wants it',
    { keyPolicy: [byId], answer: none, verdict: 'blocked key-policy', times: 1 },
  ],
  [
    'none, where a statement wants a path',
    { keyPolicy: [byPath], answer: none, verdict: 'blocked key-policy', times: 1 },
  ],
  [
    'none, which a Deny takes for another',
    { keyPolicy: [grant, foreign('kms:*')], answer: none, verdict: 'blocked', times: 1 },
  ],
  [
    'none, where a Deny is for accounts of an organization',
    { keyPolicy: [grant, foreignAndSent], answer: none, verdict: 'deliverable', times: 1 },
  ],
  [
    'another, where a Deny is for accounts of an organization',
    { keyPolicy: [grant, foreignAndSent], answer: other, verdict: 'blocked', times: 1 },
  ],
  [
    'in a variable',
    { keyPolicy: [byVariable], answer: ours, verdict: 'blocked key-policy', times: 1 },
  ],
  [
    'not shown',
    {
      keyPolicy: [byId],
      answer: hidden,
      verdict: 'unknown key-policy StringEquals aws:SourceOrgID wants',
      times: 1,
    },
  ],
  [
    'of a bucket policy, whose doubt alone says nothing',
    {
      keyPolicy: [grant],
      bucketPolicy: [writing, foreign('s3:*')],
      answer: other,
      verdict: 'blocked bucket-policy',
      times: 1,
    },
  ],
  [
    'of a bucket policy, ours',
    {
      keyPolicy: [grant],
      bucketPolicy: [writing, foreign('s3:*')],
      answer: ours,
      verdict: 'deliverable',
      times: 1,
    },
  ],
  [
    'of a bucket policy that is not shown',
    {
      keyPolicy: [grant],
      bucketPolicy: [writing, foreign('s3:*')],
      answer: hidden,
      verdict: 'deliverable',
      times: 1,
    },
  ],
  [
    'of a look at the bucket, where doubt counts',
    {
      keyPolicy: [grant],
      bucketPolicy: [writing, foreign('s3:GetBucketAcl')],
      answer: ours,
      question: { alsoCheck: ['bucket-policy'] },
      verdict: 'deliverable',
      times: 1,
    },
  ],
  [
    'of a look at the bucket, where doubt does not count',
    {
      keyPolicy: [grant],
      bucketPolicy: [writing, foreign('s3:GetBucketAcl')],
      answer: other,
      verdict: 'deliverable',
      times: 0,
    },
  ],
  [
    'of a Deny that a remedy would meet',
    { keyPolicy: [foreign('kms:*')], answer: ours, verdict: 'blocked key-policy', times: 1 },
  ],
  ['that nobody names', { keyPolicy: [grant], answer: other, verdict: 'deliverable', times: 0 }],
  [
    'of a statement for another service',
    { keyPolicy: [grant, trail], answer: other, verdict: 'deliverable', times: 0 },
  ],
  [
    'of a statement for another service alone',
    { keyPolicy: [trail], answer: other, verdict: 'blocked key-policy', times: 0 },
  ],
  [
    'of a statement for another service, where another doubt is left',
    { keyPolicy: [doubtful, trail], answer: ours, verdict: 'unknown key-policy', times: 0 },
  ],
  [
    'of a second statement, where the first admits everybody',
    { keyPolicy: [grant, byId], answer: other, verdict: 'deliverable', times: 0 },
  ],
  [
    'where another Deny decides',
    { keyPolicy: [byId, deny], answer: ours, verdict: 'blocked key-policy', times: 0 },
  ],
  [
    'where the key is disabled',
    { keyPolicy: [byId], state: 'Disabled', answer: ours, verdict: 'blocked key-state', times: 0 },
  ],
  [
    'where the operator gave one',
    {
      keyPolicy: [byId],
      answer: other,
      question: { organizationId },
      verdict: 'deliverable',
      times: 0,
    },
  ],
  [
    'where the operator gave one, which does not settle a path',
    {
      keyPolicy: [byLongPath],
      answer: other,
      question: { organizationId },
      verdict: 'unknown key-policy',
      times: 0,
    },
  ],
  [
    'whose id does not settle a path',
    { keyPolicy: [byLongPath], answer: ours, verdict: 'unknown key-policy', times: 1 },
  ],
  [
    'in a partition where nobody knows the service',
    {
      keyPolicy: [byId],
      partition: 'aws-iso',
      answer: ours,
      verdict: 'unknown key-policy',
      times: 0,
    },
  ],
  [
    'where the flow log is exempt',
    { keyPolicy: [byId], answer: other, question: exempting, verdict: 'exempt', times: 0 },
  ],
];

describe('an organization', () => {
  const judge = async (row: OrganizationRow, organization: Source['organization']) => {
    const { keyPolicy, bucketPolicy = [writing], state = 'Enabled' } = row;
    const source: Source = {
      bucket: () => Promise.resolve({ ...bucket, policy: policy(...bucketPolicy) }),
      key: () =>
        Promise.resolve({
          ...key,
          policy: policy(...keyPolicy),
          description: { ...key.description, state } as typeof key.description,
        }),
      ...(organization && { organization }),
    };
    const { partition = flowLog.partition } = row;
    const flowLogs = Readable.from([{ ...flowLog, id: 'fl-1', partition }]);
    return resultFor(source, { question: { ...question, ...row.question } }, flowLogs);
  };

  it.each(organizations)('%s', async (_, row) => {
    const asked: string[] = [];
    const result = await judge(row, (accountId) => {
      asked.push(accountId);
      return Promise.resolve(row.answer);
    });
    if (result.kind === 'not-judged') throw result.failure;
    const { outcome, reason, message } = result.verdict;
    const words = `${outcome} ${String(reason)} ${message}`;
    expect(words.slice(0, row.verdict.length)).toBe(row.verdict);
    expect(asked).toEqual(Array<string>(row.times).fill(account));
    if (row.keyPolicy[0] === byLongPath) expect(message).not.toContain('organization id');
    if (row.answer === hidden && outcome === 'unknown')
      expect(message).toContain(
        `settled by aws:SourceOrgID; key policy may or may not allow kms:GenerateDataKey and kms:Decrypt: ${hidden.why}`,
      );
  });

  it('is unknown where the source does not ask', async () => {
    const row: OrganizationRow = { keyPolicy: [byId], answer: ours, verdict: '', times: 0 };
    expect(await judge(row, undefined)).toMatchObject({
      verdict: {
        outcome: 'unknown',
        message: expect.stringContaining('kms:Decrypt: give the organization id') as string,
      },
    });
  });

  it('leaves the flow log without a verdict where the call fails', async () => {
    const row: OrganizationRow = { keyPolicy: [byId], answer: ours, verdict: '', times: 0 };
    const failure = new Error('AWS Organizations has not answered');
    expect(await judge(row, () => Promise.reject(failure))).toMatchObject({
      kind: 'not-judged',
      failure,
    });
  });

  it('lets grants be asked for, where the policy refuses after all', async () => {
    const source: Source = {
      bucket: () => Promise.resolve(bucket),
      key: () => Promise.resolve({ ...key, policy: policy(byId) }),
      organization: () => Promise.resolve(other),
      grants: () => Promise.resolve(admitting),
    };
    expect(await resultFor(source)).toMatchObject({
      verdict: { outcome: 'unknown', reason: 'key-policy' },
    });
  });

  it('settles the remedy too', async () => {
    const row: OrganizationRow = {
      keyPolicy: [foreign('kms:*')],
      answer: ours,
      verdict: '',
      times: 1,
    };
    const result = await judge(row, () => Promise.resolve(ours));
    if (result.kind === 'not-judged') throw result.failure;
    expect(offerFor(result.facts, question).kind).toBe('remedy');
  });
});

describe('a survey', () => {
  it.each([
    ['once where no further fact may change the verdict', [grant], 1],
    ['twice where grants may', [], 2],
  ])('has each check look %s', async (_, statements, times) => {
    const look = jest.spyOn(keyPolicy, 'look');
    await resultFor({
      bucket: () => Promise.resolve(bucket),
      key: () => Promise.resolve({ ...key, policy: policy(...statements) }),
      grants: () => Promise.resolve(admitting),
      organization: () => Promise.resolve(ours),
    });
    expect(look).toHaveBeenCalledTimes(times);
    look.mockRestore();
  });

  it('judges all flow logs but the one whose bucket never answers', async () => {
    const source: Source = {
      bucket: (name) => (name === 'hung' ? new Promise(() => undefined) : Promise.resolve(bucket)),
      key: () => Promise.resolve(key),
    };
    const ids = Array.from({ length: 2_000 }, (_, nth) => `fl-${nth}`);
    const hung = {
      ...flowLog,
      id: 'fl-hung',
      destination: { kind: 's3', bucket: 'hung', folder: '' } as const,
    };
    async function* flowLogs() {
      yield hung;
      yield* listed(...ids);
    }
    const found: string[] = [];
    for await (const result of survey(flowLogs(), { source, question })) {
      found.push(`${result.kind} ${result.flowLog.id}`);
      if (found.length === ids.length) break;
    }
    expect(found).toEqual(ids.map((id) => `judged ${id}`));
  });

  it('judges many flow logs of one late bucket, ten thousand at a time', async () => {
    let asked = 0;
    let most = 0;
    const source: Source = {
      async bucket() {
        most = Math.max(most, ++asked);
        await new Promise(setImmediate);
        asked--;
        return bucket;
      },
      key: () => Promise.resolve(key),
    };
    let count = 0;
    async function* flowLogs() {
      for (let nth = 0; nth < 25_000; nth++) yield await Promise.resolve(flowLog);
    }
    for await (const result of survey(flowLogs(), { source, question }))
      if (result.kind === 'judged') count++;
    expect(count).toBe(25_000);
    expect(most).toBeLessThanOrEqual(10_000);
  });
});
