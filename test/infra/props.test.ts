import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Aws, Duration, Stack, Stage, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { MaximumExecutionFrequency } from 'aws-cdk-lib/aws-config';
import { SecurityGroup, Subnet } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal, User } from 'aws-cdk-lib/aws-iam';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { FlowLogKeyOrganization } from '../../infra/cdk/flow-log-key-organization.ts';
import { FlowLogKeyRule } from '../../infra/cdk/flow-log-key-rule.ts';
import type { FlowLogKeyOrganizationProps } from '../../infra/cdk/organization-props.ts';
import { propsRead } from '../../infra/cdk/props-read.ts';
import type { FlowLogKeyRemediation } from '../../infra/cdk/remediation-props.ts';
import type { FlowLogKeyRuleProps } from '../../infra/cdk/rule-props.ts';
import { optionNames, readOptions } from '../../infra/options/options.ts';
import { AccountRule } from '../../infra/rule/account-rule.ts';

/** The folder of each function, which `npm run bundle` would make. */
jest.mock('../../infra/rule/built.ts', () => ({ built: () => mockCode }));
const mockCode = mkdtempSync(join(tmpdir(), 'code-'));
writeFileSync(join(mockCode, 'index.cjs'), 'exports.handler = async () => {};');

const keyArn = 'arn:aws:kms:us-east-1:111122223333:key/11111111-aaaa-4bbb-8ccc-1234567890ab';
const approverArn = 'arn:aws:iam::111122223333:role/team/approvers';
const sessionArn = 'arn:aws:sts::111122223333:assumed-role/approvers/jane@example.com';
const alarmsArn = 'arn:aws:sns:us-east-1:111122223333:alarms';
const approvalsArn = 'arn:aws:sns:us-east-1:111122223333:Automation-approvals';
const boundaryArn = 'arn:aws:iam::111122223333:policy/boundary';

const subnetId = 'subnet-0123456789abcdef0';
const groupId = 'sg-0123456789abcdef0';

const numbers = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, nth) => nth);

const strict = { context: { '@aws-cdk/core:strictCfnValidateErrors': true } };
const newStack = (): Stack => new Stack(new App(strict), 'Net');
const imported = newStack();
const key = Key.fromKeyArn(imported, 'Key', keyArn);
const keys = [key];

/** The smallest set of options and of props for remediation. */
const manual = { remediation: 'manual', remediationKeys: keyArn };
const mends = (more: Partial<FlowLogKeyRemediation>): FlowLogKeyRuleProps => ({
  remediation: { keys, ...more },
});

/** The smallest set for an organization. */
const members = {
  organizationId: 'o-a1b2c3d4e5',
  organizationalUnits: ['ou-ab12-c3d4e5f6'],
  regions: ['us-east-1', 'eu-west-1'],
  memberAccounts: ['111122223333', '444455556666'],
};
const membersInText = Object.fromEntries(
  Object.entries(members).map(([name, value]) => [name, [value].flat().join()]),
);

type Same = readonly [
  FlowLogKeyRuleProps | FlowLogKeyOrganizationProps,
  Readonly<Record<string, unknown>>,
];

