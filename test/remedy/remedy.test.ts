import fc from 'fast-check';
import { collectionFor } from '../../rule/remedy/collection.ts';
import { decide } from '../../rule/judge/decide.ts';
import { notAsked, type Facts, type FlowLog, unknown, missing } from '../../rule/model/facts.ts';
import type { Run } from '../../rule/remedy/run.ts';
import { grantFor, statementOf } from '../../rule/remedy/grant.ts';
import { merge } from '../../rule/remedy/merge.ts';
import { obstacleTo } from '../../rule/remedy/obstacle.ts';
import type { Verdict } from '../../rule/model/verdict.ts';
import { sidOf, statementsOf } from '../../rule/policy/document.ts';
import {
  offerFor,
  statementIn,
  scopes,
  type Remedy,
  type Scope,
} from '../../rule/remedy/remedy.ts';
import { table } from '../../rule/desk/reports/table.ts';
import { denials, flowLogIn, flowLogs, keyPolicies } from '../policy/key-policies.ts';
import {
  account,
  archive,
  bucket,
  deny,
  description,
  encryption,
  flowLog,
  grant,
  key,
  keyId,
  policy,
  question,
  region,
  withPolicy,
  world,
} from '../world.ts';

const refusing = withPolicy();
const organizationId = 'o-a1b2c3d4e5';
const orgOnly = { ...grant, Condition: { StringEquals: { 'aws:SourceOrgID': organizationId } } };

describe('the statement', () => {
  it('is the one that AWS documents, for this flow log', () => {
    expect(statementIn(offerFor(refusing, question))).toEqual({
      Sid: 'FlowLogKeyRule',
      Effect: 'Allow',
      Principal: { Service: 'delivery.logs.amazonaws.com' },
      Action: [
        'kms:Encrypt',
        'kms:Decrypt',
        'kms:ReEncrypt*',
        'kms:GenerateDataKey*',
        'kms:DescribeKey',
      ],
      Resource: '*',
      Condition: {
        StringEquals: { 'aws:SourceAccount': '111122223333' },
        ArnLike: { 'aws:SourceArn': 'arn:aws:logs:us-east-1:111122223333:*' },
      },
    });
  });

  it('names the ARN in the partition of the flow log', () => {
    const china = { ...flowLog, partition: 'aws-cn', region: 'cn-north-1' };
    expect(statementOf(grantFor([china], question)).Condition.ArnLike).toEqual({
      'aws:SourceArn': 'arn:aws-cn:logs:cn-north-1:111122223333:*',
    });
  });

  it('adds a required action that AWS does not document', () => {
    const asked = { ...question, requiredActions: ['kms:GenerateDataKeyPair', 'kms:CreateGrant'] };
    expect(statementIn(offerFor(refusing, asked))?.Action.slice(5)).toEqual(['kms:CreateGrant']);
  });

  it('for several flow logs lists each account and each ARN once', () => {
    const other = { ...flowLog, accountId: '444455556666' };
    expect(statementOf(grantFor([other, flowLog, flowLog], question)).Condition).toEqual({
      StringEquals: { 'aws:SourceAccount': ['111122223333', '444455556666'] },
      ArnLike: {
        'aws:SourceArn': [
          'arn:aws:logs:us-east-1:111122223333:*',
          'arn:aws:logs:us-east-1:444455556666:*',
        ],
      },
    });
  });
});

const neverObserved = { status: undefined, error: undefined };
const failing = { ...flowLog, observed: { status: 'FAILED', error: 'Access error' } };

describe('a statement helps', () => {
  it.each<[string, Facts]>([
    ['against the default key policy', refusing],
    ['against a policy that is unsure', withPolicy(orgOnly)],
    ['against a policy that refuses, whatever AWS reports', { ...refusing, flowLog: failing }],
    [
      'in a policy with a single statement that is no list',
      {
        ...world,
        key: {
          ...key,
          policy: {
            kind: 'policy' as const,
            document: { Version: '2012-10-17', Statement: orgOnly },
          },
        },
      },
    ],
  ])('%s', (_, facts) => {
    expect(statementIn(offerFor(facts, question))).not.toBeNull();
  });
});

