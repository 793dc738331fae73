import { survey } from '../../rule/judge/survey.ts';
import { unknown, type FlowLog } from '../../rule/model/facts.ts';
import type { Grants } from '../../rule/model/kms-grants.ts';
import type { Source } from '../../rule/model/source.ts';
import { bucket, flowLog, grant, key, policy, question } from '../world.ts';

const deny = { Effect: 'Deny', Principal: '*', Action: 'kms:*', Resource: '*' };

async function* listed(...ids: readonly string[]): AsyncIterable<FlowLog> {
  for (const id of ids) yield await Promise.resolve({ ...flowLog, id });
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
    'blocked key-policy key policy refuses',
    1,
  ],
  [
    'a grant to another service',
    [],
    whole({ id: 'g-1', grantee: 'other.amazonaws.com', operations }),
    'blocked key-policy key policy refuses',
    1,
  ],
  ['no grant', [], whole(), 'blocked key-policy key policy refuses', 1],
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
    'blocked key-policy key policy refuses',
    1,
  ],
  ['a grant against a Deny', [deny], admitting, 'blocked key-policy key policy refuses', 0],
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
    for await (const result of survey(listed('fl-1'), { source, question })) {
      if (result.kind === 'not-judged') throw result.failure;
      const { outcome, reason, message } = result.verdict;
      expect(`${outcome} ${String(reason)} ${message}`.slice(0, expected.length)).toBe(expected);
    }
    expect(asked).toBe(times);
  });

  it.each([
    [
      'the key is disabled too',
      { ...key, policy: policy(), description: { ...key.description, state: 'Disabled' } },
    ],
    ['the key is unknown', unknown('no')],
  ])('are not asked for where %s', async (_, found) => {
    const source: Source = {
      bucket: () => Promise.resolve(bucket),
      key: () => Promise.resolve(found as typeof key),
      grants: () => Promise.reject(new Error('nobody asks')),
    };
    for await (const result of survey(listed('fl-1'), { source, question }))
      expect(result.kind === 'judged' && 'grants' in result.facts).toBe(false);
  });
});

describe('a survey', () => {
  it('names the flow log whose bucket has not answered before the deadline, and judges the others', async () => {
    const source: Source = {
      bucket: () => Promise.resolve(bucket),
      key: () => Promise.resolve(key),
    };
    let first = true;
    const hanging: Source = {
      ...source,
      bucket(name, partition) {
        if (!first) return source.bucket(name, partition);
        first = false;
        return new Promise(() => undefined);
      },
    };
    const found: string[] = [];
    const flowLogs = listed('fl-hung', ...Array.from({ length: 20 }, (_, nth) => `fl-${nth}`));
    const deadline = Date.now() + 100;
    for await (const result of survey(flowLogs, { source: hanging, question, deadline }))
      found.push(
        result.kind === 'judged' ? result.kind : `${result.flowLog.id}: ${String(result.failure)}`,
      );
    expect(found).toEqual([
      ...Array<string>(20).fill('judged'),
      expect.stringMatching(/^fl-hung: .*time limit is near, and bucket .* has not answered/),
    ]);
  });
});
