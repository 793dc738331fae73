import { survey, type Judged, type NotJudged } from '../../rule/judge/survey.ts';
import { awsSource } from '../../rule/sources/aws/source.ts';
import { waitLimits } from '../../rule/basics/wait-limits.ts';
import { account, grant, policy, question } from '../world.ts';
import { answerOf, clientsOf, flowLogsInto } from './aws.ts';

const never = () => new Promise<never>(() => undefined);

const byOrganization = {
  ...grant,
  Condition: { StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } },
};
const late = [1];
const others = Array.from({ length: 20 }, (_, nth) => 2 * nth);

interface Late {
  /** The call that is never answered, where the call is about the late bucket, its key or the organization. */
  readonly operation: string;
  /** The statements in the policy of the late bucket's key. */
  readonly statements?: readonly object[];
}

const isLate = (name: string): boolean => name === '' || name.endsWith('-1');

/** The results, where one call is never answered: fl-0 needs the call, and no other flow log does. */
async function resultsWith(
  { operation: hanging, statements = [grant] }: Late,
  deadline?: number,
): Promise<readonly (Judged | NotJudged)[]> {
  const clients = clientsOf((operation, name) => {
    if (operation === hanging && isLate(name)) return never();
    if (operation === 'GetKeyPolicy' && isLate(name))
      return Promise.resolve({ Policy: JSON.stringify(policy(...statements).document) });
    return Promise.resolve(answerOf(operation, name));
  });
  const place = { accountId: account, region: 'us-east-1' };
  const source = awsSource({ clients, place, deadline });
  const results: (Judged | NotJudged)[] = [];
  for await (const result of survey(flowLogsInto([...late, ...others]), { source, question }))
    results.push(result);
  return results;
}

const wordsOf = (result: Judged | NotJudged): string =>
  `${result.flowLog.id} ${result.kind === 'judged' ? result.verdict.outcome : String(result.failure)}`;

const rows: [string, Late, string][] = [
  ['a bucket', { operation: 'GetBucketEncryption' }, 'bucket bucket-1'],
  ['a bucket policy', { operation: 'GetBucketPolicy' }, 'bucket bucket-1'],
  ['a key', { operation: 'DescribeKey' }, `key arn:aws:kms:us-east-1:${account}:key/key-1`],
  ['a key policy', { operation: 'GetKeyPolicy' }, `key arn:aws:kms:us-east-1:${account}:key/key-1`],
  [
    'the organization',
    { operation: 'DescribeOrganization', statements: [byOrganization] },
    `organization of account ${account}`,
  ],
];

describe('a call that is never answered', () => {
  it.each(rows)(
    '%s: spoils its flow log at the deadline, and no other',
    async (_, call, subject) => {
      const results = await resultsWith(call, Date.now() + 200);
      expect(results.slice(0, -1).map(wordsOf).sort()).toEqual(
        others.map((_, nth) => `fl-${nth + 1} deliverable`).sort(),
      );
      expect(results.map(wordsOf).at(-1)).toBe(
        `fl-0 Error: time limit is near, and ${subject} has not answered`,
      );
    },
  );

  it.each(rows)('%s: ends at the time limit of a question', async (_, call, subject) => {
    jest.replaceProperty(waitLimits, 'questionMs', 200);
    const results = await resultsWith(call);
    expect(results.map(wordsOf).at(-1)).toMatch(
      `fl-0 Error: ${subject} has not answered for 0.2 s`,
    );
    expect(results).toHaveLength(21);
  });

  it('the grants: leaves the first verdict', async () => {
    const results = await resultsWith(
      { operation: 'ListGrants', statements: [] },
      Date.now() + 200,
    );
    expect(results.at(-1)).toMatchObject({
      flowLog: { id: 'fl-0' },
      verdict: { outcome: 'blocked', reason: 'key-policy' },
    });
  });
});
