import type { Account, Fault, Key } from './aws-stand-in.ts';
import { startOrganization } from './organization-stand-in.ts';
import {
  account,
  bucketOf,
  central,
  evaluate,
  flowLogId,
  keyOf,
  may,
  memberWith,
  policyFor,
  reader,
  reporter,
  resultsIn,
  scheduleIn,
} from './organization-world.ts';

/** A role that is refused can be taken, and everything is denied to it. */
const roleStates = ['present', 'missing', 'refused'] as const;
const bucketStates = ['present', 'missing', 'refused'] as const;
const keyStates = [
  'admits',
  'refuses',
  'missing',
  'refused',
  'disabled, its policy refused',
] as const;
type RoleState = (typeof roleStates)[number];

/** One of all the ways in which an organization can be. */
interface Case {
  readonly reporter: RoleState;
  readonly readerOfMember: RoleState;
  readonly readerOfArchive: RoleState;
  readonly readerOfSecurity: RoleState;
  readonly bucket: (typeof bucketStates)[number];
  readonly key: (typeof keyStates)[number];
}

type Expected = 'nothing is put' | 'deliverable' | 'blocked' | 'unknown';

/**
 * The verdict by the facts alone: what AWS says is missing is blocked, what cannot be read is unknown, and blocked beats
 * unknown. S3 tells everybody of a bucket that does not exist; of a key only its own account is told.
 */
function expectedOf(it: Case): Expected {
  const { reporter, readerOfMember, readerOfArchive, readerOfSecurity, bucket, key } = it;
  if (reporter !== 'present' || readerOfMember !== 'present') return 'nothing is put';
  if (bucket === 'missing') return 'blocked';
  if (bucket === 'refused' || readerOfArchive !== 'present') return 'unknown';
  if (readerOfSecurity !== 'present' || key === 'refused') return 'unknown';
  return key === 'admits' ? 'deliverable' : 'blocked';
}

// Each case has accounts of its own, so that one process can judge many: it remembers which roles were refused. -------

interface Placed extends Case {
  readonly member: string;
  readonly archive: string;
  readonly security: string;
}

const placed = (it: Case, at: number): Placed => {
  const numbered = (kind: number): string => `${kind}${String(at).padStart(11, '0')}`;
  return { ...it, member: numbered(1), archive: numbered(2), security: numbered(3) };
};

const bucketNameOf = ({ archive }: Placed): string => `logs-${archive}`;

const accountsOf = (it: Placed): readonly Account[] => [
  memberWith(it.member, bucketNameOf(it)),
  account(it.archive, {
    buckets: it.bucket === 'missing' ? {} : { [bucketNameOf(it)]: bucketOf(keyOf(it.security)) },
    faults: it.bucket === 'refused' ? [refusal('GetBucketEncryption', 403, 'AccessDenied')] : [],
  }),
  account(it.security, {
    keys: it.key === 'missing' ? {} : { [keyOf(it.security)]: keyIn(it) },
    faults: refusedOfKey[it.key].map((each) => refusal(each, 400, 'AccessDeniedException')),
  }),
];

const refusal = (operation: string, status: number, code: string): Fault => ({
  operation,
  answer: { status, code },
});

const refusedOfKey: Record<Case['key'], readonly string[]> = {
  admits: [],
  refuses: [],
  missing: [],
  refused: ['DescribeKey', 'GetKeyPolicy'],
  'disabled, its policy refused': ['GetKeyPolicy'],
};

const keyIn = ({ key, member }: Placed): Key => ({
  policy: policyFor(
    key === 'refuses' ? 'other.amazonaws.com' : 'delivery.logs.amazonaws.com',
    member,
  ),
  state: key === 'disabled, its policy refused' ? 'Disabled' : 'Enabled',
});

function rolesOf(it: Placed): readonly (readonly [string, readonly string[]])[] {
  const all: readonly (readonly [RoleState, string, string])[] = [
    [it.reporter, it.member, reporter],
    [it.readerOfMember, it.member, reader],
    [it.readerOfArchive, it.archive, reader],
    [it.readerOfSecurity, it.security, reader],
  ];
  return all.flatMap(([state, accountId, name]) =>
    state === 'missing'
      ? []
      : [[`${accountId}/${name}`, state === 'refused' ? [] : (may[name] ?? [])] as const],
  );
}

// Judging --------------------------------------------------------------------------------------------------------------

const nameOf = ({ reporter, readerOfMember, bucket, key, ...it }: Case): string =>
  `reporter ${reporter}, readers ${readerOfMember}/${it.readerOfArchive}/${it.readerOfSecurity}, bucket ${bucket}, key ${key}`;

/** What results say, with UnknownAs telling unknown from blocked. */
const outcomes: Readonly<Record<string, Expected>> = {
  COMPLIANT: 'deliverable',
  NON_COMPLIANT: 'blocked',
  NOT_APPLICABLE: 'unknown',
};

/** What the built evaluator makes of each case, by the name of the case. */
async function judged(cases: readonly Placed[]): Promise<Readonly<Record<string, string>>> {
  const aws = await startOrganization({
    own: central,
    may: [],
    accounts: cases.flatMap(accountsOf),
    roles: Object.fromEntries(cases.flatMap(rolesOf)),
    shared: [],
  });
  try {
    const events = cases.map((it) =>
      scheduleIn(it.member, {
        OwnerAccounts: `${it.security},${it.archive}`,
        UnknownAs: 'NOT_APPLICABLE',
      }),
    );
    const { stdout, stderr } = await evaluate(aws, events);
    // Whoever is told nothing has to fail, and nobody else may.
    const errors = `${stdout}${stderr}`
      .split('\n')
      .filter((line) => line.startsWith('{"errorType"'));
    expect(errors).toHaveLength(cases.filter((it) => expectedOf(it) === 'nothing is put').length);
    return Object.fromEntries(
      cases.map((it) => {
        const results = resultsIn(aws, it.member).map(([compliance = '']) => outcomes[compliance]);
        return [nameOf(it), results.length === 0 ? 'nothing is put' : results.join(' and ')];
      }),
    );
  } finally {
    await aws.close();
  }
}

const all: readonly Placed[] = roleStates
  .flatMap((reporter) =>
    roleStates.flatMap((readerOfMember) =>
      roleStates.flatMap((readerOfArchive) =>
        roleStates.flatMap((readerOfSecurity) =>
          bucketStates.flatMap((bucket) =>
            keyStates.map((key) => ({
              reporter,
              readerOfMember,
              readerOfArchive,
              readerOfSecurity,
              bucket,
              key,
            })),
          ),
        ),
      ),
    ),
  )
  .map(placed);

const groups = roleStates.flatMap((reporter) =>
  roleStates.map((readerOfMember) => [reporter, readerOfMember] as const),
);

describe(`all ${all.length} ways in which roles, bucket and key of flow log ${flowLogId} can be there or not`, () => {
  it.each(groups)('with the reporter %s and the reader of the member %s', async (...group) => {
    const cases = all.filter((it) => it.reporter === group[0] && it.readerOfMember === group[1]);
    expect(cases).toHaveLength(135);
    const expected = Object.fromEntries(cases.map((it) => [nameOf(it), expectedOf(it)]));
    expect(await judged(cases)).toEqual(expected);
  });
});
