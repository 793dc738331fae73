import { unknown } from '../../../rule/model/facts.ts';
import { askExisting } from '../../../rule/sources/planned/ask-existing.ts';
import { readTemplates, type TemplateOptions } from '../../../rule/sources/template/source.ts';
import { inFolder, judgeAll, plainQuestion, type Files } from '../template/judged.ts';
import { network } from '../template/network.ts';
import {
  admitting,
  bucketWith,
  caller,
  denying,
  existingAlias,
  existingKeyArn,
  home,
  keyWith,
  policyOf,
  sourceOf,
  wellAccount,
  type ExistingAccount,
} from './existing-account.ts';

interface Case {
  readonly sentence: string;
  /** The template; delivers to the bucket `existing` unless told otherwise. */
  readonly template?: string | Files;
  readonly account?: ExistingAccount;
  readonly options?: Partial<TemplateOptions>;
  readonly expected: string;
  readonly message?: RegExp;
  readonly questions?: readonly string[];
  readonly failures?: readonly string[];
}

const toExisting = network({ destination: 'arn:aws:s3:::existing' });
const told = { account: caller, region: home };
const text = (value: string) => ({ kind: 'stored-text', text: value }) as const;
const withKeys = (...statements: readonly object[]): ExistingAccount => ({
  ...wellAccount,
  keys: { [existingKeyArn]: keyWith(...statements) },
});
const withGrant = (sourceArn?: string): ExistingAccount => ({
  ...withKeys(),
  grants: {
    kind: 'grants',
    isWhole: true,
    grants: [
      {
        id: 'g-1',
        grantee: 'delivery.logs.amazonaws.com',
        operations: ['GenerateDataKey', 'Decrypt'],
        sourceArn,
      },
    ],
  },
});
const named = (encryption = '') => network({ bucket: 'BucketName: existing', encryption });
const refused = unknown('bucket existing cannot be read (AccessDenied): allow s3:GetX on it');
const imports = network({ destination: '!ImportValue net:Bucket' });
const exporting = (region = home, value = 'arn:aws:s3:::existing'): ExistingAccount => ({
  ...wellAccount,
  exports: { [`${region} net:Bucket`]: text(value) },
});
const parameter = (rest: string, destination = '!Ref P') =>
  network({ head: `Parameters: {P: {${rest}}}`, destination });
const stored = parameter("Type: 'AWS::SSM::Parameter::Value<String>', Default: /net/bucket");
const storing: ExistingAccount = {
  ...wellAccount,
  parameters: { [`${home} /net/bucket`]: text('arn:aws:s3:::existing') },
};
const artifact = (account: string, templateFile: string) => ({
  type: 'aws:cloudformation:stack',
  environment: `aws://${account}/${home}`,
  properties: { templateFile },
});
const app = (account: string, net = imports): Files => ({
  'cdk.out': '{}',
  'manifest.json': JSON.stringify({ artifacts: { Net: artifact(account, 'net.yaml') } }),
  'net.yaml': net,
});
/** An app with a stack of the caller, and another stack. */
const withStack = (account: string, net: string, other: string): Files => ({
  ...app(caller, net),
  'manifest.json': JSON.stringify({
    artifacts: { Net: artifact(caller, 'net.yaml'), Other: artifact(account, 'other.yaml') },
  }),
  'other.yaml': other,
});
const exportsBucket = `Resources: {}
Outputs: {Bucket: {Value: 'arn:aws:s3:::existing', Export: {Name: 'net:Bucket'}}}`;
const exportsByStack = (bucket: string) => `Resources: {}
Outputs:
  Bucket: {Value: 'arn:aws:s3:::${bucket}', Export: {Name: !Sub '\${AWS::StackName}:Bucket'}}`;
const keeps = (name: string) => `Kept:
  Type: AWS::SSM::Parameter
  Properties: {Name: ${name}, Type: String, Value: 'arn:aws:s3:::another'}`;
const keepsBucket = `Resources:\n  ${keeps('!Sub "/${Net}/bucket"').replaceAll('\n', '\n  ')}
Parameters: {Net: {Type: String, Default: net}}`;
const dynamic = (reference: string) => network({ destination: `'{{resolve:${reference}}}'` });

