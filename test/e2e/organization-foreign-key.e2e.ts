import type { Executed } from './automation.ts';
import type { Policy, Statement } from './kms-stand-in.ts';
import { statementsIn } from './kms-stand-in.ts';
import { saidIn, sourceArnIn } from './mender.ts';
import {
  admitted,
  asCentral,
  closed,
  failedWith,
  inOffice,
  mended,
  neighbour,
  nothingPut,
  tookBack,
  untilEditsCount,
  type Given,
  type Office,
  ofCentral,
} from './office.ts';
import {
  archive,
  bucketOf,
  central,
  keyArn,
  keyOf,
  member,
  memberWith,
  region,
  security,
} from './organization-world.ts';

const gone = 'arn:aws:iam::777788889999:role/gone';

const statement = (more: object): Statement => ({
  Sid: 'SecretSid',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::777788889999:role/secret-role' },
  Action: 'kms:Decrypt',
  Resource: '*',
  ...more,
});

const and =
  (more: Statement) =>
  (policy: Policy): Policy => ({ ...policy, Statement: [...statementsIn(policy), more] });

/** Everything that the runbook shows and the mender logs. */
const allOf = ({ logs }: Office, { steps, message, outputs }: Executed): string =>
  JSON.stringify([steps, message, outputs, logs]);

const secret = /secret|role\/gone|AROAEXAMPLE|333344445555|555566667777/i;

describe('words of the key policy', () => {
  it.each<[string, Statement, RegExp, RegExp]>([
    [
      'of principals, one of which is gone',
      statement({ Principal: { AWS: [gone, 'arn:aws:iam::555566667777:user/secret-user'] } }),
      /KMS refused the policy .*look for principals of a statement of that policy/,
      /look for .*role\/gone/,
    ],
    [
      'of principals that AWS shows as deleted',
      statement({ Principal: { AWS: ['AROAEXAMPLEEXAMPLE123', gone] } }),
      /no longer exist, so KMS refuses the policy: take out these principals of that policy/,
      /take out AROAEXAMPLEEXAMPLE123/,
    ],
    [
      'of a Deny',
      statement({
        Effect: 'Deny',
        Principal: '*',
        Action: 'kms:GenerateDataKey*',
        Condition: { StringNotEquals: { 'aws:SourceAccount': ['333344445555'] } },
      }),
      /a statement of that policy forbids it; key policy refuses kms:GenerateDataKey: exempt/,
      /SecretSid.*333344445555/,
    ],
    [
      'of a condition that nobody can decide',
      statement({
        Effect: 'Deny',
        Principal: '*',
        Action: 'kms:GenerateDataKey*',
        Condition: { StringEquals: { 'aws:SecretNewKey': ['333344445555'] } },
      }),
      /a statement of that policy may or may not apply; key policy may or may not allow .*; key/,
      /SecretSid.*333344445555/,
    ],
  ])('%s stay in the account of the key, and are told there', async (_, extra, told, named) => {
    await inOffice({ deleted: [gone] }, async (office) => {
      office.policies.edit(keyArn, and(extra));
      const all = allOf(office, await mended(office));
      expect(all).toMatch(told);
      expect(all).not.toMatch(secret);
    });
    await inOffice({ ...ofCentral, deleted: [gone] }, async (office) => {
      office.policies.edit(keyOf(central), and(extra));
      expect(allOf(office, await mended(office, { runIn: central }))).toMatch(named);
    });
  });

  const twice = (name: string): string =>
    JSON.stringify(closed).replace('"Sid":', `"${name}":"secret","${name}":"Secret","Sid":`);
  it('of a name that stands twice stay there too', async () => {
    const policy = twice('SecretName');
    await inOffice({ policy }, async (office) => {
      const all = allOf(office, await mended(office));
      expect(all).toMatch(/a name.*twice/);
      expect(all).not.toMatch(secret);
    });
    await inOffice({ ...ofCentral, policy }, async (office) => {
      const all = allOf(office, await mended(office, { runIn: central }));
      expect(all).toMatch(/SecretName.*twice/);
    });
  });

  it('that KMS quotes at a take-back are told to the account of the key only', () =>
    inOffice({ deleted: [gone] }, async (office) => {
      await mended(office, { pace: 2 });
      office.policies.edit(keyArn, and(statement({ Principal: { AWS: gone } })));
      await untilEditsCount();
      const all = allOf(office, await tookBack(office, { pace: 2 }));
      expect(all).toMatch(/KMS refused the policy of key .*MalformedPolicyDocumentException/);
      expect(all).not.toMatch(secret);
      const own = await tookBack(office, { runIn: security, pace: 2 });
      expect(allOf(office, own)).toMatch(/KMS refused the policy of key .*role\/gone/);
      expect(admitted(office)).toEqual([sourceArnIn(region)]);
    }));
});

