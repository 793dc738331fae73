import { judgeFiles, plainQuestion, type Files } from './judged.ts';
import { network } from './network.ts';

interface Case {
  readonly sentence: string;
  readonly files: string | Files;
  readonly options?: Parameters<typeof judgeFiles>[1];
  readonly organizationId?: string;
  /** "OUTCOME REASON" of each flow log; of the only flow log, or undefined for no flow log. */
  readonly expected: string | Readonly<Record<string, string>> | undefined;
  readonly message?: RegExp;
}

const deny = (condition: string): string => `- Effect: Deny
  Principal: '*'
  Action: kms:GenerateDataKey*
  Resource: '*'
  Condition: ${condition}`;
const parameter = (rest = 'Type: String', name = 'P'): string => `Parameters: {${name}: {${rest}}}`;
const noStatement = { principal: '{Service: vpc-flow-logs.amazonaws.com}' };

const keyWithResource = (resource: string): string => `KeyPolicy:
  Version: '2012-10-17'
  Statement:
    - Effect: Allow
      Principal: {Service: delivery.logs.amazonaws.com}
      Action: kms:*
      Resource: ${resource}`;

const cases: readonly Case[] = [
  { sentence: 'plain template', files: network(), expected: 'deliverable' },
  // Open texts
  {
    sentence: 'part of a principal is a parameter',
    files: network({
      head: parameter(),
      principal: "{Service: !Sub '${P}logs.amazonaws.com'}",
    }),
    expected: 'unknown key-policy',
    message: /depends on parameter P: .*; give --parameter P=VALUE/,
  },
  {
    sentence: 'the resource of the statement is a parameter',
    files: network({ head: parameter(), key: keyWithResource('!Ref P') }),
    expected: 'unknown key-policy',
    message: /depends on parameter P: .*; give --parameter P=VALUE/,
  },
  {
    sentence: 'the resource of the statement is a parameter with a default for all',
    files: network({
      head: parameter("Type: String, Default: '*'"),
      key: keyWithResource('!Ref P'),
    }),
    expected: 'deliverable',
  },
  {
    sentence: 'a pattern of many wildcards with a parameter',
    files: network({
      head: parameter(),
      statement: `Condition: {StringLike: {'aws:SourceArn': !Sub '${'*?'.repeat(20)}\${P}Z'}}`,
    }),
    expected: 'unknown key-policy',
  },
  {
    sentence: 'a comparison with a parameter twice, and a digit behind it',
    files: network({
      head: `${parameter()}\nConditions: {C: !Equals [!Sub '\${P}-\${P}1', a-a1]}`,
      principal: '{Service: !If [C, delivery.logs.amazonaws.com, x.amazonaws.com]}',
    }),
    expected: 'unknown key-policy',
    message: /depends on condition C /,
  },
  {
    sentence: 'two parameters make up a principal',
    files: network({
      head: 'Parameters: {A: {Type: String}, B: {Type: String}}',
      principal: "{Service: !Sub '${A}.${B}'}",
    }),
    expected: 'unknown key-policy',
    message: /parameter A and on parameter B: /,
  },
  {
    sentence: 'a condition on two parameters that must both be right',
    files: network({
      head: 'Parameters: {A: {Type: String}, R: {Type: String}}',
      statement:
        "Condition: {StringEquals: {'aws:SourceAccount': !Ref A}, ArnLike: {'aws:SourceArn': !Sub 'arn:aws:logs:${R}:*:*'}}",
    }),
    expected: 'unknown key-policy',
    message: /parameter A and on parameter R: /,
  },
  {
    sentence: 'a pattern of a parameter that is the wildcard',
    files: network({
      head: parameter(),
      more: `- Effect: Deny
  Principal: '*'
  Action: kms:GenerateDataKey*
  Resource: '*'
  Condition: {StringLike: {'aws:SourceAccount': !Ref P, 'aws:SourceArn': !Sub 'arn:aws:logs:\${P}:*'}}`,
    }),
    expected: 'unknown key-policy',
  },
  {
    sentence: 'the organization is a parameter',
    files: network({
      head: parameter(),
      statement: "Condition: {StringEquals: {'aws:SourceOrgID': !Ref P}}",
    }),
    organizationId: 'o-abcdefghij',
    expected: 'unknown key-policy',
  },
  {
    sentence: 'the ARN of the bucket is a parameter of the encryption context',
    files: network({
      head: parameter(),
      statement: "Condition: {StringLike: {'kms:EncryptionContext:aws:s3:arn': !Sub '${P}/*'}}",
      bucket: 'BucketName: logs-bucket',
    }),
    expected: 'unknown key-policy',
  },
  {
    sentence: 'a parameter that is compared only is tried with the compared text only',
    files: network({
      head: `${parameter()}
Conditions:
  IsProd: !Equals [!Ref P, prod]
  IsDev: !Equals [!Ref P, dev]
  IsBoth: !And [!Condition IsProd, !Condition IsDev]`,
      key: '',
      principal: '',
      flowLog: '',
      resources: '',
      encryption: `BucketEncryption: !If
  - IsBoth
  - ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}}]
  - !Ref AWS::NoValue`,
    }),
    expected: 'deliverable',
  },
  {
    sentence: 'a condition is named once, with its parameter',
    files: network({
      head: `${parameter()}\nConditions: {IsProd: !Equals [!Ref P, prod]}`,
      more: `- !If [IsProd, {Effect: Deny, Principal: '*', Action: 'kms:*', Resource: '*'}, !Ref AWS::NoValue]`,
    }),
    expected: 'unknown key-policy',
    message: /^depends on condition IsProd \(parameter P\): .*; give --parameter P=VALUE; /,
  },
  {
    sentence: 'one parameter in two mappings has one value',
    files: network({
      head: `${parameter()}
Mappings:
  Services: {a: {S: delivery.logs.amazonaws.com}, b: {S: x.amazonaws.com}}
  Accounts: {a: {S: '*'}, b: {S: x}}`,
      more: `- Effect: Allow
  Principal: {Service: !FindInMap [Services, !Ref P, S]}
  Action: kms:*
  Resource: !FindInMap [Accounts, !Ref P, S]`,
    }),
    expected: 'deliverable',
  },
  {
    sentence: 'the name of the stack is open',
    files: network({
      head: "Conditions: {IsProd: !Equals [!Ref AWS::StackName, 'prod']}",
      more: `- !If [IsProd, {Effect: Deny, Principal: '*', Action: 'kms:*', Resource: '*'}, !Ref AWS::NoValue]`,
    }),
    expected: 'unknown key-policy',
  },
  {
    sentence: 'a part of the id of the stack',
    files: network({
      bucket:
        "BucketName: !Sub ['logs-${Id}', {Id: !Select [4, !Split ['-', !Select [2, !Split ['/', !Ref AWS::StackId]]]]}]",
    }),
    expected: 'deliverable',
  },
  {
    sentence: 'a part of the Region',
    files: network({
      head: "Conditions: {IsUs: !Equals [!Select [0, !Split ['-', !Ref AWS::Region]], us]}",
      more: `- !If [IsUs, {Effect: Deny, Principal: '*', Action: 'kms:*', Resource: '*'}, !Ref AWS::NoValue]`,
    }),
    expected: 'unknown key-policy',
    message: /the Region: .*; give --region/,
  },
  {
    sentence: 'conditions of other resources open no world',
    files: network({
      head: `Parameters: {${Array.from({ length: 14 }, (_, i) => `P${i}: {Type: String, AllowedValues: [a, b]}`).join(', ')}}
Conditions: {${Array.from({ length: 14 }, (_, i) => `C${i}: !Equals [!Ref P${i}, a]`).join(', ')}}`,
      resources: Array.from(
        { length: 14 },
        (
          _,
          i,
        ) => `Bucket${i}: {Type: AWS::S3::Bucket, Condition: C${i}, Properties: {BucketName: !Sub 'other-\${P${i}}'}}
Key${i}: {Type: AWS::KMS::Key, Condition: C${i}}
Policy${i}: {Type: AWS::S3::BucketPolicy, Condition: C${i}, Properties: {Bucket: !Ref Bucket${i}, PolicyDocument: {}}}`,
      ).join('\n'),
    }),
    expected: 'deliverable',
  },
  {
    sentence: 'tags and the VPC open no world and name no default',
    files: network({
      head: parameter('Type: String, Default: secret', 'Env'),
      flowLog: `Tags: [{Key: Env, Value: !Ref Env}, {Key: Other, Value: !ImportValue Elsewhere}]`,
    }).replace('vpc-0a1b2c3d4e5f60718', '!ImportValue Vpc'),
    expected: 'deliverable',
    message: /^key policy admits delivery.logs.amazonaws.com; key LogKey; bucket LogBucket$/,
  },
  {
    sentence: 'a default that is not echoed is not in the message',
    files: network({
      head: parameter('Type: String, NoEcho: true, Default: delivery.logs.amazonaws.com'),
      principal: '{Service: !Ref P}',
    }),
    expected: 'deliverable',
    message: /parameter P is taken as its default(?!.*"delivery)/,
  },
  {
    sentence: 'at most three defaults are named',
    files: network({
      head: 'Parameters: {A: {Type: String, Default: a}, B: {Type: String, Default: b}, C: {Type: String, Default: c}, D: {Type: String, Default: d}}',
      bucket: "BucketName: !Sub '${A}-${B}-${C}-${D}'",
    }),
    expected: 'deliverable',
    message: /parameter A .*parameter B .*parameter C .*and 1 more/,
  },
  {
    sentence: 'the name of a bucket is a parameter, and no bucket is named by a wildcard',
    files: network({
      head: parameter(),
      bucket: 'BucketName: !Ref P',
      statement:
        "Condition: {StringLike: {'kms:EncryptionContext:aws:s3:arn': !Sub 'arn:${AWS::Partition}:s3:::${P}/*'}}",
    }),
    expected: 'deliverable',
  },
  {
    sentence: 'a Deny for a principal that a parameter names may be for everybody',
    files: network({
      head: parameter(),
      more: "- {Effect: Deny, Principal: {AWS: !Ref P}, Action: 'kms:*', Resource: '*'}",
    }),
    expected: 'unknown key-policy',
    message: /with parameter P = \*/,
  },
  {
    sentence: 'a principal of a parameter that is allowed is nobody else',
    files: network({ head: parameter(), principal: '{AWS: !Ref P}' }),
    expected: 'blocked key-policy',
  },
  // Account and Region
  {
    sentence: 'two patterns of accounts overlap',
    files: network({
      more: deny(
        "{StringLike: {'aws:SourceAccount': '1111*', 'aws:SourceArn': 'arn:aws:logs:*:*2222:*'}}",
      ),
    }),
    expected: 'unknown key-policy',
    message: /the account/,
  },
  {
    sentence: 'a literal key ARN of one Region, the stack of an open Region',
    files: network({
      keyId: 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    }),
    expected: 'unknown key-region',
    message: /the Region: .*; give --region/,
  },
  {
    sentence: 'a literal key ARN of the Region told',
    files: network({
      keyId: 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    }),
    options: { region: 'us-east-1' },
    expected: 'unknown key',
  },
  // Functions
  {
    sentence: 'Sub inside of Join inside of Sub with a map',
    files: network({
      principal:
        "{Service: !Sub ['${A}.${AWS::URLSuffix}', {A: !Join ['.', [delivery, !Sub 'logs']]}]}",
    }),
    expected: 'deliverable',
  },
  {
    sentence: 'GetAtt as a list, Select and Split of an ARN',
    files: network({
      keyId:
        "!Sub ['arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/${Id}', {Id: !Select [1, !Split ['/', !GetAtt [LogKey, Arn]]]}]",
    }),
    expected: 'deliverable',
  },
  {
    sentence: 'a key policy as text by Sub',
    files: network({
      key: `KeyPolicy: !Sub |
  {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "delivery.logs.\${AWS::URLSuffix}"},
   "Action": "kms:*", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceAccount": "\${AWS::AccountId}"}}}]}`,
    }),
    expected: 'deliverable',
  },
  {
    sentence: 'NoValue in a list of principals, and in place of a condition',
    files: network({
      head: 'Conditions: {Never: !Equals [a, b]}',
      principal:
        '{Service: [!If [Never, x.amazonaws.com, !Ref AWS::NoValue], delivery.logs.amazonaws.com]}',
      statement: 'Condition: !If [Never, {}, !Ref AWS::NoValue]',
    }),
    expected: 'deliverable',
  },
  {
    sentence: 'a key policy that is NoValue is the default policy',
    files: network({ key: 'KeyPolicy: !Ref AWS::NoValue' }),
    expected: 'blocked key-policy',
  },
  {
    sentence: 'nested And, Or and Not',
    files: network({
      head: `${parameter('Type: String, AllowedValues: [a, b]')}
Conditions:
  A: !Equals [!Ref P, a]
  B: !Equals [!Ref P, b]
  Some: !Or [!And [!Condition A, !Not [!Condition B]], !Condition B]`,
      principal: '{Service: !If [Some, delivery.logs.amazonaws.com, x.amazonaws.com]}',
    }),
    expected: 'deliverable',
  },
  {
    sentence: 'a list as parameter: accounts',
    files: network({
      head: parameter('Type: CommaDelimitedList'),
      statement: "Condition: {StringEquals: {'aws:SourceAccount': !Ref P}}",
    }),
    options: { given: { P: '111122223333, 444455556666' }, account: '444455556666' },
    expected: 'deliverable',
  },
  {
    sentence: 'a given list of Systems Manager',
    files: network({
      head: parameter("Type: 'AWS::SSM::Parameter::Value<List<String>>'"),
      statement: "Condition: {StringEquals: {'aws:SourceAccount': !Ref P}}",
    }),
    options: { given: { P: '111122223333,444455556666' }, account: '444455556666' },
    expected: 'deliverable',
  },
  {
    sentence: 'allowed values of an SSM parameter are names',
    files: network({
      head: parameter(
        "Type: 'AWS::SSM::Parameter::Value<String>', AllowedValues: [/a, /b], Default: /a",
      ),
      principal: '{Service: !Ref P}',
    }),
    expected: 'unknown key-policy',
  },
  {
    sentence: 'a dynamic reference inside of Sub, in a principal',
    files: network({ principal: "{Service: !Sub '{{resolve:ssm:/x/${AWS::Region}}}'}" }),
    expected: 'unknown key-policy',
    message: /dynamic reference/,
  },
  {
    sentence: 'a dynamic reference inside of Join, in the key id',
    files: network({ keyId: "!Join ['', ['{{resolve:', 'ssm:/key}}']]" }),
    expected: 'unknown bucket',
  },
  {
    sentence: 'a dynamic reference as bucket name',
    files: network({ bucket: "BucketName: '{{resolve:ssm:/name}}'" }),
    expected: 'deliverable',
  },
  {
    sentence: 'a dynamic reference as key policy',
    files: network({ key: "KeyPolicy: '{{resolve:ssm:/policy}}'" }),
    expected: 'unknown key-policy',
  },
  {
    sentence: 'destination options as text of JSON',
    files: network({
      flowLog: `DestinationOptions: '{"FileFormat": "parquet", "HiveCompatiblePartitions": true}'`,
      bucket: 'BucketName: logs-bucket',
      statement:
        "Condition: {StringLike: {'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::logs-bucket/AWSLogs/aws-account-id=*'}}",
    }),
    expected: 'deliverable',
  },
  {
    sentence: 'destination options as text that is not JSON',
    files: network({ flowLog: "DestinationOptions: '{parquet'" }),
    expected: 'unknown destination',
    message: /neither an object nor JSON/,
  },
  // Macros
  {
    sentence: 'a part of a policy by Fn::Transform',
    files: network({
      ...noStatement,
      more: '- Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://x}}',
    }),
    expected: 'unknown key-policy',
  },
  {
    sentence: 'a principal by an unknown function',
    files: network({ principal: '{Fn::Transform: {Name: X}}' }),
    expected: 'unknown key-policy',
  },
  {
    sentence: 'an encryption by Fn::Transform',
    files: network({ encryption: 'BucketEncryption: {Fn::Transform: {Name: X}}' }),
    expected: 'unknown bucket',
  },
  {
    sentence: 'resources by AWS::Include beside others',
    files: network({
      resources: 'Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://x}}',
    }),
    expected: 'unknown key-policy',
    message: /AWS::Include may/,
  },
  {
    sentence: 'a macro of another stack changes nothing',
    files: {
      'a.yaml': network(),
      'b.yaml': 'Transform: Mine\nResources: {X: {Type: AWS::SNS::Topic}}',
    },
    expected: { 'a.FlowLog': 'deliverable' },
  },
  {
    sentence: 'SAM and language extensions are no doubt',
    files: network({ head: 'Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]' }),
    expected: 'deliverable',
  },
  {
    sentence: 'a macro of AWS beside the members of an encryption',
    files: network({
      encryption: `BucketEncryption:
  ServerSideEncryptionConfiguration:
    - ServerSideEncryptionByDefault: {SSEAlgorithm: AES256, Fn::Transform: {Name: X}}`,
    }),
    expected: 'unknown bucket',
    message: /Fn::Transform/,
  },
  ...(
    [
      ['a macro', '{Fn::Transform: {Name: X}}', 'function Fn::Transform'],
      ['a parameter', '!Ref P', 'parameter P'],
      ['an import', '!ImportValue Options', 'import Options'],
      ['a parameter inside of JSON', `!Sub '{"HiveCompatiblePartitions": \${P}}'`, 'parameter P'],
    ] as const
  ).flatMap(([maker, options, name]) =>
    ['????????????', 'aws-account-id=*'].map((folder) => ({
      sentence: `the destination options by ${maker}, and a statement for the folder ${folder}`,
      files: network({
        head: parameter(),
        flowLog: `DestinationOptions: ${options}`,
        bucket: 'BucketName: logs-bucket',
        statement: `Condition: {StringLike: {'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::logs-bucket/AWSLogs/${folder}/*'}}`,
      }),
      expected: 'unknown key-policy',
      message: new RegExp(`depends on HiveCompatiblePartitions in ${name}: `),
    })),
  ),
  ...(
    [
      ['deliverable', {}],
      ['blocked key-policy', noStatement],
    ] as const
  ).map(([expected, parts]) => ({
    sentence: `a role that SAM makes has a statement too: ${expected}`,
    files: network({
      ...parts,
      head: 'Transform: AWS::Serverless-2016-10-31',
      more: "- {Effect: Allow, Principal: {AWS: !GetAtt FunctionRole.Arn}, Action: 'kms:*', Resource: '*'}",
      resources: 'Function: {Type: AWS::Serverless::Function, Properties: {CodeUri: .}}',
    }),
    expected,
  })),
  ...(
    [
      ['a macro', 'head', 'Transform: Mine'],
      ['a module', 'resources', 'Made: {Type: My::S3::Logs::MODULE}'],
    ] as const
  ).map(([maker, part, text]) => ({
    sentence: `the bucket of ${maker}`,
    files: network({ [part]: text, destination: '!GetAtt MadeBucket.Arn' }),
    expected: 'unknown destination',
    message: /depends on MadeBucket.Arn: judge it after deployment, with --live/,
  })),
  ...(
    [
      ['that a file brings', 'Fn::Transform: {Name: AWS::Include}'],
      ['by a macro', 'IsProd: {Fn::Transform: {Name: Mine}}'],
    ] as const
  ).flatMap(([maker, text]) =>
    (
      [
        ['LogBucket', 'deliverable', undefined],
        [
          'Plain',
          'unknown key-policy',
          /^depends on condition IsProd: .*judge it after deployment/,
        ],
      ] as const
    ).map(([other, expected, message]) => ({
      sentence: `a condition ${maker} chooses between LogBucket and ${other}`,
      files: network({
        ...(other === 'Plain' && noStatement),
        head: `Conditions: {${text}}`,
        destination: `!If [IsProd, !GetAtt LogBucket.Arn, !GetAtt ${other}.Arn]`,
        resources: 'Plain: {Type: AWS::S3::Bucket, Properties: {}}',
      }),
      expected,
      ...(message && { message }),
    })),
  ),
  // Mistakes
  {
    sentence: 'a reference to a resource that the template lacks',
    files: network({
      head: 'Transform: AWS::LanguageExtensions',
      destination: '!GetAtt LogBukcet.Arn',
    }),
    expected: 'unknown destination',
    message: /refers to LogBukcet, and has no such resource: mend the template/,
  },
  ...(
    [
      ['a parameter', 'Ref: P', /depends on parameter P: give --parameter P=VALUE/],
      [
        'a macro',
        'Fn::Transform: {Name: X}',
        /depends on function Fn::Transform: only a deployment/,
      ],
    ] as const
  ).map(([maker, name, message]) => ({
    sentence: `a reference to a resource whose name is of ${maker}`,
    files: network({
      head: `Transform: AWS::LanguageExtensions\n${parameter()}`,
      destination: `{Fn::GetAtt: [{${name}}, Arn]}`,
    }),
    expected: 'unknown destination',
    message,
  })),
  {
    sentence: 'the name of a bucket as destination',
    files: network({ destination: '!Ref LogBucket' }),
    expected: 'unknown destination',
    message:
      /destination LogBucket; expected an S3 bucket ARN; write the type s3 and the ARN of a bucket/,
  },
  {
    sentence: 'the name of a resource is the value of a parameter',
    files: network({
      head: `Transform: AWS::LanguageExtensions\n${parameter('Type: String, Default: LogBucket')}`,
      destination: "!Sub ['arn:aws:s3:::${Name}', {Name: {Ref: {Ref: P}}}]",
    }),
    expected: 'deliverable',
  },
  // Keys and aliases
  {
    sentence: 'alias by Ref',
    files: network({
      keyId: '!Ref A',
      resources:
        'A: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/logs, TargetKeyId: !Ref LogKey}}',
    }),
    expected: 'blocked key-by-arn',
  },
  {
    sentence: 'alias ARN by Sub',
    files: network({
      keyId: "!Sub 'arn:aws:kms:${AWS::Region}:${AWS::AccountId}:${A}'",
      resources:
        'A: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/logs, TargetKeyId: !GetAtt LogKey.Arn}}',
    }),
    expected: 'deliverable',
  },
  {
    sentence: 'alias ARN of another account',
    files: network({
      keyId: 'arn:aws:kms:us-east-1:444455556666:alias/logs',
      resources:
        'A: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/logs, TargetKeyId: !GetAtt LogKey.Arn}}',
    }),
    options: { account: '111122223333', region: 'us-east-1' },
    expected: 'unknown key',
  },
  {
    sentence: 'imported key material',
    files: network({
      key: 'Origin: EXTERNAL\nKeyPolicy: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: delivery.logs.amazonaws.com}, Action: "kms:*", Resource: "*"}]}',
    }),
    expected: 'unknown key-state',
  },
  {
    sentence: 'Enabled by parameter, and yes of YAML 1.1',
    files: network({ more: '', bucket: '' }).replace('Description: the key', 'Enabled: yes'),
    expected: 'deliverable',
  },
  {
    sentence: 'Enabled by an open parameter',
    files: network({ head: parameter() }).replace('Description: the key', 'Enabled: !Ref P'),
    expected: 'unknown key-state',
  },
  {
    sentence: 'KeySpec by an open parameter',
    files: network({ head: parameter() }).replace('Description: the key', 'KeySpec: !Ref P'),
    expected: 'unknown key-state',
  },
  {
    sentence: 'a bucket without encryption',
    files: network({ encryption: '' }),
    expected: 'deliverable',
  },
  {
    sentence: 'two encryption rules',
    files: network({
      encryption:
        'BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: AES256}}, {ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}}]}',
    }),
    expected: 'unknown bucket',
  },
  // Bucket policies
  ...(
    [
      [
        'without a Deny',
        "{Effect: Allow, Principal: '*', Action: 's3:GetObject', Resource: '*'}",
        'deliverable',
      ],
      [
        'with a Deny',
        "{Effect: Deny, Principal: '*', Action: 's3:*', Resource: !Sub '${LogBucket.Arn}/*'}",
        'blocked bucket-policy',
      ],
      [
        'with a Deny of plain HTTP',
        "{Effect: Deny, Principal: '*', Action: 's3:*', Resource: !Sub '${LogBucket.Arn}/*', Condition: {Bool: {'aws:SecureTransport': false}}}",
        'deliverable',
      ],
    ] as const
  ).map(([name, statement, expected]) => ({
    sentence: `a bucket policy ${name}`,
    files: network({
      resources: `P: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Ref LogBucket, PolicyDocument: {Version: '2012-10-17', Statement: [${statement}]}}}`,
    }),
    expected,
  })),
  {
    sentence: 'a Deny for a bucket whose name is a parameter',
    files: network({
      head: parameter(),
      bucket: 'BucketName: !Ref P',
      resources: `BP: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Ref P, PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Deny, Principal: '*', Action: 's3:*', Resource: !Sub 'arn:aws:s3:::\${P}/*'}]}}}`,
    }),
    expected: 'blocked bucket-policy',
  },
  {
    sentence: 'two bucket policies, of which one denies',
    files: network({
      resources: `P1: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Ref LogBucket, PolicyDocument: {Version: '2012-10-17', Statement: []}}}
P2: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Ref LogBucket, PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Deny, Principal: '*', Action: 's3:*', Resource: '*'}]}}}`,
    }),
    expected: 'unknown bucket-policy',
    message: /P1 and P2/,
  },
  // YAML
  {
    sentence: 'anchors, aliases and merged maps',
    files: network({
      encryption: `BucketEncryption:
  <<: &shared {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}}]}`,
    }),
    expected: 'blocked aws-managed-key',
  },
  {
    sentence: 'an octal number as default',
    files: network({
      head: parameter('Type: String, Default: 012345670123'),
      statement: "Condition: {StringEquals: {'aws:SourceAccount': !Ref P}}",
    }),
    expected: 'unknown key-policy',
    message: /quote it/,
  },
  // Circles
  {
    sentence: 'a circle of references',
    files: network({
      bucket: 'BucketName: !Ref Other',
      resources: 'Other: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref LogBucket}}',
    }),
    expected: 'unknown destination',
    message: /circle/,
  },
  {
    sentence: 'a circle of conditions',
    files: network({
      head: 'Conditions: {A: !Not [!Condition B], B: !Not [!Condition A]}',
      statement: 'Condition: !If [A, {}, {}]',
    }),
    expected: 'unknown destination',
    message: /circle/,
  },
  // Two resources of one name
  ...(
    [
      ['that differ', 'SSEAlgorithm: aws:kms', 'unknown aws-managed-key'],
      ['that agree', 'SSEAlgorithm: AES256', 'deliverable'],
    ] as const
  ).flatMap(([name, algorithm, verdict]): readonly Case[] => {
    const other = `Resources: {B: {Type: AWS::S3::Bucket, Properties: {BucketName: one, BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {${algorithm}}}]}}}}`;
    const log =
      'FlowLog: {Type: AWS::EC2::FlowLog, Properties: {LogDestinationType: s3, LogDestination: arn:aws:s3:::one}}';
    const own = 'Own: {Type: AWS::S3::Bucket, Properties: {BucketName: one}}';
    const message = name === 'that differ' ? /Own and b.B, all named one/ : /SSE-S3/;
    return [
      {
        sentence: `one name in two templates, of buckets ${name}`,
        files: { 'a.yaml': `Resources: {${own}, ${log}}`, 'b.yaml': other },
        expected: { 'a.FlowLog': verdict },
        message,
      },
      {
        sentence: `one name in two other templates, of buckets ${name}`,
        files: {
          'a.yaml': `Resources: {${own}}`,
          'b.yaml': other,
          'c.yaml': `Resources: {${log}}`,
        },
        expected: { 'c.FlowLog': verdict },
        message,
      },
    ];
  }),
  {
    sentence: 'a name by the account in two templates is two names',
    files: Object.fromEntries(
      Object.entries({ dev: noStatement, prod: {} }).map(([name, parts]) => [
        `${name}.yaml`,
        network({ ...parts, bucket: "BucketName: !Sub 'logs-${AWS::AccountId}'" }),
      ]),
    ),
    expected: { 'dev.FlowLog': 'blocked key-policy', 'prod.FlowLog': 'deliverable' },
  },
  {
    sentence: 'two aliases of one name, for keys that differ',
    files: network({
      keyId: "!Sub 'arn:aws:kms:${AWS::Region}:${AWS::AccountId}:alias/logs'",
      resources: `Other: {Type: AWS::KMS::Key}
A1: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/logs, TargetKeyId: !Ref LogKey}}
A2: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/logs, TargetKeyId: !Ref Other}}`,
    }),
    expected: 'unknown key-policy',
    message: /A1 and A2, all named alias\/logs/,
  },
  {
    sentence: 'one alias in two templates: each has its own',
    files: Object.fromEntries(
      Object.entries({ dev: noStatement, prod: {} }).map(([name, parts]) => [
        `${name}.yaml`,
        network({
          ...parts,
          keyId: "!Sub 'arn:aws:kms:${AWS::Region}:${AWS::AccountId}:alias/logs'",
          resources:
            'A: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/logs, TargetKeyId: !Ref LogKey}}',
        }),
      ]),
    ),
    expected: { 'dev.FlowLog': 'blocked key-policy', 'prod.FlowLog': 'deliverable' },
  },
  {
    sentence: 'an alias whose name is a parameter',
    files: network({
      head: parameter(),
      keyId: "!Sub 'arn:aws:kms:${AWS::Region}:${AWS::AccountId}:alias/${P}'",
      resources:
        "A: {Type: AWS::KMS::Alias, Properties: {AliasName: !Sub 'alias/${P}', TargetKeyId: !Ref LogKey}}",
    }),
    expected: 'deliverable',
  },
  // Nested stacks
  {
    sentence: 'a nested stack in a sub folder, its own child beside it',
    files: {
      'root.yaml':
        'Resources: {N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ./sub/mid.yaml}}}',
      'sub/mid.yaml':
        'Resources: {M: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: leaf.yaml}}}',
      'sub/leaf.yaml': network(noStatement),
    },
    expected: { FlowLog: 'blocked key-policy' },
  },
  {
    sentence: 'a nested stack that is made twice',
    files: {
      'root.yaml':
        'Resources: {N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: leaf.yaml, Parameters: {P: a}}}, M: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: leaf.yaml, Parameters: {P: delivery}}}}',
      'leaf.yaml': network({
        head: parameter(),
        principal: "{Service: !Sub '${P}.logs.amazonaws.com'}",
      }),
    },
    expected: { 'N.FlowLog': 'blocked key-policy', 'M.FlowLog': 'deliverable' },
  },
  {
    sentence: 'a nested stack that is not made',
    files: {
      'root.yaml':
        'Conditions: {Never: !Equals [a, b]}\nResources: {N: {Type: AWS::CloudFormation::Stack, Condition: Never, Properties: {TemplateURL: leaf.yaml}}}',
      'leaf.yaml': network(),
    },
    expected: {},
  },
  {
    sentence: 'a nested stack with NoValue for a parameter takes the default',
    files: {
      'root.yaml':
        'Resources: {N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: leaf.yaml, Parameters: {P: !Ref AWS::NoValue}}}}',
      'leaf.yaml': network({
        head: parameter('Type: String, Default: delivery'),
        principal: "{Service: !Sub '${P}.logs.amazonaws.com'}",
      }),
    },
    expected: { FlowLog: 'deliverable' },
  },
  {
    sentence: 'an application of SAM with a template beside it',
    files: {
      'root.yaml':
        'Transform: AWS::Serverless-2016-10-31\nResources: {N: {Type: AWS::Serverless::Application, Properties: {Location: ./leaf.yaml, Parameters: {P: delivery}}}}',
      'leaf.yaml': network({
        head: parameter(),
        principal: "{Service: !Sub '${P}.logs.amazonaws.com'}",
      }),
    },
    expected: { FlowLog: 'deliverable' },
  },
  {
    sentence: 'templates that nest each other lose no flow log',
    files: {
      'a.yaml': network({
        resources: 'N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: b.yaml}}',
      }),
      'b.yaml':
        'Resources: {N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: a.yaml}}}',
    },
    expected: { FlowLog: 'deliverable' },
  },
  {
    sentence: 'a template that nests itself',
    files: network({
      resources: 'N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: t.yaml}}',
    }),
    expected: 'deliverable',
  },
  // Exports
  ...['{Fn::ImportValue: !Sub "${S}-Bucket"}', '!ImportValue {"Fn::Sub": "${S}-Bucket"}'].map(
    (destination) => ({
      sentence: `an import with the name of the stack: ${destination}`,
      files: {
        'keys.yaml': network({
          ...noStatement,
          tail: 'Outputs: {B: {Value: !GetAtt LogBucket.Arn, Export: {Name: keys-Bucket}}}',
        }).replace(/FlowLog:/, 'Own:'),
        'net.yaml': `Parameters: {S: {Type: String, Default: keys}}
Resources: {FlowLog: {Type: AWS::EC2::FlowLog, Properties: {LogDestinationType: s3, LogDestination: ${destination}}}}`,
      },
      expected: { 'keys.Own': 'blocked key-policy', 'net.FlowLog': 'blocked key-policy' },
    }),
  ),
  {
    sentence: 'an export under a condition that is false',
    files: {
      'keys.yaml': network({
        head: 'Conditions: {Never: !Equals [a, b]}',
        tail: 'Outputs: {B: {Condition: Never, Value: !GetAtt LogBucket.Arn, Export: {Name: Bucket}}}',
      }),
      'net.yaml': `Resources: {FlowLog: {Type: AWS::EC2::FlowLog, Properties: {LogDestinationType: s3, LogDestination: !ImportValue Bucket}}}`,
    },
    expected: { 'keys.FlowLog': 'deliverable', 'net.FlowLog': 'unknown destination' },
  },
  {
    sentence: 'two templates export one name',
    files: {
      'a.yaml': network({
        tail: 'Outputs: {B: {Value: !GetAtt LogBucket.Arn, Export: {Name: Bucket}}}',
      }),
      'b.yaml': network({
        ...noStatement,
        tail: 'Outputs: {B: {Value: !GetAtt LogBucket.Arn, Export: {Name: Bucket}}}',
      }),
      'net.yaml': `Resources: {FlowLog: {Type: AWS::EC2::FlowLog, Properties: {LogDestinationType: s3, LogDestination: !ImportValue Bucket}}}`,
    },
    expected: {
      'a.FlowLog': 'deliverable',
      'b.FlowLog': 'blocked key-policy',
      'net.FlowLog': 'unknown destination',
    },
    message: /Bucket/,
  },
  // Loops
  {
    sentence: 'ForEach in resources, conditions and properties',
    files: `Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: CommaDelimitedList, Default: 'One,Two'}}
Conditions:
  Fn::ForEach::Cs: [N, !Ref Names, {'Is\${N}': !Equals [!Ref N, One]}]
Resources:
  Fn::ForEach::Logs:
    - N
    - !Ref Names
    - 'Bucket\${N}':
        Type: AWS::S3::Bucket
        Properties:
          BucketEncryption: !If ['Is\${N}', {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}}]}, !Ref AWS::NoValue]
      'FlowLog\${N}':
        Type: AWS::EC2::FlowLog
        Properties: {LogDestinationType: s3, LogDestination: !GetAtt ['Bucket\${N}', Arn]}
`,
    expected: { FlowLogOne: 'blocked aws-managed-key', FlowLogTwo: 'deliverable' },
  },
  {
    sentence: 'ForEach over a list of a mapping, named by a parameter',
    files: `Transform: AWS::LanguageExtensions
Parameters: {P: {Type: String, Default: dev}}
Mappings: {M: {dev: {Names: [One, Two]}}}
Resources:
  Fn::ForEach::Logs:
    - N
    - !FindInMap [M, !Ref P, Names]
    - 'FlowLog\${N}': {Type: AWS::EC2::FlowLog, Properties: {LogDestinationType: s3, LogDestination: !GetAtt Bucket.Arn}}
  Bucket: {Type: AWS::S3::Bucket}
`,
    expected: { FlowLogOne: 'deliverable', FlowLogTwo: 'deliverable' },
  },
  {
    sentence: 'FindInMap with a default, Length and ToJsonString',
    files: network({
      head: `Transform: AWS::LanguageExtensions
Mappings: {M: {x: {y: z}}}
Conditions: {Two: !Equals [Fn::Length: [a, b], 2]}`,
      key: `KeyPolicy:
  Fn::ToJsonString: {Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {Service: !If [Two, !FindInMap [M, none, y, {DefaultValue: delivery.logs.amazonaws.com}], x]}, Action: 'kms:*', Resource: '*'}]}`,
    }),
    expected: 'deliverable',
  },
];

const verdictText = ({ outcome, reason }: { outcome: string; reason: string | null }): string =>
  [outcome, reason ?? []].flat().join(' ');

it.each(cases.map((each) => [each.sentence, each] as const))(
  'A template: %s',
  (_, { files, options, organizationId, expected, message = /^/ }) => {
    const all = typeof files === 'string' ? { 't.yaml': files } : files;
    const { verdicts, problems } = judgeFiles(all, options, { ...plainQuestion, organizationId });
    expect(problems).toEqual([]);
    const found = Object.fromEntries(
      Object.entries(verdicts).map(([id, verdict]) => [id, verdictText(verdict)]),
    );
    const messages = Object.values(verdicts).map((each) => each.message);
    expect({ found, messages }).toEqual({
      found: typeof expected === 'object' ? expected : { FlowLog: expected },
      messages: expect.anything() as unknown,
    });
    expect(messages.join('\n')).toMatch(message);
    expect(messages.join('\n')).not.toMatch(/zq\d|zq-|\b9900000/);
  },
);

it('Each sentence names one case', () => {
  expect(new Set(cases.map(({ sentence }) => sentence)).size).toBe(cases.length);
});
