import { bucketRequest } from '../../rule/judge/bucket-request.ts';
import { keyRequests } from '../../rule/judge/key-request.ts';
import { compilePolicy, decisionOf } from '../../rule/policy/policy.ts';
import { missing, type FlowLog } from '../../rule/model/facts.ts';
import type { Request } from '../../rule/policy/request.ts';
import {
  account,
  bucket,
  description,
  encryption,
  flowLog,
  key,
  keyArn,
  question,
  region,
} from '../world.ts';

/** The knowledge about a key: sent with this value, never sent, perhaps sent, or a list without a set operator. */
type Row =
  | readonly [key: string, how: 'sent', value: string, other: string]
  | readonly [key: string, how: 'absent']
  | readonly [key: string, how: 'unknown', value?: string]
  | readonly [key: string, how: 'TLS version']
  | readonly [key: string, how: 'outside', value: string]
  | readonly [key: string, how: 'list', value: string];

const member = { ...question, organizationId: 'o-a1b2c3d4e5' };

/** Every key of FACTS about any call for delivery. */
const everyCall: readonly Row[] = [
  ['aws:SourceAccount', 'sent', account, '444455556666'],
  ['aws:SourceArn', 'sent', `arn:aws:logs:${region}:${account}:*`, `arn:aws:logs:x:${account}:*`],
  ['aws:SourceOrgID', 'sent', 'o-a1b2c3d4e5', 'o-zzzzzzzzzz'],
  ['aws:SourceOrgPaths', 'list', 'o-a1b2c3d4e5/*'],
  ['aws:PrincipalIsAWSService', 'sent', 'true', 'false'],
  ['aws:PrincipalServiceName', 'sent', 'delivery.logs.amazonaws.com', 's3.amazonaws.com'],
  ['aws:PrincipalServiceNamesList', 'list', 'delivery.logs.amazonaws.com'],
  ['aws:PrincipalArn', 'outside', `arn:aws:iam::${account}:role/Admin`],
  ['aws:SecureTransport', 'sent', 'true', 'false'],
  ['aws:RequestedRegion', 'sent', region, 'eu-west-1'],
  ['aws:ResourceAccount', 'sent', account, '444455556666'],
  ['aws:CurrentTime', 'sent', '2026-11-23T12:00:00.000Z', '2026-11-24T12:00:00.000Z'],
  ['aws:EpochTime', 'sent', '1795435200', '1795435201'],
  ['aws:PrincipalOrgID', 'absent'],
  ['aws:PrincipalOrgPaths', 'absent'],
  ['aws:PrincipalTag/team', 'absent'],
  ['aws:username', 'absent'],
  ['aws:userid', 'absent'],
  ['aws:TokenIssueTime', 'absent'],
  ['aws:MultiFactorAuthPresent', 'absent'],
  ['aws:MultiFactorAuthAge', 'absent'],
  ['aws:SourceVpc', 'absent'],
  ['aws:SourceVpce', 'absent'],
  ['aws:SourceVpcArn', 'absent'],
  ['aws:VpcSourceIp', 'absent'],
  ['aws:VpceAccount', 'absent'],
  ['aws:VpceOrgID', 'absent'],
  ['aws:VpceOrgPaths', 'absent'],
  ['aws:Ec2InstanceSourceVpc', 'absent'],
  ['aws:Ec2InstanceSourcePrivateIPv4', 'absent'],
  ['aws:CalledVia', 'absent'],
  ['aws:CalledViaFirst', 'absent'],
  ['aws:CalledViaLast', 'absent'],
  ['aws:FederatedProvider', 'absent'],
  ['aws:SourceIdentity', 'absent'],
  ['aws:PrincipalAccount', 'unknown'],
  ['aws:ViaAWSService', 'unknown'],
  ['aws:SourceIp', 'unknown'],
  ['aws:UserAgent', 'unknown'],
  ['aws:ResourceTag/team', 'unknown'],
  ['aws:ResourceOrgID', 'unknown'],
  ['x:KeyThatNobodyListed', 'unknown'],
];