describe('nothing is to be done', () => {
  it.each<[string, Facts, RegExp]>([
    ['for what is delivered', world, /^key policy admits delivery/],
    [
      'for what is not delivered to S3',
      {
        ...refusing,
        flowLog: { ...flowLog, destination: { kind: 'elsewhere', type: 'firehose' } },
      },
      /^flow log delivers to firehose/,
    ],
    [
      'for a bucket without a KMS key',
      {
        ...world,
        bucket: { ...bucket, encryption: { ...encryption, algorithm: 'AES256' } },
        key: notAsked,
      },
      /no KMS key is involved/,
    ],
    [
      'where the policy is fine and AWS reports that delivery fails',
      { ...world, flowLog: failing },
      /^key policy admits delivery/,
    ],
  ])('%s', (_, facts, message) => {
    for (const scope of scopes) {
      const offer = offerFor(facts, { ...question, organizationId }, scope);
      expect(offer).toEqual({
        kind: 'not-needed',
        message: expect.stringMatching(message) as string,
      });
    }
  });
});

const described = (changed: object): Facts => ({
  ...refusing,
  key: { ...key, policy: policy(), description: { ...description, ...changed } },
});
const encrypted = (changed: object): Facts => ({
  ...refusing,
  bucket: { ...bucket, encryption: { ...encryption, ...changed } },
});

describe('no statement helps, and the offer says why', () => {
  it.each<[string, Facts, RegExp]>([
    [
      'a Deny',
      withPolicy(deny),
      /^key-policy: .*Deny statement `Guard` forbids it.*exempt AWS services from that Deny/,
    ],
    [
      'a Deny without a name',
      withPolicy(orgOnly, { ...deny, Sid: undefined }),
      /^key-policy: .*Deny statement number 3 forbids it/,
    ],
    [
      'a Deny that may apply',
      withPolicy({ ...deny, Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } }),
      /^key-policy: .*Deny statement `Guard`.*settled by aws:SourceIp.*may or may not allow/,
    ],
    [
      'a statement that cannot be read',
      withPolicy({ ...grant, Sid: 'Odd', Effect: 'Permit' }),
      /^key-policy: .*statement `Odd`/,
    ],
    ['an AWS managed key', described({ manager: 'AWS' }), /^aws-managed-key: .*cannot be edited/],
    ['the alias of one', encrypted({ keyId: undefined }), /^aws-managed-key: .*cannot be edited/],
    ['a disabled key', described({ state: 'Disabled' }), /^key-state: .*is Disabled: enable it/],
    [
      'a key whose state is not known',
      { ...refusing, key: { ...key, policy: policy(), description: unknown('no access') } },
      /^key-state: no access/,
    ],
    ['a key that signs', described({ usage: 'SIGN_VERIFY' }), /^key-usage: .*SIGN_VERIFY/],
    [
      'a key that does not exist',
      { ...world, key: missing('key k does not exist') },
      /^key: key k does not exist: set an existing key/,
    ],
    ['a key that was not looked up', { ...world, key: notAsked }, /^key: .*was not looked up/],
    ['a key that cannot be read', { ...world, key: unknown('no access') }, /^key: no access/],
    [
      'a key policy that cannot be read',
      { ...world, key: { ...key, policy: unknown('no GetKeyPolicy') } },
      /^key-policy: no GetKeyPolicy/,
    ],
    [
      'a policy that is none',
      {
        ...world,
        key: { ...key, policy: { kind: 'policy' as const, document: { Version: '2012-10-17' } } },
      },
      /^policy of key arn:.* has no Statement/,
    ],
    [
      'a key of another Region',
      { ...refusing, key: { ...key, policy: policy(), region: 'eu-west-1' } },
      /^key-region: .*is in eu-west-1, the bucket in us-east-1/,
    ],
    [
      'a partition that was not verified',
      { ...refusing, flowLog: { ...flowLog, partition: 'aws-iso' } },
      /^key-policy: .*partition aws-iso is not verified/,
    ],
    ['a key by id', encrypted({ keyId }), /^key-by-arn: .*by id .*: set the key ARN/],
    ['an alias by name', encrypted({ keyId: 'alias/logs' }), /^key-by-arn: .*: set the key ARN/],
    [
      'a bucket that does not exist',
      { ...refusing, bucket: missing('bucket b does not exist') },
      /^bucket: bucket b does not exist/,
    ],
    [
      'a destination that cannot be read',
      { ...refusing, flowLog: { ...flowLog, destination: unknown('odd') }, bucket: notAsked },
      /^destination: odd/,
    ],
  ])('%s', (_, facts, message) => {
    for (const scope of scopes) {
      const offer = offerFor(facts, { ...question, organizationId }, scope);
      expect(offer).toEqual({
        kind: 'none',
        message: expect.stringMatching(message) as string,
      });
    }
  });
});

