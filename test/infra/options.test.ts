import { readOptions } from '../../infra/options/options.ts';

const key = 'arn:aws:kms:us-east-1:111122223333:key/11111111-aaaa-4bbb-8ccc-1234567890ab';
const replica = `arn:aws:kms:eu-west-1:111122223333:key/mrk-${'0123456789abcdef'.repeat(2)}`;
const approver = 'arn:aws:iam::111122223333:role/team/approvers';
const session = 'arn:aws:sts::111122223333:assumed-role/approvers/jane@example.com';
const approvals = 'arn:aws:sns:us-east-1:111122223333:Automation-approvals';
/** The smallest set of options for remediation. */
const manual = { remediation: 'manual', remediationKeys: key };
const boundary = 'arn:aws:iam::111122223333:policy/boundary';
/** The smallest set of options for an organization. */
const organization = {
  organizationId: 'o-a1b2c3d4e5',
  organizationalUnits: 'ou-ab12-c3d4e5f6',
  regions: 'us-east-1,eu-west-1',
  memberAccounts: '111122223333,444455556666',
};
const without = (name: keyof typeof organization) =>
  Object.fromEntries(Object.entries(organization).filter(([each]) => each !== name));
const tagList = (many: number, name: string, value: string) =>
  Array.from({ length: many }, (_, i) => `${name}-${i}=${value}`).join();
const accounts = (many: number) =>
  Array.from({ length: many }, (_, i) => String(100_000_000_000 + i)).join();