/** Props, and the context that says the same. */
const same: Readonly<Record<string, Same>> = {
  'no prop': [{}, {}],
  ruleName: [{ ruleName: 'mine' }, { ruleName: 'mine' }],
  evaluationFrequency: [
    { evaluationFrequency: MaximumExecutionFrequency.ONE_HOUR },
    { frequency: 'One_Hour' },
  ],
  alarmTopic: [
    { alarmTopic: Topic.fromTopicArn(imported, 'Alarms', alarmsArn) },
    { alarmTopicArn: alarmsArn },
  ],
  unknownThreshold: [{ unknownThreshold: 7 }, { unknownThreshold: '7' }],
  logRetention: [{ logRetention: RetentionDays.ONE_YEAR }, { logRetentionDays: '365' }],
  reservedConcurrency: [{ reservedConcurrency: 2 }, { reservedConcurrency: '2' }],
  callsAtOnce: [{ callsAtOnce: 4 }, { callsAtOnce: '4' }],
  asConformancePack: [{ asConformancePack: true }, { asConformancePack: 'true' }],
  detailedFindings: [{ detailedFindings: true }, { detailedFindings: 'true' }],
  hook: [{ hook: 'warn' }, { hook: 'warn' }],
  permissionsBoundary: [
    {
      permissionsBoundary: ManagedPolicy.fromManagedPolicyArn(imported, 'Boundary', boundaryArn),
    },
    { permissionsBoundaryArn: boundaryArn },
  ],
  rolePath: [{ rolePath: '/security/' }, { rolePath: '/security/' }],
  roleNamePrefix: [{ roleNamePrefix: 'sec-' }, { roleNamePrefix: 'sec-' }],
  namePrefix: [{ namePrefix: 'two-' }, { namePrefix: 'two-' }],
  tags: [
    { tags: { team: 'net', rate: '1=2', subnetId: 'a' } },
    { tags: 'team=net,rate=1=2,subnetId=a' },
  ],
  'a name like a word for keys': [{ namePrefix: 'every' }, { namePrefix: 'every' }],
  encryptionKey: [{ encryptionKey: key }, { encryptionKeyArn: keyArn }],
  'a network': [
    {
      subnets: [Subnet.fromSubnetId(imported, 'Subnet', subnetId), 'subnet-0123456789abcdef1'],
      securityGroups: [SecurityGroup.fromSecurityGroupId(imported, 'Group', groupId)],
    },
    { subnetIds: `${subnetId},subnet-0123456789abcdef1`, securityGroupIds: groupId },
  ],
  logLevel: [{ logLevel: 'WARN' }, { logLevel: 'WARN' }],
  'the checks': [
    {
      requiredActions: ['kms:Encrypt', 'kms:Decrypt'],
      alsoCheck: ['bucket-policy', 'customer-key'],
      unknownAs: 'NOT_APPLICABLE',
      organizationId: 'o-a1b2c3d4e5',
      exemptions: '/exemptions',
    },
    {
      requiredActions: 'kms:Encrypt,kms:Decrypt',
      alsoCheck: 'bucket-policy,customer-key',
      unknownAs: 'NOT_APPLICABLE',
      organizationId: 'o-a1b2c3d4e5',
      exemptions: '/exemptions',
    },
  ],
  'other accounts': [
    {
      readerRoleName: 'reader',
      ownerAccounts: ['111122223333', '444455556666'],
      aggregator: 'all',
    },
    { readerRoleName: 'reader', ownerAccounts: '111122223333,444455556666', aggregator: 'all' },
  ],
  'a prop that is undefined': [{ ruleName: undefined } as object, {}],
  'keys to mend': [mends({}), manual],
  'keys by a tag': [
    mends({ keys: { name: 'mend', value: 'yes=really' } }),
    { ...manual, remediationKeys: 'tag:mend=yes=really' },
  ],
  'every key': [mends({ keys: 'every' }), { ...manual, remediationKeys: '*' }],
  'all of remediation': [
    {
      organizationId: 'o-a1b2c3d4e5',
      ...mends({
        automatic: true,
        approvers: [
          Role.fromRoleArn(imported, 'Approvers', approverArn),
          User.fromUserArn(imported, 'Jane', 'arn:aws:iam::111122223333:user/jane'),
          sessionArn,
        ],
        approvalTopic: Topic.fromTopicArn(imported, 'Approvals', approvalsArn),
        attempts: 5,
        retryPeriod: Duration.hours(1),
        concurrency: 50,
        scope: 'organization',
        accounts: ['111122223333'],
        table: 'existing',
      }),
    },
    {
      organizationId: 'o-a1b2c3d4e5',
      ...manual,
      remediation: 'automatic',
      remediationApprovers: `${approverArn},arn:aws:iam::111122223333:user/jane,${sessionArn}`,
      remediationApprovalTopicArn: approvalsArn,
      remediationAttempts: 5,
      remediationRetrySeconds: 3600,
      remediationConcurrency: 50,
      remediationScope: 'organization',
      remediationAccounts: '111122223333',
      remediationTable: 'existing',
    },
  ],
  'an organization': [
    { ...members, excludedAccounts: ['777788889999'] },
    { ...membersInText, excludedAccounts: '777788889999' },
  ],
};