const remedyIn = (facts: Facts, scope?: Scope): Remedy => {
  const offer = offerFor(facts, { ...question, organizationId }, scope);
  if (offer.kind !== 'remedy') throw new Error(offer.message);
  return offer.remedy;
};

describe('a remedy for the organization', () => {
  const condition = { Condition: { StringEquals: { 'aws:SourceOrgID': organizationId } } };

  it('names nothing but the organization, and delivers', () => {
    const { statement, replaces, after } = remedyIn(refusing, 'organization');
    expect(statement).toEqual({ ...statementOf(grantFor([flowLog], question)), ...condition });
    expect(replaces).toBe(false);
    const mended = {
      ...refusing,
      key: { ...key, policy: { kind: 'policy' as const, document: after } },
    };
    expect(decide(mended, { ...question, organizationId }).outcome).toBe('deliverable');
    expect(decide(mended, question).outcome).toBe('unknown');
  });

  it('stands beside the statement for other flow logs', () => {
    const other = statementOf(grantFor([flowLogIn(archive, region)], question));
    const { statement, after } = remedyIn(withPolicy(other), 'organization');
    expect(statement.Sid).toBe('FlowLogKeyRule2');
    expect(after).toEqual(policy(other, statement).document);
  });

  it('needs the organization id', () => {
    expect(() => offerFor(refusing, question, 'organization')).toThrow(
      'scope organization needs the organization id',
    );
  });
});

describe('KMS refuses', () => {
  const withText = (document: object): Facts => ({
    ...world,
    key: {
      ...key,
      policy: { kind: 'policy' as const, document: { ...policy().document, ...document } },
    },
  });
  const sizeOf = ({ after }: Remedy) => Buffer.byteLength(JSON.stringify(after));
  const room = 32_768 - sizeOf(remedyIn(withText({ Id: '' })));

  it.each<[string, string, number | undefined]>([
    ['no policy of 32,768 bytes', 'x'.repeat(room), undefined],
    ['one of a byte more', 'x'.repeat(room + 1), 32_769],
    ['one that has fewer characters than bytes', `${'x'.repeat(room - 1)}é`, 32_769],
  ])('%s', (_, Id, bytes) => {
    const obstacle = (scope: Scope) => obstacleTo(remedyIn(withText({ Id }), scope));
    if (bytes === undefined) expect(obstacle('flow-logs')).toBeUndefined();
    else
      expect(obstacle('flow-logs')).toBe(
        `policy of key ${key.arn} would take ${bytes} bytes, and KMS takes 32768: admit the whole organization instead (scope organization), or take out statements that nobody needs`,
      );
  });

  it('a policy that is too long for the organization too', () => {
    const remedy = remedyIn(withText({ Id: 'x'.repeat(32_768) }), 'organization');
    expect(obstacleTo(remedy)).toMatch(
      / bytes, and KMS takes 32768: take out statements that nobody needs$/,
    );
  });

  const whole = { Effect: 'Allow', Principal: '*', Action: 'kms:DescribeKey', Resource: '*' };
  it.each<[string, object, RegExp | undefined]>([
    [
      'a statement without Action',
      { ...whole, Action: undefined },
      /statement without Action: KMS/,
    ],
    ['a statement without Resource', { ...whole, Resource: undefined }, /without Resource: KMS/],
    [
      'a statement without either',
      { ...whole, Action: undefined, Resource: undefined },
      /without Action, and one without Resource: KMS/,
    ],
    [
      'no statement with NotAction and NotResource',
      { Effect: 'Deny', Principal: '*', NotAction: 'kms:*', NotResource: 'x' },
      undefined,
    ],
    ['a dash outside Latin-1', { ...whole, Sid: 'one – two' }, /the character U\+2013, and KMS/],
    ['a character of two units', { ...whole, Sid: '😀' }, /the character U\+1F600, and KMS/],
    ['no character of Latin-1', { ...whole, Sid: 'Schlüssel ÿ' }, undefined],
  ])('%s', (_, statement, words) => {
    const parsed = JSON.parse(JSON.stringify(statement)) as object;
    const obstacle = obstacleTo(remedyIn(withPolicy(parsed)));
    if (words === undefined) expect(obstacle).toBeUndefined();
    else expect(obstacle).toMatch(words);
  });

  const role = 'AROAEXAMPLEEXAMPLE123';
  const user = 'AIDAEXAMPLEEXAMPLE123';
  const root = `arn:aws:iam::${archive}:root`;
  const stays = { Effect: 'Allow', Action: 'kms:DescribeKey', Resource: '*' };
  const about = (AWS: unknown) => ({ ...stays, Principal: { AWS } });
  it.each<[string, readonly object[], readonly string[]]>([
    ['a deleted role', [about(role)], [role]],
    ['a deleted user', [about(user)], [user]],
    [
      'deleted principals among others, each once',
      [about([root, role]), about([role, user])],
      [role, user],
    ],
    [
      'a deleted principal that a statement is not for',
      [
        {
          Effect: 'Deny',
          NotPrincipal: { AWS: [role] },
          Action: 'kms:PutKeyPolicy',
          Resource: '*',
        },
      ],
      [role],
    ],
    [
      'no account, user or role',
      [about([root, archive, `arn:aws:iam::${archive}:role/${role}`])],
      [],
    ],
    [
      'no deleted principal in a condition',
      [{ ...about(root), Condition: { StringLike: { 'aws:userid': [role, `${role}:*`] } } }],
      [],
    ],
    ['no text that only begins so', [about('AROAEXAMPLE'), about('arn:aws:sts::AROA')], []],
    ['no service', [{ ...stays, Principal: { Service: role } }], []],
  ])('%s', (_, statements, named) => {
    const obstacle = obstacleTo(remedyIn(withPolicy(...statements)));
    expect(obstacle).toEqual(
      named.length === 0
        ? undefined
        : `policy of key ${key.arn} names principals that no longer exist, so KMS refuses the policy: take out ${named.join(', ')}`,
    );
  });
});