describe('options', () => {
  it('have defaults for all that one account needs', () => {
    expect(readOptions({})).toEqual({
      ruleName: 'flow-log-key-allows-delivery',
      frequency: 'TwentyFour_Hours',
      hook: 'off',
      parameters: {},
      alarmTopicArn: undefined,
      unknownThreshold: 0,
      logRetentionDays: 90,
      reservedConcurrency: undefined,
      callsAtOnce: undefined,
      asConformancePack: false,
      detailedFindings: false,
      securityHubAdministrator: false,
      permissionsBoundaryArn: undefined,
      rolePath: '/',
      roleNamePrefix: '',
      namePrefix: '',
      tags: {},
      encryptionKeyArn: undefined,
      subnetIds: [],
      securityGroupIds: [],
      logLevel: undefined,
      remediation: undefined,
      organization: undefined,
    });
  });

  it.each([
    ['a flag from the command line', { asConformancePack: 'true' }, { asConformancePack: true }],
    ['a flag from cdk.json', { asConformancePack: true }, { asConformancePack: true }],
    ['a number from the command line', { unknownThreshold: '7' }, { unknownThreshold: 7 }],
    ['a number from cdk.json', { unknownThreshold: 7 }, { unknownThreshold: 7 }],
    [
      'lists from cdk.json',
      { requiredActions: ['kms:Encrypt', 'kms:Decrypt'], ...organization, regions: ['eu-west-1'] },
      {
        parameters: { RequiredActions: 'kms:Encrypt,kms:Decrypt' },
        organization: { regions: ['eu-west-1'] },
      },
    ],
    [
      'a parameter without the white space around it, as the evaluator does',
      { exemptions: ' /list\n', readerRoleName: 'reader ' },
      { parameters: { Exemptions: '/list', ReaderRoleName: 'reader' } },
    ],
    ['an account as a number', { ...organization, memberAccounts: [111122223333] }, {}],
    ['an empty value as none', { organizationId: '' }, { parameters: {} }],
    [
      'parameters by the names of the rule',
      { organizationId: 'o-a1b2c3d4e5', alsoCheck: 'customer-key' },
      { parameters: { OrganizationId: 'o-a1b2c3d4e5', AlsoCheck: 'customer-key' } },
    ],
    [
      'the name of a parameter with exemptions',
      { exemptions: '/flow-log-key-rule/exemptions' },
      { parameters: { Exemptions: '/flow-log-key-rule/exemptions' } },
    ],
    [
      'such a name without a path',
      { exemptions: 'exemptions_1' },
      { parameters: { Exemptions: 'exemptions_1' } },
    ],
    [
      'where to look in other accounts',
      { readerRoleName: 'reader', ownerAccounts: '111122223333,444455556666', aggregator: 'all' },
      {
        parameters: {
          ReaderRoleName: 'reader',
          OwnerAccounts: '111122223333,444455556666',
          Aggregator: 'all',
        },
      },
    ],
    [
      'a topic in China',
      { alarmTopicArn: 'arn:aws-cn:sns:cn-north-1:111122223333:alarms' },
      { alarmTopicArn: 'arn:aws-cn:sns:cn-north-1:111122223333:alarms' },
    ],
    ['a boundary', { permissionsBoundaryArn: boundary }, { permissionsBoundaryArn: boundary }],
    [
      'tags with spaces and with = in the value',
      { tags: 'Cost Center=47 11, owner=team=security' },
      { tags: { 'Cost Center': '47 11', owner: 'team=security' } },
    ],
    [
      'tags with a flag and a number, as cdk.json may have these',
      { tags: { backup: true, level: 2 } },
      { tags: { backup: 'true', level: '2' } },
    ],
    [
      'fifty tags of the greatest length',
      { tags: tagList(50, 'ä'.repeat(125), 'ö'.repeat(256)) },
      { tags: { [`${'ä'.repeat(125)}-49`]: 'ö'.repeat(256) } },
    ],
    ['a key for logs and queues', { encryptionKeyArn: key }, { encryptionKeyArn: key }],
    [
      'a multi-Region key for several Regions',
      { ...organization, encryptionKeyArn: replica },
      { encryptionKeyArn: replica },
    ],
    ['a path of roles', { rolePath: '/security/tools/' }, { rolePath: '/security/tools/' }],
    [
      'prefixes, and puts one before the default name of the rule',
      { namePrefix: 'second-', roleNamePrefix: 'acme_+=,.@-' },
      { ruleName: 'second-flow-log-key-allows-delivery', roleNamePrefix: 'acme_+=,.@-' },
    ],
    [
      'a prefix beside a name of the rule, and leaves the name as it is',
      { namePrefix: 'a-long-second-copy-x', ruleName: 'mine' },
      { ruleName: 'mine', namePrefix: 'a-long-second-copy-x' },
    ],
    [
      'a reader role with a path',
      { readerRoleName: 'security/tools/reader' },
      { parameters: { ReaderRoleName: 'security/tools/reader' } },
    ],
    [
      'a VPC',
      { subnetIds: 'subnet-0123456789abcdef0,subnet-01234567', securityGroupIds: 'sg-01234567' },
      {
        subnetIds: ['subnet-0123456789abcdef0', 'subnet-01234567'],
        securityGroupIds: ['sg-01234567'],
      },
    ],
    ['a level of messages', { logLevel: 'DEBUG' }, { logLevel: 'DEBUG' }],
    [
      'a table of another copy',
      { ...manual, remediationTable: 'existing' },
      { remediation: { makesTable: false } },
    ],
    [
      'names of an organization with path and prefixes',
      { ...organization, rolePath: '/sec/', roleNamePrefix: 'acme-', namePrefix: 'b-' },
      {
        parameters: {
          ReaderRoleName: 'sec/acme-b-flow-log-key-rule-reader',
          Aggregator: 'b-flow-log-key-rule',
        },
      },
    ],
    [
      'remediation with defaults for all but the keys',
      manual,
      {
        remediation: {
          automatic: false,
          keys: { kind: 'arns', arns: [key] },
          approvers: [],
          approvalTopicArn: undefined,
          attempts: 3,
          retrySeconds: 600,
          concurrency: 10,
          scope: 'flow-logs',
        },
      },
    ],
    [
      'keys with commas between them, each once',
      { ...manual, remediationKeys: `${key}, ${replica},${key}` },
      { remediation: { keys: { kind: 'arns', arns: [key, replica] } } },
    ],
    [
      'keys by a tag',
      { ...manual, remediationKeys: 'tag:flow logs/mend=yes=really' },
      { remediation: { keys: { kind: 'tag', name: 'flow logs/mend', value: 'yes=really' } } },
    ],
    [
      'every key, when that is said',
      { ...manual, remediationKeys: '*' },
      { remediation: { keys: { kind: 'every' } } },
    ],
    [
      'automatic remediation with limits',
      {
        ...manual,
        remediation: 'automatic',
        remediationAttempts: '25',
        remediationRetrySeconds: 2_678_000,
        remediationConcurrency: '100',
      },
      { remediation: { automatic: true, attempts: 25, retrySeconds: 2_678_000, concurrency: 100 } },
    ],
    [
      'approvers and their topic',
      {
        ...manual,
        remediationApprovers: `${approver},${session}`,
        remediationApprovalTopicArn: approvals,
      },
      { remediation: { approvers: [approver, session], approvalTopicArn: approvals } },
    ],
    [
      'the organization that a statement may admit',
      { ...manual, remediationScope: 'organization', organizationId: 'o-a1b2c3d4e5' },
      { remediation: { scope: 'organization' } },
    ],
    [
      'the accounts for which keys of other accounts are mended',
      { ...manual, remediationAccounts: '111122223333,444455556666' },
      { remediation: { accounts: ['111122223333', '444455556666'] } },
    ],
    ['remediation that is off', { remediation: 'off' }, { remediation: undefined }],
    [
      'an organization, whose home is the first Region',
      organization,
      {
        organization: {
          id: 'o-a1b2c3d4e5',
          units: ['ou-ab12-c3d4e5f6'],
          regions: ['us-east-1', 'eu-west-1'],
          home: 'us-east-1',
          excludedAccounts: [],
          memberAccounts: ['111122223333', '444455556666'],
          makesAggregator: true,
        },
      },
    ],
    [
      'an organization, whose rules know the reader role and the aggregator that is made',
      organization,
      {
        parameters: {
          OrganizationId: 'o-a1b2c3d4e5',
          ReaderRoleName: 'flow-log-key-rule-reader',
          Aggregator: 'flow-log-key-rule',
        },
      },
    ],
    [
      'an aggregator that is there, so that none is made',
      { ...organization, aggregator: 'all' },
      { parameters: { Aggregator: 'all' }, organization: { makesAggregator: false } },
    ],
    [
      'units and roots, each once',
      { ...organization, organizationalUnits: 'r-ab12, ou-ab12-c3d4e5f6,r-ab12' },
      { organization: { units: ['r-ab12', 'ou-ab12-c3d4e5f6'] } },
    ],
    [
      'one Region, and Regions of other partitions',
      { ...organization, regions: 'us-gov-west-1' },
      { organization: { regions: ['us-gov-west-1'], home: 'us-gov-west-1' } },
    ],
    [
      'accounts that are left alone',
      { ...organization, excludedAccounts: '777788889999' },
      { organization: { excludedAccounts: ['777788889999'] } },
    ],
    [
      'as many members as a policy holds',
      { ...organization, memberAccounts: accounts(1200) },
      { organization: { id: 'o-a1b2c3d4e5' } },
    ],
    [
      'no organization where only its id is named',
      { organizationId: 'o-a1b2c3d4e5' },
      { organization: undefined },
    ],
    [
      "CDK's own context",
      {
        '@aws-cdk/core:x': true,
        'aws:cdk:bundling-stacks': ['**'],
        'availability-zones:account=1': [],
      },
      {},
    ],
  ])('take %s', (_, given, expected) => {
    expect(readOptions(given)).toMatchObject(expected);
  });

  it.each([
    [
      'an unknown one',
      { frequenzy: 'One_Hour' },
      /^option frequenzy="One_Hour" is not known; did you mean frequency\?$/,
    ],
    [
      'an unknown one in other letters',
      { remediationkey: '*' },
      'option remediationkey="*" is not known; did you mean remediationKeys?',
    ],
    [
      'one that is like no other',
      { colour: 'blue' },
      'option colour="blue" is not known; known are ruleName, frequency',
    ],
    [
      'a frequency that AWS does not have',
      { frequency: 'Two_Hours' },
      'option frequency="Two_Hours": give one of One_Hour, Three_Hours',
    ],
    [
      'a name that leaves no room',
      { ruleName: 'x'.repeat(38) },
      /option ruleName="x+": 38 characters, and at most 37/,
    ],
    [
      'a name with spaces',
      { ruleName: 'my rule' },
      'option ruleName="my rule": give letters, digits, - and _',
    ],
    [
      'a topic that is none',
      { alarmTopicArn: 'alarms' },
      'option alarmTopicArn="alarms": give the ARN of a standard SNS topic',
    ],
    [
      'a FIFO topic, which alarms cannot tell',
      { alarmTopicArn: 'arn:aws:sns:us-east-1:111122223333:alarms.fifo' },
      'option alarmTopicArn=',
    ],
    [
      'a role for a policy',
      { permissionsBoundaryArn: 'arn:aws:iam::111122223333:role/x' },
      'option permissionsBoundaryArn=',
    ],
    ...(
      [
        ['a name of AWS', 'AWS:owner=me', '"AWS:owner": names that start with aws: belong to AWS'],
        ['no value', 'owner', '"owner": give NAME=VALUE'],
        ['an empty value', 'owner=', '"owner=": give NAME=VALUE'],
        ['an empty name', '=me', '"=me": give NAME=VALUE'],
        ['a strange letter', 'owner=me?', '"owner=me?": give NAME=VALUE'],
        ['a long name', `${'x'.repeat(129)}=me`, 'give NAME=VALUE, at most 128 and 256 letters'],
        [
          'a long value',
          `owner=${'x'.repeat(257)}`,
          'give NAME=VALUE, at most 128 and 256 letters',
        ],
        ['a name in two cases', 'owner=me,Owner=you', 'two tags have the name "owner"'],
        ['one name twice', 'owner=me,owner=you', 'two tags have the name "owner"'],
        ['more tags than fit', tagList(51, 'x', 'y'), '51 are given, and at most 50 fit'],
      ] as const
    ).map(([what, tags, message]): [string, Readonly<Record<string, unknown>>, string] => [
      `tags with ${what}`,
      { tags },
      message,
    ]),
    [
      'an alias for the key of logs',
      { encryptionKeyArn: 'arn:aws:kms:us-east-1:111122223333:alias/logs' },
      'log groups take no alias',
    ],
    [
      'a key of one Region for an organization in two',
      { ...organization, encryptionKeyArn: key },
      `option encryptionKeyArn="${key}": eu-west-1 needs a key of its own Region: name a key of eu-west-1, or a multi-Region key (key/mrk-...) with a replica in us-east-1, eu-west-1`,
    ],
    [
      'a key whose policy the mender writes',
      { ...manual, encryptionKeyArn: key },
      `option encryptionKeyArn="${key}": remediationKeys names the same key`,
    ],
    [
      'a replica of a key whose policy the mender writes',
      {
        ...manual,
        remediationKeys: replica,
        encryptionKeyArn: replica.replace('eu-west-1', 'us-east-1'),
      },
      'remediationKeys names the same key',
    ],
    ...['security', '/security', 'security/', '/aws-service-role/x/', '/aws-reserved/', '//'].map(
      (rolePath): [string, Readonly<Record<string, unknown>>, string] => [
        `${rolePath} for a path of roles`,
        { rolePath },
        `option rolePath="${rolePath}": give a path with a slash at both ends`,
      ],
    ),
    [
      'prefixes that make names of roles too long',
      { namePrefix: 'second-', roleNamePrefix: 'acme-security-' },
      'option roleNamePrefix="acme-security-": 21 characters with namePrefix, and names of roles have room for 20',
    ],
    [
      'a prefix that makes the default name of the rule too long',
      { namePrefix: 'second-copy-' },
      'option namePrefix="second-copy-": the name of the rule would have 40 characters, and at most 37 fit: name ruleName too',
    ],
    ...['2-', '-x', 'a_b', 'aws-', 'Amazon'].map(
      (namePrefix): [string, Readonly<Record<string, unknown>>, string] => [
        `${namePrefix} for a prefix`,
        { namePrefix },
        `option namePrefix="${namePrefix}": give letters, digits and -`,
      ],
    ),
    [
      'a path in the prefix of roles',
      { roleNamePrefix: 'security/' },
      'option roleNamePrefix="security/": give letters, digits',
    ],
    [
      'subnets without security groups',
      { subnetIds: 'subnet-01234567' },
      'option subnetIds="subnet-01234567": name securityGroupIds too',
    ],
    [
      'security groups without subnets',
      { securityGroupIds: 'sg-01234567' },
      'option securityGroupIds="sg-01234567": name subnetIds too',
    ],
    [
      'a VPC for a subnet',
      { subnetIds: 'vpc-01234567', securityGroupIds: 'sg-01234567' },
      '"vpc-01234567": give the id of a subnet',
    ],
    [
      'subnets of nobody knows which of two Regions',
      { ...organization, subnetIds: 'subnet-01234567', securityGroupIds: 'sg-01234567' },
      'option subnetIds="subnet-01234567": put the Region in front, one of us-east-1, eu-west-1, like us-east-1:subnet-01234567',
    ],
    [
      'a subnet of a Region that is not judged',
      {
        ...organization,
        subnetIds: 'us-west-2:subnet-01234567',
        securityGroupIds: 'us-west-2:sg-01234567',
      },
      'option subnetIds="us-west-2:subnet-01234567": put the Region in front, one of us-east-1',
    ],
    [
      'security groups of one of two Regions',
      {
        ...organization,
        subnetIds: 'us-east-1:subnet-01234567,eu-west-1:subnet-89abcdef',
        securityGroupIds: 'us-east-1:sg-01234567',
      },
      'option securityGroupIds="us-east-1:sg-01234567": nothing is in eu-west-1',
    ],
    [
      'a Region before the only subnets',
      { subnetIds: 'us-east-1:subnet-01234567', securityGroupIds: 'sg-01234567' },
      'option subnetIds="us-east-1:subnet-01234567": a deployment in one Region takes ids without the Region',
    ],
    [
      'a level that Powertools does not have',
      { logLevel: 'debug' },
      'option logLevel="debug": give one of TRACE, DEBUG, INFO',
    ],
    [
      'a flag that is neither',
      { asConformancePack: 'yes' },
      'option asConformancePack="yes": give one of true, false',
    ],
    [
      'a number below zero',
      { unknownThreshold: '-1' },
      'option unknownThreshold="-1": give a whole number',
    ],
    ['no call at once', { callsAtOnce: 0 }, 'option callsAtOnce=0: give a whole number from 1'],
    [
      'a reserved concurrency of none',
      { reservedConcurrency: 0 },
      'option reservedConcurrency=0: give a whole number from 1',
    ],
    [
      'a retention that CloudWatch does not have',
      { logRetentionDays: 31 },
      'option logRetentionDays=31: give one of 1, 3, 5',
    ],
    [
      'a name that a pack cannot have',
      { asConformancePack: true, ruleName: 'my_rule' },
      'option ruleName="my_rule": a conformance pack',
    ],
    ['an empty list', { ...manual, remediationAccounts: [] }, 'nothing is named; leave it out'],
    [
      'a list',
      { ruleName: ['a'] },
      'option ruleName=["a"]: give a single value, as text or a number',
    ],
    [
      'a bad parameter of the rule',
      { requiredActions: 'kms:Decript' },
      'option requiredActions="kms:Decript": rule parameter RequiredActions="kms:Decript": "kms:Decript" is not an action of KMS',
    ],
    ['unknown taken for compliant', { unknownAs: 'COMPLIANT' }, 'option unknownAs="COMPLIANT"'],
    [
      'a reader role by its ARN',
      { readerRoleName: 'arn:aws:iam::111122223333:role/reader' },
      'option readerRoleName="arn:aws:iam::111122223333:role/reader": rule parameter ReaderRoleName=',
    ],
    [
      'an account that is none',
      { readerRoleName: 'reader', ownerAccounts: '111122223333,4444' },
      '"4444" is not an account id, which has 12 digits',
    ],
    [
      'accounts to look into without a role to look with',
      { ownerAccounts: '111122223333' },
      'option ownerAccounts="111122223333": name the role to take in other accounts with readerRoleName',
    ],
    [
      'an aggregator without a role to look with',
      { aggregator: 'all' },
      'option aggregator="all": name the role to take in other accounts with readerRoleName',
    ],
    ...['requiredActions', 'exemptions', 'ownerAccounts', 'organizationId'].flatMap((name) =>
      [' ', '\n', [''], [' ', '']].map(
        (value): [string, Readonly<Record<string, unknown>>, string] => [
          `${name} of white space in ${JSON.stringify(value)}`,
          { [name]: value, readerRoleName: 'reader' },
          `option ${name}=${typeof value === 'string' ? `"${value}"` : JSON.stringify(value)}: `,
        ],
      ),
    ),
    ...['ruleName', 'roleNamePrefix', 'namePrefix', 'exemptions', 'readerRoleName'].flatMap(
      (name) =>
        [true, false, NaN, Infinity, null, 1n, Symbol('x')].map(
          (value): [string, Readonly<Record<string, unknown>>, string] => [
            `${name} with ${String(value)}`,
            { [name]: value },
            `option ${name}=`,
          ],
        ),
    ),
    [
      'a name that is no text',
      { ruleName: NaN },
      'option ruleName="NaN": give a single value, as text or a number',
    ],
    [
      'exemptions by an ARN',
      { exemptions: 'arn:aws:ssm:us-east-1:111122223333:parameter/exemptions' },
      'option exemptions="arn:aws:ssm:us-east-1:111122223333:parameter/exemptions": rule parameter Exemptions=',
    ],
    [
      'exemptions with a wildcard',
      { exemptions: '/rule/*' },
      '"/rule/*" is not the name of an SSM parameter, which looks like /flow-log-key-rule/exemptions',
    ],
    ['a path without a slash in front', { exemptions: 'rule/exemptions' }, 'option exemptions='],
    ['a path that ends in a slash', { exemptions: '/rule/' }, 'option exemptions="/rule/"'],
    [
      'a mode of remediation that does not exist',
      { ...manual, remediation: 'auto' },
      'option remediation="auto": give one of off, manual, automatic',
    ],
    [
      'remediation of keys that nobody named',
      { remediation: 'manual' },
      'option remediation="manual": name the keys to mend with remediationKeys',
    ],
    [
      'keys where remediation is off',
      { remediationKeys: key },
      `option remediationKeys="${key}": remediation is off`,
    ],
    ...Object.entries({
      remediationApprovers: approver,
      remediationApprovalTopicArn: approvals,
      remediationAttempts: 3,
      remediationRetrySeconds: 60,
      remediationConcurrency: 10,
      remediationScope: 'flow-logs',
      remediationTable: 'existing',
    }).map(([name, value]): [string, Readonly<Record<string, unknown>>, string] => [
      `${name} where remediation is off`,
      { [name]: value },
      `option ${name}=${JSON.stringify(value)}: remediation is off; choose manual or automatic, or leave this option out`,
    ]),
    [
      'a wildcard in the ARN of a key',
      { ...manual, remediationKeys: 'arn:aws:kms:*:111122223333:key/*' },
      'option remediationKeys="arn:aws:kms:*:111122223333:key/*": "arn:aws:kms:*:111122223333:key/*": give the ARN of a key',
    ],
    [
      'an alias for a key',
      { ...manual, remediationKeys: `${key},arn:aws:kms:us-east-1:111122223333:alias/logs` },
      '"arn:aws:kms:us-east-1:111122223333:alias/logs": give the ARN of a key',
    ],
    [
      'a star beside a key',
      { ...manual, remediationKeys: `${key},*` },
      '"*": give the ARN of a key',
    ],
    [
      'a tag without a value',
      { ...manual, remediationKeys: 'tag:mend' },
      'option remediationKeys="tag:mend": give one tag, as tag:NAME=VALUE',
    ],
    [
      'a policy variable as the value of a tag',
      { ...manual, remediationKeys: 'tag:mend=${aws:username}' },
      'give one tag, as tag:NAME=VALUE',
    ],
    [
      'more keys than one role can hold',
      {
        ...manual,
        remediationKeys: Array.from({ length: 76 }, (_, i) =>
          key.replace('11111111', String(10_000_000 + i)),
        ).join(),
      },
      '76 are given, and at most 75 fit',
    ],
    [
      'an approver who is no principal',
      { ...manual, remediationApprovers: 'jane' },
      'option remediationApprovers="jane": "jane": give the ARN of a user, a role or an assumed role',
    ],
    [
      'a topic that Systems Manager would not tell',
      {
        ...manual,
        remediationApprovers: approver,
        remediationApprovalTopicArn: 'arn:aws:sns:us-east-1:111122223333:approvals',
      },
      'option remediationApprovalTopicArn="arn:aws:sns:us-east-1:111122223333:approvals": give the ARN of a standard SNS topic whose name starts with Automation',
    ],
    [
      'a topic without approvers',
      { ...manual, remediationApprovalTopicArn: approvals },
      `option remediationApprovalTopicArn="${approvals}": name remediationApprovers too`,
    ],
    [
      'more attempts than AWS Config makes',
      { ...manual, remediationAttempts: 26 },
      'option remediationAttempts=26: give a whole number from 1 to 25',
    ],
    [
      'a retry period of nothing',
      { ...manual, remediationRetrySeconds: 0 },
      'option remediationRetrySeconds=0: give a whole number from 1 to 2678000',
    ],
    [
      'more than everything at a time',
      { ...manual, remediationConcurrency: 101 },
      'option remediationConcurrency=101: give a whole number from 1 to 100',
    ],
    [
      'an organization without its id',
      { ...manual, remediationScope: 'organization' },
      'option remediationScope="organization": name the organization with organizationId',
    ],
    [
      'a name that a document cannot have',
      { ...manual, ruleName: 'aws-flow-logs' },
      'option ruleName="aws-flow-logs": with remediation, the name of the rule must not start with aws',
    ],
    [
      'a unit that is none',
      { ...organization, organizationalUnits: 'ou-ab12-c3d4e5f6,Workloads' },
      'option organizationalUnits="ou-ab12-c3d4e5f6,Workloads": "Workloads": give the id of an organizational unit or root, like ou-ab12-c3d4e5f6 or r-ab12',
    ],
    [
      'a Region that is none',
      { ...organization, regions: 'us-east-1,Ireland' },
      'option regions="us-east-1,Ireland": "Ireland": give a Region, like us-east-1',
    ],
    [
      'an Availability Zone for a Region',
      { ...organization, regions: 'us-east-1a' },
      '"us-east-1a": give a Region, like us-east-1',
    ],
    [
      'a member that is no account',
      { ...organization, memberAccounts: '111122223333,4444' },
      'option memberAccounts="111122223333,4444": "4444": give the 12 digits of an account id',
    ],
    [
      'an exclusion that is no account',
      { ...organization, excludedAccounts: 'sandbox' },
      'option excludedAccounts="sandbox": "sandbox": give the 12 digits of an account id',
    ],
    [
      'an account that is a member and left alone',
      { ...organization, excludedAccounts: '777788889999,444455556666' },
      'option excludedAccounts="444455556666": memberAccounts names the same account',
    ],
    [
      'members without Regions',
      without('regions'),
      'option organizationalUnits="ou-ab12-c3d4e5f6": name the Regions to judge, the home Region first, with regions',
    ],
    [
      'members of nobody knows which organization',
      without('organizationId'),
      'option organizationalUnits="ou-ab12-c3d4e5f6": name the organization with organizationId',
    ],
    [
      'members whom nobody would answer',
      without('memberAccounts'),
      'option organizationalUnits="ou-ab12-c3d4e5f6": name the accounts that may ask the evaluator with memberAccounts',
    ],
    [
      'members without anything else, and name all at once',
      { organizationalUnits: 'ou-ab12-c3d4e5f6' },
      /^option organizationalUnits="ou-ab12-c3d4e5f6": name the organization with organizationId; the Regions to judge, the home Region first, with regions; the accounts that may ask the evaluator with memberAccounts$/,
    ],
    [
      'Regions of two partitions',
      { ...organization, regions: 'us-east-1,cn-north-1' },
      'option regions="cn-north-1": us-east-1 is in another partition, and an organization has only one',
    ],
    ...['cn-north-1', 'us-gov-west-1', 'us-east-1,me-central-1'].map(
      (regions): [string, Readonly<Record<string, unknown>>, RegExp] => [
        `more members than permissions fit in ${regions}`,
        { ...organization, regions, memberAccounts: accounts(58) },
        /^option regions="(cn-north-1|us-gov-west-1|me-central-1)": each account needs a permission of its own; memberAccounts names 58, and at most 57 fit$/,
      ],
    ),
    [
      'an aggregator in China, where nobody can ask',
      { ...organization, regions: 'cn-north-1', aggregator: 'all' },
      'option aggregator="all": China has no queries over many accounts: name the accounts to look into with ownerAccounts',
    ],
    [
      'Regions where there is no organization',
      { regions: 'us-east-1' },
      'option regions="us-east-1": name the members with organizationalUnits',
    ],
    [
      'members where there is no organization',
      { memberAccounts: '111122223333' },
      'option memberAccounts="111122223333": name the members with organizationalUnits',
    ],
    [
      'exclusions where there is no organization',
      { excludedAccounts: '777788889999' },
      'option excludedAccounts="777788889999": name the members with organizationalUnits',
    ],
    [
      'another name for the reader role of members',
      { ...organization, readerRoleName: 'reader' },
      'option readerRoleName="reader": members of an organization have flow-log-key-rule-reader',
    ],
    [
      'a pack for members, who have rules of their own',
      { ...organization, asConformancePack: true },
      'option asConformancePack=true: members of an organization have a rule of their own',
    ],
    [
      'more members than a policy holds',
      { ...organization, memberAccounts: accounts(1201) },
      '1201 are given, and at most 1200 fit',
    ],
    [
      'parameters that are too long together',
      { requiredActions: 'kms:Decrypt, '.repeat(90) },
      /take \d+ characters together, and AWS Config takes 1024 at most/,
    ],
  ])('refuse %s', (_, given, words) => {
    expect(() => readOptions(given)).toThrow(words);
  });
});