const kmsCalls: readonly Row[] = [
  ...everyCall,
  ['kms:EncryptionContext:aws:s3:arn', 'sent', 'arn:aws:s3:::example-flow-logs', 'arn:aws:s3:::b'],
  ['kms:EncryptionContext:department', 'absent'],
  ['kms:EncryptionContextKeys', 'list', 'aws:s3:arn'],
  ['kms:EncryptionAlgorithm', 'sent', 'SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_256'],
  ['kms:KeySpec', 'sent', 'SYMMETRIC_DEFAULT', 'RSA_2048'],
  ['kms:CustomerMasterKeySpec', 'sent', 'SYMMETRIC_DEFAULT', 'RSA_2048'],
  ['kms:KeyUsage', 'sent', 'ENCRYPT_DECRYPT', 'SIGN_VERIFY'],
  ['kms:CustomerMasterKeyUsage', 'sent', 'ENCRYPT_DECRYPT', 'SIGN_VERIFY'],
  ['kms:KeyOrigin', 'sent', 'AWS_KMS', 'EXTERNAL'],
  ['kms:MultiRegion', 'sent', 'true', 'false'],
  ['kms:MultiRegionKeyType', 'sent', 'REPLICA', 'PRIMARY'],
  ['kms:DataKeyPairSpec', 'absent'],
  ['kms:MacAlgorithm', 'absent'],
  ['kms:GrantIsForAWSResource', 'absent'],
  ['kms:GrantOperations', 'absent'],
  ['kms:GrantConstraintType', 'absent'],
  ['kms:GranteePrincipal', 'absent'],
  ['kms:RetiringPrincipal', 'absent'],
  ['kms:RecipientAttestation:ImageSha384', 'absent'],
  ['kms:BypassPolicyLockoutSafetyCheck', 'absent'],
  ['kms:ReEncryptOnSameKey', 'absent'],
  ['kms:ViaService', 'unknown', `s3.${region}.amazonaws.com`],
  ['kms:CallerAccount', 'unknown'],
  ['kms:ResourceAliases', 'unknown'],
];

const s3Calls: readonly Row[] = [
  ...everyCall,
  ['s3:x-amz-acl', 'sent', 'bucket-owner-full-control', 'private'],
  ['s3:ResourceAccount', 'sent', account, '444455556666'],
  ['s3:x-amz-server-side-encryption-customer-algorithm', 'absent'],
  ['s3:DataAccessPointArn', 'absent'],
  ['s3:DataAccessPointAccount', 'absent'],
  ['s3:AccessPointNetworkOrigin', 'absent'],
  ['s3:x-amz-server-side-encryption', 'unknown'],
  ['s3:x-amz-server-side-encryption-aws-kms-key-id', 'unknown'],
  ['s3:TlsVersion', 'TLS version'],
];

type Answer = 'holds' | 'fails' | 'unsure';
const answers = { allowed: 'holds', denied: 'fails', unsure: 'unsure' } as const;

function answerOf(request: Request, condition: object): Answer {
  const statement = { Principal: '*', Action: '*', Resource: '*' };
  const allow = { ...statement, Effect: 'Allow', Condition: condition };
  const deny = { ...statement, Effect: 'Deny', Condition: condition };
  const open = { ...statement, Effect: 'Allow' };
  const said = (...statements: readonly object[]) =>
    answers[
      decisionOf(compilePolicy({ Version: '2012-10-17', Statement: statements }), request).outcome
    ];
  const allowed = said(allow);
  const opposite = { holds: 'fails', fails: 'holds', unsure: 'unsure' } as const;
  expect(said(open, deny)).toBe(opposite[allowed]);
  return allowed;
}

/** The conditions of a row, with the answers. */
function conditionsOf([name, how, value = 'x', other = 'y']: Row): readonly [object, Answer][] {
  const on = (operator: string, wanted: string) => ({ [operator]: { [name]: wanted } });
  switch (how) {
    case 'sent':
      return [
        [on('StringLike', value), 'holds'],
        [on('StringNotLike', value), 'fails'],
        [on('StringLike', other), 'fails'],
        [on('StringNotLike', other), 'holds'],
        [on('StringLikeIfExists', other), 'fails'],
        [on('Null', 'true'), 'fails'],
        [on('Null', 'false'), 'holds'],
      ];
    case 'absent':
      return [
        [on('StringEquals', value), 'fails'],
        [on('StringNotEquals', value), 'holds'],
        [on('StringEqualsIfExists', value), 'holds'],
        [on('ForAnyValue:StringLike', '*'), 'fails'],
        [on('Null', 'true'), 'holds'],
        [on('Null', 'false'), 'fails'],
      ];
    case 'unknown':
      return [
        [on('StringEquals', value), 'unsure'],
        [on('StringNotEquals', value), 'unsure'],
        [on('Null', 'true'), 'unsure'],
      ];
    case 'TLS version':
      return [
        [on('NumericLessThan', '1.2'), 'fails'],
        [on('NumericGreaterThanEquals', '1.2'), 'holds'],
        [on('NumericNotEquals', '1.1'), 'holds'],
        [on('NumericLessThan', '1.3'), 'unsure'],
        [on('Null', 'true'), 'fails'],
      ];
    case 'outside':
      return [
        [on('StringEquals', value), 'fails'],
        [on('StringNotEquals', value), 'holds'],
        [on('ArnLike', value), 'fails'],
        [on('ArnNotLike', value), 'holds'],
        [on('ArnLikeIfExists', value), 'unsure'],
        [on('Null', 'true'), 'unsure'],
        [on('Null', 'false'), 'unsure'],
      ];
    case 'list':
      return [
        [on('StringLike', value), 'unsure'],
        [on('StringLike', '*'), 'unsure'],
        [on('StringNotLike', 'nothing-of-it'), 'unsure'],
        [{ StringEquals: { [name]: [] } }, 'unsure'],
        [on('ForAnyValue:StringLike', value), 'holds'],
        [on('Null', 'false'), 'holds'],
      ];
  }
}