describe('words of the bucket policy', () => {
  const here = 'arn:aws:s3:::logs/*';
  const policyOf = (statement: object): string =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'delivery.logs.amazonaws.com' },
          Action: 's3:*',
          Resource: ['arn:aws:s3:::logs', here],
        },
        { Sid: 'SecretSid', Effect: 'Deny', Principal: '*', Action: 's3:*', ...statement },
      ],
    });
  const withPolicy = (policy: string, owner: string): Given => ({
    change: (organization) => ({
      ...organization,
      accounts: organization.accounts.map((each) => ({
        ...(each.accountId === member ? memberWith(member, 'logs') : each),
        ...(each.accountId === owner && { buckets: { logs: { ...bucketOf(keyArn), policy } } }),
      })),
    }),
  });
  it.each<[string, string, RegExp, RegExp]>([
    [
      'of a Deny',
      policyOf({
        Resource: here,
        Condition: { StringNotEquals: { 'aws:SourceAccount': '333344445555' } },
      }),
      /a statement of that policy forbids it; bucket policy refuses s3:PutObject/,
      /SecretSid.*333344445555/,
    ],
    [
      'of a condition that nobody can decide',
      policyOf({
        Resource: here,
        Condition: { StringEquals: { 'aws:SecretNewKey': ['333344445555'] } },
      }),
      /a statement of that policy may or may not apply/,
      /SecretSid.*333344445555/,
    ],
    [
      'of a name that stands twice',
      '{"Secret":1,"Secret":2,"Statement":[]}',
      /a name.*twice/,
      /Secret.*twice/,
    ],
    ['of a text that is no policy', '{"Secret', /bucket.* not JSON/, /bucket.* not JSON/],
  ])('%s stay in the account of the bucket, and are told there', async (_, policy, told, named) => {
    const judged = {
      remediationAccounts: member,
      ruleParameters: { ...asCentral.ruleParameters, AlsoCheck: 'bucket-policy' },
    };
    await inOffice(withPolicy(policy, archive), async (office) => {
      const all = allOf(office, await mended(office, judged));
      expect(all).toMatch(told);
      expect(all).not.toMatch(secret);
    });
    await inOffice(withPolicy(policy, member), async (office) => {
      expect(allOf(office, await mended(office, judged))).toMatch(named);
    });
  });
});

describe('a key of another account', () => {
  const withBucketIn = (owner: string): Given => ({
    asking: neighbour,
    change: (organization) => ({
      ...organization,
      accounts: organization.accounts.map((each) => ({
        ...(each.accountId === neighbour ? memberWith(neighbour, 'new-logs') : each),
        buckets: each.accountId === owner ? { 'new-logs': bucketOf(keyArn) } : {},
      })),
    }),
  });
  const among = (remediationAccounts?: string, OwnerAccounts = `${security},${archive}`) => ({
    runIn: neighbour,
    remediationAccounts,
    ruleParameters: { ...asCentral.ruleParameters, OwnerAccounts },
  });

  it.each([
    ['the bucket of the asking account', neighbour, among()],
    ['a bucket of an account that nobody named', archive, among(undefined, security)],
    ['an account that is not among the named accounts', archive, among(member)],
  ])('is not mended for %s', (_, owner, options) =>
    inOffice(withBucketIn(owner), async (office) => {
      const ran = await mended(office, options);
      failedWith(ran, /^nothing was written: /);
      nothingPut(office);
    }),
  );

  it('is refused in words that name the option', () =>
    inOffice(withBucketIn(neighbour), async (office) => {
      expect(saidIn(await mended(office, among()))).toMatch(
        /^nothing was written: key .*777788889999.* is of another account, and bucket new-logs is not known to be of that account or of an account in ownerAccounts: name account 222233334444 in remediationAccounts/,
      );
      // The log must say why, because no alarm rings.
      expect(office.logs.join('')).toContain('name account 222233334444 in remediationAccounts');
      nothingPut(office);
    }));

  it.each([
    ['a bucket of the account of the key', security, among()],
    ['a bucket of a named archive', archive, among()],
    ['a flow log of a named account', neighbour, among(`${member},${neighbour}`)],
  ])('is mended for %s', (_, owner, options) =>
    inOffice(withBucketIn(owner), async (office) => {
      const ran = await mended(office, options);
      expect(saidIn(ran)).toMatch(/^key policy admits delivery/);
      expect(admitted(office)).toEqual([sourceArnIn(region).replace(member, neighbour)]);
    }),
  );
});