describe('props', () => {
  it.each(Object.entries(same))('say the same as the context: %s', (_, [props, context]) => {
    expect(propsRead(imported, props)).toEqual(readOptions(context));
  });

  it('have every option of the context but the stack for another account', () => {
    const said = new Set(Object.values(same).flatMap(([, context]) => Object.keys(context)));
    expect(optionNames.filter((name) => !said.has(name))).toEqual(['securityHubAdministrator']);
  });

  it.each<[string, object, string | RegExp]>([
    [
      'a bad name',
      { ruleName: 'my rule' },
      /^Net: prop ruleName="my rule": give letters, digits, - and _$/,
    ],
    ['an empty name', { ruleName: '' }, 'prop ruleName="": nothing is named; leave it out'],
    [
      'an empty list',
      { requiredActions: [] },
      'prop requiredActions=[]: nothing is named; leave it out',
    ],
    [
      'a tag with = in the name',
      { tags: { 'a=b': 'c' } },
      'prop tags={"a=b":"c"}: "a=b": the name of a tag has no =',
    ],
    [
      'a frequency that AWS does not have',
      { evaluationFrequency: 'Two_Hours' },
      'prop evaluationFrequency="Two_Hours": give one of One_Hour',
    ],
    [
      'a topic that is none',
      { alarmTopic: { topicArn: 'alarms' } },
      'prop alarmTopic={"topicArn":"alarms"}: give a single value',
    ],
    [
      'logs for ever',
      { logRetention: RetentionDays.INFINITE },
      'prop logRetention=9999: give one of 1, 3, 5',
    ],
    [
      'a value that has the name of an option',
      { ruleName: 'option frequency!' },
      'prop ruleName="option frequency!": give letters',
    ],
    [
      'every key of every Region, beside a value of CloudFormation',
      mends({
        keys: [Key.fromKeyArn(imported, 'Wild', `arn:aws:kms:*:${Aws.ACCOUNT_ID}:key/*`)],
      }),
      'a wildcard stands beside a value of CloudFormation; name one resource',
    ],
    [
      'more security groups than a function takes',
      {
        subnets: ['subnet-0123456789abcdef0'],
        securityGroups: numbers(6).map((nth) => `sg-0123456789abcdef${nth}`),
      },
      'a function takes 5 at most',
    ],
    ['half a number', { unknownThreshold: 0.5 }, 'prop unknownThreshold=0.5: give a whole number'],
    [
      'a construct of another kind',
      { alarmTopic: { topicName: 'alarms' } },
      'prop alarmTopic={"topicName":"alarms"}: give a single value',
    ],
    [
      'a bad action',
      { requiredActions: ['kms:Decript'] },
      'prop requiredActions=["kms:Decript"]: rule parameter RequiredActions="kms:Decript": "kms:Decript" is not an action of KMS',
    ],
    [
      'the name of an option of the context',
      { frequency: 'One_Hour' },
      'Net: prop frequency="One_Hour" is not known; known are ruleName, evaluationFrequency, ',
    ],
    [
      'a misspelt name',
      { evaluationFrequenzy: 'One_Hour' },
      'Net: prop evaluationFrequenzy="One_Hour" is not known; did you mean evaluationFrequency?',
    ],
    [
      'a misspelt name inside',
      mends({ approver: [] } as object),
      'did you mean remediation.approvers?',
    ],
    [
      'a name that is like no other',
      { colour: 'blue' },
      /^Net: prop colour="blue" is not known; known are ruleName, evaluationFrequency, /,
    ],
    [
      'the stack of another account',
      { securityHubAdministrator: true },
      'prop securityHubAdministrator=true is not known',
    ],
    [
      'keys of no number',
      mends({ keys: [] }),
      'prop remediation.keys=[]: nothing is named; leave it out',
    ],
    [
      'no keys',
      { remediation: {} },
      'prop remediation="manual": name the keys to mend with remediation.keys',
    ],
    [
      'a tag with a policy variable',
      mends({ keys: { name: 'mend', value: '${aws:username}' } }),
      'prop remediation.keys={"name":"mend","value":"${aws:username}"}: give one tag',
    ],
    [
      'words for a flag',
      mends({ automatic: 'manual' as unknown as boolean }),
      'prop remediation.automatic: give one of true, false',
    ],
    [
      'a topic without approvers',
      mends({ approvalTopic: Topic.fromTopicArn(imported, 'Lonely', approvalsArn) }),
      `prop remediation.approvalTopic="${approvalsArn}": name remediation.approvers too`,
    ],
    [
      'no account, which would not mean none',
      mends({ accounts: [] }),
      'prop remediation.accounts=[]: nothing is named',
    ],
    [
      'a period of less than a second',
      mends({ retryPeriod: Duration.millis(10) }),
      'prop remediation.retryPeriod',
    ],
    [
      'the organization without its id',
      mends({ scope: 'organization' }),
      'prop remediation.scope="organization": name the organization with organizationId',
    ],
    [
      'parameters that are too long together',
      { requiredActions: Array<string>(90).fill('kms:Decrypt') },
      /props requiredActions, .* take \d+ characters together/,
    ],
    [
      'members without Regions',
      { ...members, regions: undefined },
      'prop organizationalUnits=["ou-ab12-c3d4e5f6"]: name the Regions to judge, the home Region first, with regions',
    ],
  ])('refuse %s', (_, props, words) => {
    expect(() => propsRead(imported, props)).toThrow(words);
  });
});

