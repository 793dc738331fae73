import { type Account } from './aws-stand-in.ts';
import { sessionKey, startOrganization, type Organization } from './organization-stand-in.ts';
import {
  account,
  admits,
  archive,
  bucketOf,
  central,
  evaluate,
  having,
  keyArn,
  keyOf,
  may,
  member,
  memberWith,
  policyFor,
  reader,
  refuses,
  refusing,
  reporter,
  resultsIn,
  roleIn,
  scheduleIn,
  security,
  without,
  world,
} from './organization-world.ts';

/** The built evaluator in the central account, asked by a rule of this account. */
async function judged(organization: Organization, asking = member) {
  const aws = await startOrganization(organization);
  try {
    const ended = await evaluate(aws, [scheduleIn(asking)]);
    const calls = (accountId: string) =>
      aws.of(accountId).calls.map(({ operation, accessKeyId }) => ({ operation, accessKeyId }));
    return {
      ended,
      roles: aws.roles.map(({ role }) => role),
      evaluations: resultsIn(aws, asking),
      calls: {
        central: calls(central),
        member: calls(member),
        archive: calls(archive),
        security: calls(security),
      },
    };
  } finally {
    await aws.close();
  }
}

const withKey = account(security, { keys: { [keyArn]: { policy: admits } } });

/** The role may be taken, and may do nothing. */
const powerless = (role: string): Organization => ({
  ...world,
  roles: { ...world.roles, [role]: [] },
});

const compliant: readonly unknown[] = [
  'COMPLIANT',
  expect.stringMatching(/^deliverable: key policy admits/),
];
const not = (annotation: RegExp): readonly unknown[] => [
  'NON_COMPLIANT',
  expect.stringMatching(annotation),
];

const verdicts: readonly [string, Organization, readonly unknown[]][] = [
  ['everything is there', world, compliant],
  [
    'the key policy refuses',
    having(account(security, { keys: { [keyArn]: { policy: refuses } } })),
    not(/^key-policy: /),
  ],
  [
    'the bucket may be read from everywhere, though no role is in its account',
    { ...without(`${archive}/${reader}`), shared: ['central-logs'] },
    compliant,
  ],
  [
    'the reader role of the archive is missing',
    without(`${archive}/${reader}`),
    not(
      /^unknown: bucket: bucket cannot be read from here, and: role flow-log-key-rule-reader of account 444455556666/,
    ),
  ],
  [
    'the reader role of the archive may not read the bucket',
    powerless(`${archive}/${reader}`),
    not(/^unknown: bucket: .* account 777788889999 may not read it; account 444455556666/),
  ],
  [
    'the bucket does not exist',
    having(account(archive)),
    not(/^bucket: .*does not exist \(NoSuchBucket\)/),
  ],
  [
    'the reader role of the key is missing',
    without(`${security}/${reader}`),
    not(/^unknown: key-(state|policy): .*role flow-log-key-rule-reader of account 777788889999/),
  ],
  [
    'the reader role of the key may describe it, and not read its policy',
    having(refusing(withKey, 'GetKeyPolicy', 'AccessDeniedException')),
    not(/^unknown: key-policy: policy of key cannot be read \(AccessDeniedException\)/),
  ],
  [
    'the key does not exist',
    having(account(security)),
    not(/^key: .*does not exist \(NotFoundException\)/),
  ],
  [
    'the key is disabled, and its policy may not be read',
    having(
      refusing(
        account(security, { keys: { [keyArn]: { policy: admits, state: 'Disabled' } } }),
        'GetKeyPolicy',
        'AccessDeniedException',
      ),
    ),
    not(/^key-state: /),
  ],
  [
    'neither the archive nor the key can be read',
    without(`${archive}/${reader}`, `${security}/${reader}`),
    not(/^unknown: bucket: bucket cannot be read/),
  ],
];