const described = { ...description, multiRegion: true, multiRegionKeyType: 'REPLICA' };
const ofKey = (action: string): Request =>
  keyRequests({ flowLog, bucket, key: { ...key, description: described } }, member)(action);
const ofBucket = (action: 's3:PutObject' | 's3:GetBucketAcl'): Request =>
  bucketRequest(action, { flowLog, bucket }, member);

const groups: readonly (readonly [string, Request, readonly Row[]])[] = [
  ['kms:GenerateDataKey', ofKey('kms:GenerateDataKey'), kmsCalls],
  ['kms:Decrypt', ofKey('kms:Decrypt'), kmsCalls],
  ['s3:PutObject', ofBucket('s3:PutObject'), s3Calls],
];

describe.each(groups)('the condition keys of %s', (_, request, rows) => {
  it.each(rows.map((row) => ({ row, name: row.slice(0, 2).join(': ') })))('$name', ({ row }) => {
    for (const [condition, answer] of conditionsOf(row))
      expect([condition, answerOf(request, condition)]).toEqual([condition, answer]);
  });

  it('has a row for every key of the request', () => {
    const names = rows.map(([name]) => name.toLowerCase());
    const lacking = [request.context]
      .flat()
      .flatMap((layer) => Object.keys(layer))
      .filter((key) => {
        const prefix = key.toLowerCase().replace(/\*$/, '');
        return !names.some((name) =>
          key.endsWith('*') ? name.startsWith(prefix) : name === prefix,
        );
      });
    expect(lacking).toEqual([]);
  });
});

describe('the path of an object', () => {
  const base = `arn:aws:s3:::example-flow-logs/AWSLogs`;
  const plain = `${base}/${account}/vpcflowlogs/${region}`;
  const hive = `${base}/aws-account-id=${account}/aws-service=vpcflowlogs/aws-region=${region}`;
  const rows: readonly (readonly [string, Partial<FlowLog>, string, Answer])[] = [
    ['the account', {}, `${base}/${account}/*`, 'holds'],
    ['another account', {}, `${base}/444455556666/*`, 'fails'],
    ['the service', {}, `${base}/*/vpcflowlogs/*`, 'holds'],
    ['another service', {}, `${base}/${account}/elasticloadbalancing/*`, 'fails'],
    ['the Region', {}, `${plain}/*`, 'holds'],
    ['another Region', {}, `${base}/${account}/vpcflowlogs/eu-west-1/*`, 'fails'],
    ['a year of this century', {}, `${plain}/20*`, 'holds'],
    ['one year', {}, `${plain}/2026/*`, 'unsure'],
    ['a folder', { destination: { kind: 's3', bucket: 'b', folder: 'a' } }, plain, 'fails'],
    ['Hive for plain', {}, `${hive}/*`, 'fails'],
    ['the service, Hive', { hivePrefixes: true }, `${base}/*/aws-service=vpcflowlogs/*`, 'holds'],
    ['the Region, Hive', { hivePrefixes: true }, `${hive}/*`, 'holds'],
    ['a year of this century, Hive', { hivePrefixes: true }, `${hive}/year=20*`, 'holds'],
    [
      'another Region, Hive',
      { hivePrefixes: true },
      hive.replace(region, 'eu-west-1') + '/*',
      'fails',
    ],
    ['plain for Hive', { hivePrefixes: true }, `${plain}/*`, 'fails'],
    ['plain, where nobody can read', { hivePrefixes: undefined }, `${plain}/*`, 'unsure'],
    ...['tgw-1', 'tgw-attach-1', 'nat-1', 'core-network-1', ''].flatMap((resourceId) => [
      [
        `the account, for "${resourceId}"`,
        { resourceId },
        `${base}/${account}/*`,
        'holds',
      ] as const,
      [
        `a service, for "${resourceId}"`,
        { resourceId },
        `${base}/*/vpcflowlogs/*`,
        'unsure',
      ] as const,
      [`a Region, for "${resourceId}"`, { resourceId }, `${base}/*/eu-west-1/*`, 'unsure'] as const,
    ]),
    ['a subnet', { resourceId: 'subnet-1' }, `${plain}/*`, 'holds'],
    ['a network interface', { resourceId: 'eni-1' }, `${plain}/*`, 'holds'],
  ];
  it.each(rows)('%s', (_, changed, path, answer) => {
    const delivery = {
      flowLog: { ...flowLog, ...changed },
      bucket: { ...bucket, encryption: { ...encryption, bucketKey: false } },
      key,
    };
    const inContext = { StringLike: { 'kms:EncryptionContext:aws:s3:arn': path } };
    expect(answerOf(keyRequests(delivery, question)('kms:Decrypt'), inContext)).toBe(answer);
    const write = { Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: path };
    const document = { Version: '2012-10-17', Statement: [write] };
    const put = bucketRequest('s3:PutObject', delivery, question);
    expect(answers[decisionOf(compilePolicy(document), put).outcome]).toBe(answer);
  });
});