/** A value that TypeScript would refuse. */
const wrong = (value: unknown): never => value as never;

describe('props with values that only CloudFormation will know', () => {
  const own = () => {
    const stack = newStack();
    return {
      stack,
      topic: new Topic(stack, 'Topic'),
      fifo: new Topic(stack, 'Fifo', { fifo: true }),
      key: new Key(stack, 'Key'),
      role: new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }),
      boundary: new ManagedPolicy(stack, 'Boundary', {
        statements: [new PolicyStatement({ actions: ['s3:*'], resources: ['*'] })],
      }),
    };
  };

  it('are taken for resources of the same app', () => {
    const { stack, topic, key, role, boundary } = own();
    new FlowLogKeyRule(stack, 'Rule', {
      alarmTopic: topic,
      permissionsBoundary: boundary,
      remediation: {
        keys: [key, new Alias(stack, 'Alias', { aliasName: 'alias/logs', targetKey: key })],
        approvers: [role],
        approvalTopic: topic,
      },
    });
    const template = Template.fromStack(stack);
    const id = (type: string, start: string): string | undefined =>
      Object.keys(template.findResources(type)).find((each) => each.startsWith(start));
    const arnOf = (name: string | undefined) => ({ 'Fn::GetAtt': [name, 'Arn'] });
    const topicRef = { Ref: id('AWS::SNS::Topic', 'Topic') };
    template.allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: [topicRef],
      OKActions: [topicRef],
    });
    const roles = Object.entries(template.findResources('AWS::IAM::Role')).filter(([name]) =>
      name.startsWith('Rule'),
    );
    expect(roles.length).toBeGreaterThan(2);
    for (const [, { Properties }] of roles as [string, { Properties: Record<string, unknown> }][])
      expect(Properties.PermissionsBoundary).toEqual({
        Ref: id('AWS::IAM::ManagedPolicy', 'Boundary'),
      });
    const text = JSON.stringify(roles);
    // Key and alias are one key.
    expect(text).toContain(
      `"Action":"kms:PutKeyPolicy","Condition":{"BoolIfExists":{"kms:BypassPolicyLockoutSafetyCheck":"false"}},"Effect":"Allow","Resource":${JSON.stringify(arnOf(id('AWS::KMS::Key', 'Key')))}`,
    );
    expect(text).toContain(
      `"Action":"sns:Publish","Effect":"Allow","Resource":${JSON.stringify(topicRef)}`,
    );
    expect(JSON.stringify(template.findResources('AWS::SSM::Document'))).toContain(
      `"NotificationArn":${JSON.stringify(topicRef)},`,
    );
  });

  it('are taken for a boundary of AWS, which is no construct', () => {
    const stack = newStack();
    const permissionsBoundary = ManagedPolicy.fromAwsManagedPolicyName('PowerUserAccess');
    new FlowLogKeyRule(stack, 'Rule', { permissionsBoundary });
    const arn = {
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/PowerUserAccess']],
    };
    Template.fromStack(stack).allResourcesProperties('AWS::IAM::Role', {
      PermissionsBoundary: arn,
    });
  });

  it.each<[string, (of: ReturnType<typeof own>) => FlowLogKeyRuleProps, string]>([
    ['the name', ({ topic }) => ({ ruleName: topic.topicName }), 'only CloudFormation will know'],
    [
      'the threshold',
      ({ stack }) => ({ unknownThreshold: Number(stack.toString()) || NaN }),
      'give a whole number',
    ],
    ['a FIFO topic', ({ fifo }) => ({ alarmTopic: fifo }), 'give a standard topic'],
    [
      'an alias without a known key',
      ({ stack }) => mends({ keys: [Alias.fromAliasName(stack, 'Named', 'alias/logs')] }),
      'prop remediation.keys',
    ],
    ['a key for a topic', ({ key }) => ({ alarmTopic: wrong(key) }), 'prop alarmTopic="'],
    ['a topic for a key', ({ topic }) => ({ encryptionKey: wrong(topic) }), 'prop encryptionKey="'],
    [
      'a topic among the keys to mend',
      ({ topic }) => mends({ keys: [wrong(topic)] }),
      'prop remediation.keys=["',
    ],
    [
      'a period for a number',
      () => ({ unknownThreshold: wrong(Duration.minutes(1)) }),
      'give a whole number from 0',
    ],
  ])('are refused for %s', (_, props, words) => {
    const of = own();
    expect(() => new FlowLogKeyRule(of.stack, 'Rule', props(of))).toThrow(words);
  });

  it.each<[string, (far: Stack) => FlowLogKeyRuleProps, string]>([
    [
      'a topic',
      (far) => ({ alarmTopic: new Topic(far, 'Made', { topicName: 'alarms' }) }),
      'prop alarmTopic: Far/Made is in eu-west-1: name one of us-east-1',
    ],
    [
      'a key',
      (far) => ({ encryptionKey: new Key(far, 'Made') }),
      'prop encryptionKey: Far/Made is in eu-west-1: name one of us-east-1',
    ],
  ])('are refused for %s of a stack in another Region', (_, props, words) => {
    const app = new App(strict);
    const inRegion = (id: string, region: string): Stack => new Stack(app, id, { env: { region } });
    const made = props(inRegion('Far', 'eu-west-1'));
    expect(() => new FlowLogKeyRule(inRegion('Near', 'us-east-1'), 'Rule', made)).toThrow(words);
    expect(() => new FlowLogKeyRule(inRegion('There', 'eu-west-1'), 'Rule', made)).not.toThrow();
  });

  it('are refused for an account that is none', () => {
    const props = { ...members, account: 'central' };
    expect(() => new FlowLogKeyOrganization(new App(strict), 'Rule', props)).toThrow(
      'Rule: prop account="central": give the 12 digits of an account id',
    );
  });
});