describe('a flow log, its bucket and its key in three accounts, judged from a fourth, where', () => {
  it.each(verdicts)('%s', async (_, organization, expected) => {
    const { ended, evaluations } = await judged(organization);
    expect(evaluations).toEqual([expected]);
    expect(ended.exitCode).toBe(0);
  });

  it('each account is asked with its own role, which is taken once', async () => {
    const { calls, roles } = await judged(world);
    expect(calls.central).toEqual([]);
    expect(new Set(calls.archive.map(({ accessKeyId }) => accessKeyId))).toEqual(
      new Set([sessionKey(archive, reader)]),
    );
    expect(new Set(calls.security.map(({ accessKeyId }) => accessKeyId))).toEqual(
      new Set([sessionKey(security, reader)]),
    );
    expect(roles.toSorted()).toEqual(Object.keys(world.roles).toSorted());
  });

  it.each([
    ['admits the organization of the member', 'o-a1b2c3d4e5', compliant],
    ['admits another organization', 'o-zzzzzzzzzz', not(/^key-policy: /)],
  ])('the key %s, whatever organization has the key', async (_, id, expected) => {
    const policy = admits.replace(/"aws:SourceAccount":"\d+"/, `"aws:SourceOrgID":"${id}"`);
    const asked = [...(may[reader] ?? []), 'DescribeOrganization'];
    const { evaluations, calls } = await judged({
      ...having(
        { ...memberWith(member, 'central-logs'), organization: 'o-a1b2c3d4e5' },
        account(security, { keys: { [keyArn]: { policy } }, organization: 'o-zzzzzzzzzz' }),
        account(central, { organization: 'o-zzzzzzzzzz' }),
      ),
      roles: { ...world.roles, [`${member}/${reader}`]: asked },
    });
    expect(evaluations).toEqual([expected]);
    const asking = Object.values(calls)
      .flat()
      .filter(({ operation }) => operation === 'DescribeOrganization');
    expect(asking.map(({ accessKeyId }) => accessKeyId)).toEqual([sessionKey(member, reader)]);
  });

  it('evaluations are put with the credentials of the member that asks', async () => {
    const { calls } = await judged(world);
    const put = calls.member.filter(({ operation }) => operation === 'PutEvaluations');
    expect(put).toEqual([
      { operation: 'PutEvaluations', accessKeyId: sessionKey(member, reporter) },
    ]);
  });
});

/** The central account has a flow log and a rule of its own, and the bucket and key for it. */
const own: Account = {
  ...memberWith(central, 'own-logs'),
  buckets: { 'own-logs': bucketOf(keyOf(central)) },
  keys: { [keyOf(central)]: { policy: policyFor('delivery.logs.amazonaws.com', central) } },
};
const roles = { ...roleIn(reader, central), ...roleIn(reporter, central) };

describe('the central account itself is judged', () => {
  it('with its roles alone, for its own credentials may not even list', async () => {
    const { ended, evaluations, calls } = await judged({ ...having(own), roles }, central);
    expect(ended.exitCode).toBe(0);
    expect(evaluations).toEqual([compliant]);
    expect(new Set(calls.central.map(({ accessKeyId }) => accessKeyId))).toEqual(
      new Set([sessionKey(central, reader), sessionKey(central, reporter)]),
    );
  });

  it('with a bucket and a key of other accounts too', async () => {
    const { evaluations } = await judged(
      {
        ...having(memberWith(central, 'central-logs'), {
          ...withKey,
          keys: { [keyArn]: { policy: policyFor('delivery.logs.amazonaws.com', central) } },
        }),
        roles: { ...world.roles, ...roles },
      },
      central,
    );
    expect(evaluations).toEqual([compliant]);
  });

  it('not at all without its own reporter role', async () => {
    const { ended, evaluations } = await judged(
      { ...having(own), roles: roleIn(reader, central) },
      central,
    );
    expect(ended.stderr).toContain(
      'event of account 999988887777 refused: role flow-log-key-rule-reporter of account 999988887777 cannot be assumed (AccessDenied)',
    );
    expect(evaluations).toEqual([]);
  });
});

describe('no role may do more than it has to', () => {
  it('and none less', async () => {
    const { calls } = await judged(world);
    const all = Object.values(calls).flat();
    for (const role of [reader, reporter]) {
      const made = all.filter(({ accessKeyId }) => accessKeyId.endsWith(role));
      expect([...new Set(made.map(({ operation }) => operation))].toSorted()).toEqual(
        may[role]?.toSorted(),
      );
    }
  });
});

describe('an event is refused', () => {
  it('where its account has no reporter role for us, and nothing is put', async () => {
    const { ended, evaluations } = await judged(without(`${member}/${reporter}`));
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain(
      'event of account 111122223333 refused: role flow-log-key-rule-reporter of account 111122223333 cannot be assumed (AccessDenied)',
    );
    expect(evaluations).toEqual([]);
  });

  it('where its flow logs may not be read, and nothing is put', async () => {
    const { ended, evaluations } = await judged(without(`${member}/${reader}`));
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain('flow logs cannot be listed: role flow-log-key-rule-reader');
    expect(evaluations).toEqual([]);
  });
});