describe('condition keys that depend on the facts', () => {
  const single = keyRequests({ flowLog, bucket, key }, member)('kms:Decrypt');
  const untold = keyRequests(
    {
      flowLog,
      bucket,
      key: { ...key, description: { ...described, multiRegionKeyType: undefined } },
    },
    member,
  )('kms:Decrypt');
  const usageNotTold = keyRequests(
    { flowLog, bucket, key: { ...key, description: { ...described, usage: undefined } } },
    member,
  )('kms:Decrypt');
  const dual = (bucketKey: boolean) =>
    keyRequests(
      {
        flowLog,
        bucket: { ...bucket, encryption: { ...encryption, algorithm: 'aws:kms:dsse', bucketKey } },
        key,
      },
      member,
    )('kms:Decrypt');
  const ofContext = (wanted: string) => ({
    StringLike: { 'kms:EncryptionContext:aws:s3:arn': wanted },
  });
  const rows: readonly (readonly [string, Request, object, Answer])[] = [
    [
      'the ACL goes with the put only',
      ofBucket('s3:GetBucketAcl'),
      { Null: { 's3:x-amz-acl': 'true' } },
      'holds',
    ],
    [
      'a key of one Region is no primary',
      single,
      { StringEquals: { 'kms:MultiRegionKeyType': 'PRIMARY' } },
      'fails',
    ],
    [
      'a key of one Region perhaps sends its kind',
      single,
      { Null: { 'kms:MultiRegionKeyType': 'true' } },
      'unsure',
    ],
    [
      'a multi-Region key of a kind nobody told',
      untold,
      { StringEquals: { 'kms:MultiRegionKeyType': 'PRIMARY' } },
      'unsure',
    ],
    [
      'SYMMETRIC_DEFAULT has one usage',
      usageNotTold,
      { StringEquals: { 'kms:KeyUsage': 'ENCRYPT_DECRYPT' } },
      'holds',
    ],
    [
      'DescribeKey has no algorithm',
      ofKey('kms:DescribeKey'),
      { Null: { 'kms:EncryptionAlgorithm': 'true' } },
      'holds',
    ],
    ['dsse sends the object', dual(true), ofContext(`*/AWSLogs/${account}/*`), 'holds'],
    [
      'dsse never sends the bucket',
      dual(true),
      ofContext('arn:aws:s3:::example-flow-logs'),
      'fails',
    ],
    ['dsse without Bucket Key', dual(false), ofContext(`*/AWSLogs/${account}/*`), 'holds'],
    [
      'of an organization nobody told',
      keyRequests({ flowLog, bucket, key }, question)('kms:Decrypt'),
      { StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } },
      'unsure',
    ],
    ...[
      { Null: { 'aws:SourceOrgID': 'true', 'aws:SourceOrgPaths': 'true' } },
      { StringNotEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } },
      { 'ForAllValues:StringLike': { 'aws:SourceOrgPaths': 'o-a1b2c3d4e5/*' } },
    ].map((condition): [string, Request, object, Answer] => [
      'of an account without an organization',
      keyRequests(
        { flowLog, bucket, key, organization: missing('not in use') },
        question,
      )('kms:Decrypt'),
      condition,
      'holds',
    ]),
    [
      'of an organization that AWS told',
      bucketRequest(
        's3:PutObject',
        { flowLog, bucket, organization: { kind: 'organization', id: 'o-a1b2c3d4e5' } },
        question,
      ),
      { StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } },
      'holds',
    ],
    [
      'of an organization that the operator gave, whatever AWS told',
      keyRequests(
        { flowLog, bucket, key, organization: { kind: 'organization', id: 'o-zzzzzzzzzz' } },
        member,
      )('kms:Decrypt'),
      { StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } },
      'holds',
    ],
  ];
  it.each(rows)('%s', (_, request, condition, answer) => {
    expect(answerOf(request, condition)).toBe(answer);
  });

  it('of the caller cannot be the key of another account', () => {
    const request = keyRequests({ flowLog, bucket, key }, member)('kms:Decrypt');
    expect(answerOf(request, { ArnEquals: { 'aws:PrincipalArn': keyArn } })).not.toBe('holds');
  });
});