/** The template without the hash of the code. */
const templateOf = (stack: Stack): string =>
  JSON.stringify(Template.fromStack(stack)).replace(/[0-9a-f]{64}/g, '');

describe('FlowLogKeyRule', () => {
  it('alone makes the resources of the app of this project, by the same names', () => {
    const ours = newStack();
    new AccountRule(ours, 'FlowLogKeyRule', { options: readOptions({}) });
    const theirs = newStack();
    new FlowLogKeyRule(theirs, 'FlowLogKeyRule');
    expect(templateOf(theirs)).toBe(templateOf(ours));
  });

  it('has no finding of cdk-nag, also with all props', () => {
    const app = new App(strict);
    const stack = new Stack(app, 'Net');
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    new FlowLogKeyRule(stack, 'Rule', {
      ...same['the checks']?.[0],
      ...same['all of remediation']?.[0],
      ...same['other accounts']?.[0],
      hook: 'fail',
      detailedFindings: true,
    });
    app.synth();
  });

  it('shows functions, queue, alarms and name', () => {
    const rule = new FlowLogKeyRule(newStack(), 'Rule', mends({}));
    expect(rule.ruleName).toBe('flow-log-key-allows-delivery');
    expect(rule.evaluator.node.path).toBe('Net/Rule/Default/Evaluator/Function');
    expect(rule.mender?.node.path).toBe('Net/Rule/Default/Mender/Function');
    expect(rule.logGroup.node.path).toBe('Net/Rule/Default/Evaluator/Logs');
    expect(rule.deadLetterQueue.node.path).toBe('Net/Rule/Default/Evaluator/DeadLetters');
    expect(rule.alarms.map(({ node }) => node.id)).toContain('NotMended');
  });
});