describe('whatever the key policy', () => {
  const factsOf = (document: unknown, flowLog: FlowLog): Facts => ({
    ...world,
    flowLog,
    key: { ...key, policy: { kind: 'policy' as const, document } },
  });
  const observed = fc.constantFrom(flowLog.observed, failing.observed);
  const anyFacts = fc
    .tuple(keyPolicies, flowLogs, observed)
    .map(([document, flowLog, observed]) => factsOf(document, { ...flowLog, observed }));
  const asked = { ...question, organizationId };

  it.each(scopes)('a remedy (%s) applied leaves nothing to be done', (scope) => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const offer = offerFor(facts, asked, scope);
        fc.pre(offer.kind === 'remedy');
        const { after } = offer.remedy;
        const mended = factsOf(after, { ...facts.flowLog, observed: neverObserved });
        expect(decide(mended, asked).outcome).toBe('deliverable');
        const later = factsOf(after, facts.flowLog);
        expect(scopes.map((each) => offerFor(later, asked, each).kind)).toEqual(
          scopes.map(() => 'not-needed'),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('a remedy is the policy with what it grants, and tells what there was before', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const offer = offerFor(facts, asked);
        fc.pre(offer.kind === 'remedy');
        const { grant, before, after, statement, replaces } = offer.remedy;
        expect(facts.key).toMatchObject({ policy: { kind: 'policy' as const, document: before } });
        expect(grant).toEqual(grantFor([facts.flowLog], asked));
        expect(merge(before, grant)).toEqual({ document: after, statement, replaces });
      }),
      { numRuns: 200 },
    );
  });

  /** True if the statement may refuse a delivery that every other statement allows. */
  const mayRefuse = (statement: unknown, flowLog: FlowLog): boolean => {
    const all = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' };
    const { outcome } = decide(
      factsOf({ ...policy().document, Statement: [all, statement] }, flowLog),
      asked,
    );
    return outcome !== 'deliverable';
  };

  it.each(scopes)('no statement (%s) helps against a Deny that may apply', (scope) => {
    fc.assert(
      fc.property(keyPolicies, denials, fc.nat(4), flowLogs, (random, denial, at, flowLog) => {
        const version = { Version: '2012-10-17' };
        fc.pre(mayRefuse(denial, flowLog));
        const Statement = statementsOf(random).toSpliced(at, 0, denial);
        const offer = offerFor(factsOf({ ...version, Statement }, flowLog), asked, scope);
        const names = Statement.flatMap((each, at) => {
          const sid = sidOf(each);
          const name = sid === undefined || sid === '' ? `number ${at + 1}` : `\`${sid}\``;
          return mayRefuse(each, flowLog) ? [`statement ${name}`] : [];
        });
        expect(offer.kind).toBe('none');
        const { message } = offer as { readonly message: string };
        expect(names.filter((name) => message.includes(name))).not.toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('flow logs that lack the same statement', () => {
  const held = flowLogIn(account, region);
  const lacking = [flowLogIn(archive, region), flowLogIn(account, 'eu-west-1')];
  const runWith = (...statements: readonly object[]) => {
    const judged = [held, ...lacking].map((flowLog) => {
      const facts = { ...withPolicy(...statements), flowLog };
      return { facts, verdict: decide(facts, question) };
    });
    return runOf(judged);
  };
  const runOf = (judged: readonly { facts: Facts; verdict: Verdict }[]): Run => {
    const collection = collectionFor(question);
    judged.forEach(collection.add);
    return collection.run([]);
  };
  const plain = (text: string) => text;
  const paint = { bold: plain, dim: plain, red: plain, yellow: plain, green: plain };
  const written = (run: Run) => table(run, { width: 100, paint });

  it('are offered one, grown from the one that is there, and the table says so', () => {
    const run = runWith(statementOf(grantFor([held], question)));
    const grown = statementOf(grantFor([held, ...lacking], question));
    expect(run.causes.map(({ rows, remedy }) => [rows.length, remedy])).toEqual([
      [2, { statement: grown, replaces: true }],
    ]);
    expect(written(run)).toMatch(
      /^add +in place of statement FlowLogKeyRule, which grows:\n +\{\n +"Sid": "FlowLogKeyRule",$/m,
    );
    expect(written(run)).toContain('"arn:aws:logs:eu-west-1:111122223333:*"');
  });

  it('are offered one more where the one that is there was changed', () => {
    const changed = { ...statementOf(grantFor([held], question)), Action: 'kms:*' };
    const run = runWith(changed);
    const added = statementOf(grantFor(lacking, question), 'FlowLogKeyRule2');
    expect(run.causes.map(({ remedy }) => remedy)).toEqual([{ statement: added, replaces: false }]);
    expect(written(run)).not.toContain('in place of');
  });

  it('share no remedy with a flow log of another resource, whose objects may lie elsewhere', () => {
    const onlyVpc = {
      ...deny,
      Condition: {
        StringNotLike: { 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::*/vpcflowlogs/*' },
      },
    };
    const offered = (...resourceIds: readonly string[]) => {
      const judged = resourceIds.map((resourceId) => {
        const facts = {
          ...withPolicy(onlyVpc),
          flowLog: { ...held, id: `fl-${resourceId}`, resourceId },
          bucket: { ...bucket, encryption: { ...encryption, bucketKey: false } },
        };
        return { facts, verdict: decide(facts, question) };
      });
      const { rows } = runOf(judged);
      return resourceIds.map((id) => rows.find(({ resourceId }) => resourceId === id)?.remedy);
    };
    const statement = statementOf(grantFor([held], question));
    expect(offered('vpc-0123', 'tgw-attach-0123')).toEqual([statement, null]);
    expect(offered('tgw-attach-0123', 'vpc-0123')).toEqual([null, statement]);
    expect(offered('tgw-attach-0123', 'subnet-0123')).toEqual([null, statement]);
  });

  it('are offered the same one where they go to two buckets with one key', () => {
    const judged = lacking.map((flowLog, at) => {
      const name = `bucket-${at}`;
      const destination = { kind: 's3', bucket: name, folder: '' } as const;
      const facts = {
        ...withPolicy(),
        flowLog: { ...flowLog, destination },
        bucket: { ...bucket, name },
      };
      return { facts, verdict: decide(facts, question) };
    });
    const statement = statementOf(grantFor(lacking, question));
    expect(runOf(judged).causes.map(({ remedy }) => remedy)).toEqual([
      { statement, replaces: false },
      { statement, replaces: false },
    ]);
  });
});