const denyAll = policyOf({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' });
const admittingToBucket = {
  Effect: 'Allow',
  Principal: { Service: 'delivery.logs.amazonaws.com' },
  Action: 's3:PutObject',
  Resource: 'arn:aws:s3:::existing/AWSLogs/*',
};

const cases: readonly Case[] = [
  {
    sentence: 'an existing bucket with a key that admits delivery',
    expected: 'deliverable',
    questions: ['bucket existing', `key ${existingKeyArn}`],
  },
  {
    sentence: 'a key that does not admit delivery',
    account: withKeys(),
    expected: 'blocked key-policy',
    questions: ['bucket existing', `key ${existingKeyArn}`, `grants ${existingKeyArn}`],
  },
  {
    sentence: 'a key that does not admit delivery, and has a grant that may',
    account: withGrant(),
    expected: 'unknown key-policy',
    message: /grant g-1 may admit delivery/,
  },
  ...(
    [
      ['is open', {}, 'unknown key-policy'],
      ['is told', { ...told, account: '777788889999' }, 'unknown key-policy'],
      ['is another', told, 'blocked key-policy'],
    ] as const
  ).map(([how, options, expected]) => ({
    sentence: `a key with a grant for flow logs of one account, and the account ${how}`,
    account: withGrant(`arn:aws:logs:${home}:777788889999:*`),
    options,
    expected,
  })),
  {
    sentence: 'a key that admits delivery of one account, and the account is open',
    account: withKeys(admitting({ StringEquals: { 'aws:SourceAccount': caller } })),
    expected: 'unknown key-policy',
    message: /^depends on the account: .*; give --account; /,
  },
  {
    sentence: 'a key that admits delivery of one account, which is told',
    account: withKeys(admitting({ StringEquals: { 'aws:SourceAccount': caller } })),
    options: told,
    expected: 'deliverable',
  },
  {
    sentence: 'a key with a Deny for one account, and the account is open',
    account: withKeys(
      admitting(),
      denying({ StringEquals: { 'aws:SourceAccount': '999988887777' } }),
    ),
    expected: 'unknown key-policy',
    message: /in account 999988887777/,
  },
  {
    sentence: 'a key that admits the organization of the account',
    account: {
      ...withKeys(admitting({ StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } })),
      organization: { kind: 'organization', id: 'o-a1b2c3d4e5' },
    },
    options: told,
    expected: 'deliverable',
  },
  {
    sentence: 'a key that admits an organization, and the account is open',
    account: withKeys(admitting({ StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } })),
    expected: 'unknown key-policy',
    message: /aws:SourceOrgID/,
  },
  {
    sentence: 'a bucket that is refused',
    account: { buckets: { existing: refused } },
    expected: 'unknown bucket',
    message:
      /^bucket existing cannot be read \(AccessDenied\): allow s3:GetX on it; look at the default encryption of the bucket in S3$/,
  },
  {
    sentence: 'a bucket that does not exist',
    account: {},
    expected: 'unknown bucket',
    message: /^bucket existing does not exist: make it first, or name one that exists$/,
  },
  {
    sentence: 'a bucket whose question fails',
    account: { buckets: { existing: new Error('bucket existing has not answered for 60 s') } },
    expected: 'unknown bucket',
    message:
      /^bucket existing has not answered for 60 s: look at the default encryption of the bucket in S3$/,
    failures: ['bucket existing has not answered for 60 s'],
  },
  {
    sentence: 'a key that does not exist',
    account: { ...wellAccount, keys: {} },
    expected: 'unknown key',
    message: /does not exist: make it first/,
  },
  {
    sentence: 'an existing bucket with the alias of a key',
    account: { ...wellAccount, buckets: { existing: bucketWith(existingAlias) } },
    expected: 'deliverable',
    questions: ['bucket existing', `key ${existingAlias}`],
  },
  {
    sentence: 'an existing bucket that names its key by id',
    account: {
      ...withKeys(),
      buckets: { existing: bucketWith(existingKeyArn.slice(-36), { accountId: caller }) },
    },
    expected: 'blocked key-policy',
  },
  {
    sentence: 'a new bucket with an existing key',
    template: network({ keyId: existingKeyArn }),
    options: { region: home },
    expected: 'deliverable',
    questions: [`key ${existingKeyArn}`],
  },
  {
    sentence: 'a new bucket with an existing key that does not admit delivery',
    template: network({ keyId: existingKeyArn }),
    options: { region: home },
    account: withKeys(),
    expected: 'blocked key-policy',
  },
  {
    sentence: 'a new bucket with the alias of an existing key',
    template: network({ keyId: existingAlias }),
    options: { region: home },
    expected: 'deliverable',
  },
  {
    sentence: 'a new alias of an existing key',
    template: network({
      keyId: '!Sub "arn:aws:kms:${AWS::Region}:${AWS::AccountId}:alias/new"',
      resources: `NewAlias:
  Type: AWS::KMS::Alias
  Properties: {AliasName: alias/new, TargetKeyId: '${existingKeyArn}'}`,
    }),
    account: withKeys(),
    options: told,
    expected: 'blocked key-policy',
  },
  {
    sentence: 'an existing key in the open account of the stack',
    template: network({
      keyId: '!Sub "arn:aws:kms:${AWS::Region}:${AWS::AccountId}:key/0a1b2c3d"',
    }),
    expected: 'unknown key',
    questions: [],
  },
  {
    sentence: 'an existing key, and the Region of the new bucket is open',
    template: network({ keyId: existingKeyArn }),
    expected: 'unknown key-region',
    message: /depends on the Region/,
  },
  // Buckets that the template makes without encryption
  {
    sentence: 'a bucket without encryption that does not exist yet',
    template: named(),
    account: {},
    expected: 'deliverable',
  },
  {
    sentence: 'a bucket without encryption that exists with SSE-S3',
    template: named(),
    account: { buckets: { existing: bucketWith(undefined) } },
    expected: 'deliverable',
  },
  {
    sentence: 'a bucket without encryption that exists with a key',
    template: named(),
    expected: 'unknown bucket',
    message: /defined without encryption, and exists with encryption by arn:aws:kms/,
  },
  {
    sentence: 'a bucket without encryption that may exist, and is refused',
    template: named(),
    account: { buckets: { existing: refused } },
    expected: 'unknown bucket',
    message: /AccessDenied/,
  },
  {
    sentence: 'a bucket with encryption that exists with another',
    template: network({ bucket: 'BucketName: existing' }),
    account: { buckets: { existing: bucketWith(existingKeyArn) } },
    expected: 'deliverable',
    questions: ['bucket existing'],
  },
  // Bucket policies
  {
    sentence: 'a bucket without a bucket policy that exists with a Deny',
    template: network({ bucket: 'BucketName: existing' }),
    account: { buckets: { existing: bucketWith(existingKeyArn, { policy: denyAll }) } },
    expected: 'unknown bucket-policy',
    message: /^depends on the bucket policy that existing has now: .*write it where the bucket is/,
  },
  {
    sentence: 'a bucket without a bucket policy that exists with one that admits delivery',
    template: network({ bucket: 'BucketName: existing' }),
    account: {
      buckets: { existing: bucketWith(existingKeyArn, { policy: policyOf(admittingToBucket) }) },
    },
    expected: 'deliverable',
  },
  {
    sentence: 'a bucket without a bucket policy that may exist, and is refused',
    template: network({ bucket: 'BucketName: existing' }),
    account: { buckets: { existing: refused } },
    expected: 'deliverable',
  },
  {
    sentence: 'a bucket with a bucket policy that exists with a Deny',
    template: network({
      bucket: 'BucketName: existing',
      resources: `Policy:
  Type: AWS::S3::BucketPolicy
  Properties: {Bucket: !Ref LogBucket, PolicyDocument: {Statement: []}}`,
    }),
    account: { buckets: { existing: bucketWith(existingKeyArn, { policy: denyAll }) } },
    expected: 'deliverable',
    questions: [],
  },
  {
    sentence: 'an existing bucket without a bucket policy, which AWS writes',
    account: { ...wellAccount, buckets: { existing: bucketWith(undefined) } },
    expected: 'deliverable',
  },
  {
    sentence: 'an existing bucket with a Deny',
    account: {
      buckets: {
        existing: bucketWith(undefined, {
          policy: policyOf({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' }),
        }),
      },
    },
    expected: 'blocked bucket-policy',
  },
  {
    sentence: 'an existing bucket that gets a Deny from the template',
    template: network({
      destination: 'arn:aws:s3:::existing',
      resources: `Policy:
  Type: AWS::S3::BucketPolicy
  Properties:
    Bucket: existing
    PolicyDocument: {Statement: [{Effect: Deny, Principal: '*', Action: 's3:*', Resource: '*'}]}`,
    }),
    expected: 'blocked bucket-policy',
  },
  {
    sentence: 'an existing bucket, and a Deny for the bucket of a parameter',
    template: network({
      head: 'Parameters: {Named: {Type: String}}',
      destination: 'arn:aws:s3:::existing',
      resources: `Policy:
  Type: AWS::S3::BucketPolicy
  Properties:
    Bucket: !Ref Named
    PolicyDocument: {Statement: [{Effect: Deny, Principal: '*', Action: 's3:*', Resource: '*'}]}`,
    }),
    expected: 'unknown bucket-policy',
    message: /^depends on parameter Named: /,
  },
  {
    sentence: 'an existing alias, and an alias with an open name',
    template: network({
      head: 'Parameters: {Named: {Type: String}}',
      keyId: existingAlias,
      resources: `NewAlias:
  Type: AWS::KMS::Alias
  Properties: {AliasName: !Sub 'alias/\${Named}', TargetKeyId: !Ref OtherKey}
OtherKey: {Type: AWS::KMS::Key, Properties: {Description: closed}}`,
    }),
    options: told,
    expected: 'unknown key-policy',
    message: /^depends on parameter Named: /,
  },
  {
    sentence: 'an existing bucket, and a bucket with an open name and a closed key',
    template: network({
      head: 'Parameters: {Named: {Type: String}}',
      destination: 'arn:aws:s3:::existing',
      bucket: 'BucketName: !Ref Named',
      principal: '{Service: ec2.amazonaws.com}',
    }),
    expected: 'unknown key-policy',
    message: /^depends on parameter Named: /,
  },
  // Exports and parameters
  {
    sentence: 'an export of the account',
    template: imports,
    account: exporting(),
    options: told,
    expected: 'deliverable',
    message: /; import net:Bucket is taken as it is now$/,
    questions: [`export net:Bucket in ${home}`, 'bucket existing', `key ${existingKeyArn}`],
  },
  {
    sentence: 'an export, and the account of the stack is open',
    template: imports,
    account: exporting(),
    options: { region: home },
    expected: 'unknown destination',
    message: /import net:Bucket: give --account and --region to have the account asked, or add/,
    questions: [],
  },
  {
    sentence: 'an export, and the Region of the stack is open',
    template: imports,
    account: exporting(),
    options: { account: caller },
    expected: 'unknown destination',
    questions: [],
  },
  {
    sentence: 'an export, and the stack is of another account',
    template: imports,
    account: exporting(),
    options: { account: '444455556666', region: home },
    expected: 'unknown destination',
    message: /import net:Bucket: use credentials of account 444455556666, or add the template/,
    questions: [],
  },
  {
    sentence: 'an export of another Region',
    template: imports,
    account: exporting('us-east-1'),
    options: told,
    expected: 'unknown destination',
    message: /export net:Bucket in eu-west-1 does not exist: make it first, or add the template/,
  },
  {
    sentence: 'a parameter of Systems Manager by its default',
    template: stored,
    account: storing,
    options: told,
    expected: 'deliverable',
    message: /; SSM parameter \/net\/bucket is taken as it is now$/,
  },
  {
    sentence: 'a parameter of Systems Manager, and the account is open',
    template: stored,
    account: storing,
    expected: 'unknown destination',
    message: /parameter P: give --account and --region to have the account asked, or give --param/,
  },
  {
    sentence: 'a parameter of Systems Manager whose value is given',
    template: stored,
    account: storing,
    options: { ...told, given: { P: 'arn:aws:s3:::existing' } },
    expected: 'deliverable',
    questions: ['bucket existing', `key ${existingKeyArn}`],
  },
  {
    sentence: 'a name of a parameter of Systems Manager',
    template: parameter("Type: 'AWS::SSM::Parameter::Name', Default: /net/bucket"),
    account: storing,
    options: told,
    expected: 'unknown destination',
    questions: [],
  },
  {
    sentence: 'a dynamic reference to Systems Manager',
    template: dynamic('ssm:/net/bucket'),
    account: storing,
    options: told,
    expected: 'deliverable',
    message: /; dynamic reference ssm:\/net\/bucket is taken as it is now$/,
  },
  ...['ssm-secure:/net/bucket', 'secretsmanager:net:SecretString:bucket'].map((reference) => ({
    sentence: `a dynamic reference ${reference}, which is never asked for`,
    template: dynamic(reference),
    account: storing,
    options: told,
    expected: 'unknown destination',
    questions: [],
  })),
  {
    sentence: 'a refused parameter of Systems Manager',
    template: dynamic('ssm:/net/bucket'),
    account: {
      parameters: { [`${home} /net/bucket`]: unknown('SSM parameter cannot be read (AccessX)') },
    },
    options: told,
    expected: 'unknown destination',
    message: /ssm:\/net\/bucket: SSM parameter cannot be read \(AccessX\)$/,
  },
  {
    sentence: 'a nested stack that is passed the name of a parameter of Systems Manager',
    template: {
      'root.yaml': `Resources:
  Nested:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: child.yaml, Parameters: {P: /net/bucket}}`,
      'child.yaml': parameter("Type: 'AWS::SSM::Parameter::Value<String>'"),
    },
    account: storing,
    options: told,
    expected: 'deliverable',
  },
  {
    sentence: 'an app that names the account and Region of its stack',
    template: app(caller),
    account: exporting(),
    expected: 'deliverable',
  },
  {
    sentence: 'an app that names another account for its stack',
    template: app('444455556666'),
    account: exporting(),
    expected: 'unknown destination',
    message: /use credentials of account 444455556666/,
    questions: [],
  },
  // Texts of the account that the templates change
  {
    sentence: 'an export of the same name by a stack of another account',
    template: withStack('444455556666', imports, exportsBucket),
    account: wellAccount,
    expected: 'unknown destination',
    message: /import net:Bucket: export net:Bucket in eu-west-1 does not exist/,
  },
  {
    sentence: 'an export by another stack of the same account',
    template: withStack(caller, imports, exportsBucket),
    account: exporting(home, 'arn:aws:s3:::another'),
    expected: 'deliverable',
  },
  ...(
    [
      ['another bucket', 'another', 'unknown bucket'],
      ['this bucket', 'existing', 'deliverable'],
    ] as const
  ).map(([what, bucket, expected]) => ({
    sentence: `an export that a template may change to ${what}, under the open name of its stack`,
    template: { 'app.yaml': imports, 'other.yaml': exportsByStack(bucket) },
    account: exporting(),
    options: told,
    expected,
    ...(bucket === 'another' && { message: /other\.AWS::StackName = net/ }),
  })),
  {
    sentence: 'a parameter of Systems Manager that the template sets',
    template: network({
      destination: "'{{resolve:ssm:/net/bucket}}'",
      resources: keeps('/net/bucket'),
    }),
    account: storing,
    options: told,
    expected: 'unknown destination',
    message: /ssm:\/net\/bucket: deploy Kept first, which sets it$/,
    questions: [],
  },
  {
    sentence: 'a parameter of Systems Manager that another stack sets',
    template: withStack(caller, stored, keepsBucket),
    account: storing,
    expected: 'unknown destination',
    message:
      /parameter Net\.P: deploy Other\.Kept first, which sets it, or give --parameter P=VALUE/,
  },
  {
    sentence:
      'a parameter of Systems Manager that a stack may set, under the open name of the stack',
    template: {
      'app.yaml': stored,
      'other.yaml': `Resources:\n  ${keeps('!Sub "/${AWS::StackName}/bucket"').replaceAll('\n', '\n  ')}`,
    },
    account: storing,
    options: told,
    expected: 'unknown destination',
  },
  {
    sentence: 'a parameter of Systems Manager that a stack of another account sets',
    template: withStack('444455556666', stored, keepsBucket),
    account: storing,
    expected: 'deliverable',
  },
  {
    sentence: 'a version of a parameter of Systems Manager: no template changes it',
    template: network({
      destination: "'{{resolve:ssm:/net/bucket:3}}'",
      resources: keeps('/net/bucket'),
    }),
    account: {
      ...wellAccount,
      parameters: { [`${home} /net/bucket:3`]: text('arn:aws:s3:::existing') },
    },
    options: told,
    expected: 'deliverable',
  },
  // Names that are not told
  {
    sentence: 'a bucket with the open Region in its name',
    template: network({ destination: '!Sub "arn:aws:s3:::logs-${AWS::Region}"' }),
    expected: 'unknown bucket',
    questions: [],
  },
];

async function judged({ template = toExisting, account = wellAccount, options }: Case) {
  const { source, questions } = sourceOf(account);
  const { existing, settle, failures } = askExisting(source);
  const files = typeof template === 'string' ? { 'stack.yaml': template } : template;
  const { input } = inFolder(files, (folder) => ({
    input: readTemplates([folder], {
      ...{ account: undefined, region: undefined, given: {}, existing },
      ...options,
    }),
  }));
  const [verdict] = Object.values(await settle(() => judgeAll(input, plainQuestion)));
  return { verdict, questions, failures: failures() };
}

describe('a template beside an account', () => {
  it.each(cases.map((each) => [each.sentence, each] as const))('%s', async (_, each) => {
    const { verdict, questions, failures } = await judged(each);
    expect([verdict?.outcome, verdict?.reason].filter(Boolean).join(' ')).toBe(each.expected);
    expect(verdict?.message).toMatch(each.message ?? /./);
    if (each.questions !== undefined) expect(questions).toEqual(each.questions);
    expect(failures).toEqual(each.failures ?? []);
    expect(new Set(questions).size).toBe(questions.length);
  });
});