describe('FlowLogKeyOrganization', () => {
  it('makes the stacks of an organization in an app or a stage', () => {
    const app = new App();
    const stage = new Stage(app, 'Prod');
    const { regions } = new FlowLogKeyOrganization(stage, 'Logs', {
      ...members,
      account: '999988887777',
    });
    expect(regions.map(({ stack }) => [stack.account, stack.region, stack.stackName])).toEqual([
      ['999988887777', 'us-east-1', 'FlowLogKeyRuleCentral-us-east-1'],
      ['999988887777', 'eu-west-1', 'FlowLogKeyRuleCentral-eu-west-1'],
    ]);
    expect(regions[0]?.alarms.map(({ node }) => node.id)).toContain('RulesNotStarted');
    expect(regions[1]?.alarms.map(({ node }) => node.id)).not.toContain('RulesNotStarted');
    const { stacks } = app.synth().getNestedAssembly('assembly-Prod');
    expect(stacks).toHaveLength(3);
  });

  it.each<[string, (stack: Stack) => object, string]>([
    [
      'a topic of this app, whose like members have not',
      (stack) => ({ alarmTopic: new Topic(stack, 'Topic') }),
      'Logs: prop alarmTopic="${Token',
    ],
    [
      'a key of this app',
      (stack) => ({ remediation: { keys: [new Key(stack, 'Key')] } }),
      'Logs: prop remediation.keys=["${Token',
    ],
  ])('refuses %s', (_, more, words) => {
    const stack = newStack();
    const props = { ...members, ...more(stack) };
    const make = () => new FlowLogKeyOrganization(new App(), 'Logs', props);
    expect(make).toThrow(words);
    expect(make).toThrow('members cannot refer to resources of this app; give the whole ARN');
  });

  it('refuses a hook, which a member would not have', () => {
    const props = { ...members, hook: 'fail' };
    expect(() => new FlowLogKeyOrganization(new App(), 'Logs', props)).toThrow('prop hook="fail"');
  });
});