describe('options in a Region', () => {
  const topic = 'arn:aws:sns:us-east-1:111122223333:alarms';
  const inChina = (arn: string): string => arn.replace('arn:aws:', 'arn:aws-cn:');

  it.each([
    ['a topic of the Region', 'us-east-1', { alarmTopicArn: topic }],
    [
      'a topic of another account',
      'us-east-1',
      { alarmTopicArn: topic.replace('111122223333', '444455556666') },
    ],
    ['a topic of one of the Regions', undefined, { ...organization, alarmTopicArn: topic }],
    ['a topic of a Region that nobody knows yet', undefined, { alarmTopicArn: topic }],
    ['keys of other Regions to mend', 'us-west-2', manual],
    ['ARNs in China', 'cn-north-1', { permissionsBoundaryArn: inChina(boundary) }],
    [
      'ARNs of a partition that nobody knows',
      'xx-north-one-1',
      { permissionsBoundaryArn: boundary },
    ],
  ])('take %s', (_, region, given) => {
    expect(() => readOptions(given, region)).not.toThrow();
  });

  it.each<readonly [string, string | undefined, Readonly<Record<string, unknown>>, string]>([
    [
      'a topic of another Region, which alarms cannot tell',
      'eu-west-1',
      { alarmTopicArn: topic },
      `option alarmTopicArn="${topic}": alarms tell topics of their own Region only: name a topic of eu-west-1`,
    ],
    [
      'a topic of a Region that is not judged',
      undefined,
      { ...organization, alarmTopicArn: topic.replace('us-east-1', 'us-west-2') },
      'alarms tell topics of their own Region only: name a topic of us-east-1 or eu-west-1',
    ],
    ...Object.entries<Readonly<Record<string, unknown>>>({
      alarmTopicArn: { alarmTopicArn: topic },
      permissionsBoundaryArn: { permissionsBoundaryArn: boundary },
      encryptionKeyArn: { encryptionKeyArn: key },
      remediationKeys: manual,
      remediationApprovers: {
        remediation: 'manual',
        remediationKeys: '*',
        remediationApprovers: approver,
      },
      remediationApprovalTopicArn: {
        remediation: 'manual',
        remediationKeys: '*',
        remediationApprovers: inChina(approver),
        remediationApprovalTopicArn: approvals,
      },
    }).map(
      ([name, given]) =>
        [
          `${name} of another partition`,
          'cn-north-1',
          given,
          `option ${name}="${String(given[name])}": cn-north-1 is in partition aws-cn: give an ARN with arn:aws-cn:`,
        ] as const,
    ),
    [
      'a hook whose alias would be too long',
      undefined,
      { hook: 'warn', ruleName: `${'a-_'.repeat(12)}-` },
      `option ruleName="${'a-_'.repeat(12)}-": with hook, the name has room for 60 characters where -, _ and Z count twice, and takes 62`,
    ],
  ])('refuse %s', (_, region, given, words) => {
    expect(() => readOptions(given, region)).toThrow(words);
  });
});
