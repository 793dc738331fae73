import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { parse } from 'yaml';
import { AccountRule } from '../../infra/rule/account-rule.ts';
import { readOptions } from '../../infra/options/options.ts';
import { MAX_PACK_BYTES, packBody } from '../../infra/rule/pack.ts';
import { SecurityHubAdministrator } from '../../infra/rule/security-hub-administrator.ts';

let code: string;
beforeAll(() => {
  code = mkdtempSync(join(tmpdir(), 'evaluator-'));
  mkdirSync(code, { recursive: true });
  writeFileSync(join(code, 'index.cjs'), 'exports.handler = async () => {};');
});
afterAll(() => {
  rmSync(code, { recursive: true });
});

const strict = { context: { '@aws-cdk/core:strictCfnValidateErrors': true } };
const topic = 'arn:aws:sns:us-east-1:111122223333:alarms';
const key = 'arn:aws:kms:us-east-1:111122223333:key/11111111-aaaa-4bbb-8ccc-1234567890ab';
const manual = { remediation: 'manual', remediationKeys: key };
const automatic = { ...manual, remediation: 'automatic' };
const approving = {
  remediationApprovers: 'arn:aws:iam::111122223333:role/approvers',
  remediationApprovalTopicArn: 'arn:aws:sns:us-east-1:111122223333:Automation-approvals',
};

/** The stack for one account with these options. Throws an Error for a finding of a validation or of cdk-nag. */
function synth(given: Readonly<Record<string, unknown>> = {}): Template {
  const app = new App(strict);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const stack = new Stack(app, 'FlowLogKeyRule');
  const options = readOptions(given);
  new AccountRule(stack, 'FlowLogKeyRule', { options, code, menderCode: code });
  app.synth();
  return Template.fromStack(stack);
}

const only = (template: Template, type: string) => {
  const resources = Object.values(template.findResources(type));
  expect(resources).toHaveLength(1);
  return (resources[0] as { Properties: Record<string, never> }).Properties;
};

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** The roles by the names of their constructs. */
function roles(template: Template): Readonly<Record<string, Record<string, unknown>>> {
  const found = Object.entries(template.findResources('AWS::IAM::Role'));
  return Object.fromEntries(
    found.map(([id, { Properties }]) => [
      /(Evaluator|Mender|Automation)Role/.exec(id)?.[1] ?? id,
      Properties as Record<string, unknown>,
    ]),
  );
}

/** Every statement of the policies of a role. */
function permissions(template: Template, of = 'Evaluator'): readonly Statement[] {
  const { Policies = [], ManagedPolicyArns } = (roles(template)[of] ?? {}) as {
    Policies?: readonly { PolicyDocument: { Statement: readonly Statement[] } }[];
    ManagedPolicyArns?: unknown;
  };
  expect(ManagedPolicyArns).toBeUndefined();
  template.resourceCountIs('AWS::IAM::Policy', 0);
  template.resourceCountIs('AWS::IAM::ManagedPolicy', 0);
  return Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}
const actionsOf = (template: Template) =>
  permissions(template)
    .flatMap(({ Action }) => Action)
    .sort();

const reads = [
  'config:DescribeConfigurationRecorderStatus',
  'config:DescribeConfigurationRecorders',
  'config:GetComplianceDetailsByConfigRule',
  'config:PutEvaluations',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'ec2:DescribeFlowLogs',
  'kms:DescribeKey',
  'kms:GetKeyPolicy',
  'kms:ListGrants',
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  'organizations:DescribeOrganization',
  's3:GetBucketPolicy',
  's3:GetEncryptionConfiguration',
  'sqs:SendMessage',
];

describe("the evaluator's role", () => {
  it.each([
    ['by default reads and reports, and that is all', {}, []],
    [
      'imports findings when they are wanted',
      { detailedFindings: 'true' },
      ['securityhub:BatchImportFindings', 'securityhub:GetFindings'],
    ],
    ['reads exemptions where there are some', { exemptions: '/list' }, ['ssm:GetParameter']],
    ['writes no policy where another function does', automatic, []],
  ])('%s', (_, given, more) => {
    expect(actionsOf(synth(given))).toEqual([...reads, ...more].sort());
  });

  it('has no action with a wildcard, and writes nothing but to what it owns', () => {
    for (const { Action, Resource, Effect } of permissions(
      synth({ detailedFindings: true, alsoCheck: 'bucket-policy' }),
    )) {
      const actions = [Action].flat();
      expect(Effect).toBe('Allow');
      expect(actions.filter((action) => action.includes('*'))).toEqual([]);
      const writes = actions.filter((action) => !/:(Describe|Get|List)/.test(action));
      // config:PutEvaluations takes no resource; the token of the event limits the call to the rule.
      if (writes.length > 0 && !writes.includes('config:PutEvaluations'))
        expect(JSON.stringify(Resource)).not.toContain('*');
    }
  });

  it('keeps runs in a table of its own, and no other items', () => {
    const template = synth({});
    const [table = ''] = Object.keys(template.findResources('AWS::DynamoDB::Table'));
    expect(permissions(template).find(({ Sid }) => Sid === 'KeepRuns')).toMatchObject({
      Resource: { 'Fn::GetAtt': [table, 'Arn'] },
      Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': 'run/*' } },
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { RUNS_TABLE_NAME: { Ref: table } } },
    });
  });

  it('is assumed by Lambda alone, and bounded where that is asked for', () => {
    const boundary = 'arn:aws:iam::111122223333:policy/boundary';
    synth({ permissionsBoundaryArn: boundary }).hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Action: 'sts:AssumeRole',
            Effect: 'Allow',
            Principal: { Service: 'lambda.amazonaws.com' },
          },
        ],
      },
      PermissionsBoundary: boundary,
    });
  });
});

describe('the rule', () => {
  const source = (frequency: string) => ({
    Owner: 'CUSTOM_LAMBDA',
    SourceIdentifier: { 'Fn::GetAtt': [Match.stringLikeRegexp('EvaluatorFunction'), 'Arn'] },
    SourceDetails: [
      { EventSource: 'aws.config', MessageType: 'ConfigurationItemChangeNotification' },
      { EventSource: 'aws.config', MessageType: 'OversizedConfigurationItemChangeNotification' },
      {
        EventSource: 'aws.config',
        MessageType: 'ScheduledNotification',
        MaximumExecutionFrequency: frequency,
      },
    ],
  });

  it('hears of changes of three types, whatever their size, and of the schedule', () => {
    synth().hasResourceProperties('AWS::Config::ConfigRule', {
      ConfigRuleName: 'flow-log-key-allows-delivery',
      Scope: { ComplianceResourceTypes: ['AWS::EC2::FlowLog', 'AWS::S3::Bucket', 'AWS::KMS::Key'] },
      Source: source('TwentyFour_Hours'),
    });
    synth({ frequency: 'One_Hour' }).hasResourceProperties('AWS::Config::ConfigRule', {
      Source: source('One_Hour'),
    });
  });

  it('passes parameters as strings, and none that is left out', () => {
    const given = {
      requiredActions: 'kms:GenerateDataKey',
      unknownAs: 'NOT_APPLICABLE',
      alsoCheck: '',
    };
    expect(only(synth(given), 'AWS::Config::ConfigRule').InputParameters).toEqual({
      RequiredActions: 'kms:GenerateDataKey',
      UnknownAs: 'NOT_APPLICABLE',
    });
  });

  it('waits until AWS Config may ask the function, which only rules of this account may', () => {
    const template = synth();
    template.hasResource('AWS::Config::ConfigRule', {
      DependsOn: [Match.stringLikeRegexp('AskedByConfig')],
    });
    expect(only(template, 'AWS::Lambda::Permission')).toEqual({
      Action: 'lambda:InvokeFunction',
      FunctionName: { 'Fn::GetAtt': [expect.stringContaining('EvaluatorFunction'), 'Arn'] },
      Principal: 'config.amazonaws.com',
      SourceAccount: { Ref: 'AWS::AccountId' },
      SourceArn: {
        'Fn::Join': [
          '',
          [
            'arn:',
            { Ref: 'AWS::Partition' },
            ':config:',
            { Ref: 'AWS::Region' },
            ':',
            { Ref: 'AWS::AccountId' },
            ':config-rule/*',
          ],
        ],
      },
    });
  });
});

describe('the function', () => {
  it("is Lambda's Node 24 on arm64, sends dead letters, keeps logs for a while, and has time", () => {
    const template = synth({ logRetentionDays: 30 });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Timeout: 600,
      DeadLetterConfig: {
        TargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('DeadLetters'), 'Arn'] },
      },
      LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('Logs') } },
    });
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 2 });
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
    template.hasResourceProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
  });

  it('has reserved concurrency only where that is asked for: small accounts have none to reserve', () => {
    const concurrency = (given: object): unknown =>
      only(synth({ ...given }), 'AWS::Lambda::Function').ReservedConcurrentExecutions;
    expect(concurrency({})).toBeUndefined();
    expect(concurrency({ reservedConcurrency: '20' })).toBe(20);
  });

  it('imports findings only when told to', () => {
    const variables = (given: object) =>
      (
        only(synth({ ...given }), 'AWS::Lambda::Function') as unknown as {
          Environment: { Variables: object };
        }
      ).Environment.Variables;
    expect(variables({})).not.toHaveProperty('DETAILED_FINDINGS');
    expect(variables({ detailedFindings: true })).toMatchObject({ DETAILED_FINDINGS: 'true' });
  });
});

describe('alarms', () => {
  const eitherOfTwo = {
    EvaluationPeriods: 2,
    DatapointsToAlarm: 1,
    TreatMissingData: 'notBreaching',
  };
  it.each([
    [
      'Blocked',
      {
        Namespace: 'FlowLogKeyRule',
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'notBreaching',
      },
    ],
    [
      'Unknown',
      { Namespace: 'FlowLogKeyRule', Threshold: 5, ComparisonOperator: 'GreaterThanThreshold' },
    ],
    ['AsyncEventsDropped', { Namespace: 'AWS/Lambda', Threshold: 0, Statistic: 'Sum' }],
    ['DeadLetterErrors', { Namespace: 'AWS/Lambda', Threshold: 0, Statistic: 'Sum' }],
    ['TypesNotRecorded', { Namespace: 'FlowLogKeyRule', Threshold: 0 }],
    ['ExemptionsExpired', { Namespace: 'FlowLogKeyRule', Threshold: 0 }],
    ['ApproximateNumberOfMessagesVisible', { Namespace: 'AWS/SQS', Threshold: 0 }],
  ])('ring on %s, and tell the topic', (MetricName, rest) => {
    synth({ alarmTopicArn: topic, unknownThreshold: 5 }).hasResourceProperties(
      'AWS::CloudWatch::Alarm',
      {
        MetricName,
        ...rest,
        AlarmActions: [topic],
        OKActions: [topic],
      },
    );
  });

  it.each([
    [
      'ScheduledRuns',
      7_200,
      {
        Threshold: 1,
        ComparisonOperator: 'LessThanThreshold',
        EvaluationPeriods: 24,
        DatapointsToAlarm: 24,
        TreatMissingData: 'breaching',
        WarmUpConfiguration: {
          OnlyStartEvaluatingAfterWarmUpPeriodEnds: true,
          WarmUpPeriodDurationInMinutes: 2 * 24 * 60,
        },
      },
      'FILL(m, 0)',
    ],
    ['NewlyBlocked', 900, { Threshold: 0, ...eitherOfTwo }, 'FILL(m, 0)'],
    ['NewlyUnknown', 900, { Threshold: 0, ...eitherOfTwo }, 'IF(FILL(all, 0) > 5, FILL(m, 0), 0)'],
  ])(
    'ring on %s, where a period without a point counts as 0',
    (MetricName, Period, rest, Expression) => {
      const metric = Match.objectLike({ Metric: Match.objectLike({ MetricName }), Period });
      synth({ alarmTopicArn: topic, unknownThreshold: 5 }).hasResourceProperties(
        'AWS::CloudWatch::Alarm',
        {
          ...rest,
          AlarmActions: [topic],
          Metrics: Match.arrayWith([
            Match.objectLike({ Expression }),
            Match.objectLike({ MetricStat: metric }),
          ]),
        },
      );
    },
  );

  it('say the next step, and show on the dashboard', () => {
    const template = synth(manual);
    const found = Object.entries(template.findResources('AWS::CloudWatch::Alarm'));
    const shown = JSON.stringify(template.findResources('AWS::CloudWatch::Dashboard'));
    for (const [id, { Properties }] of found) {
      expect((Properties as { AlarmDescription: string }).AlarmDescription).toMatch(
        /^[^:]+: .+\. [A-Z].+\. See https:\S+\/docs\/on-call\.md#[a-z]+$/,
      );
      expect(shown).toContain(id);
    }
  });

  it("watch this rule's metrics and no other's", () => {
    synth({ ruleName: 'mine' }).hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'Blocked',
      Dimensions: [{ Name: 'service', Value: 'mine' }],
    });
    synth({ ruleName: 'mine' }).hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { POWERTOOLS_SERVICE_NAME: 'mine' } },
    });
  });

  it('ring on findings that were not imported, where they are wanted', () => {
    synth({ detailedFindings: true }).hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'FindingsFailed',
      Threshold: 0,
    });
    expect(JSON.stringify(synth().findResources('AWS::CloudWatch::Alarm'))).not.toContain(
      'FindingsFailed',
    );
  });

  it('need no topic', () => {
    expect(JSON.stringify(synth().findResources('AWS::CloudWatch::Alarm'))).not.toContain(
      'AlarmActions',
    );
  });
});

describe('a failed first deployment', () => {
  it.each([
    ['by default', {}],
    ['with remediation', manual],
    ['in a pack', { ...automatic, asConformancePack: true }],
  ])('leaves nothing behind that would bar the next, %s', (_, given) => {
    const { Resources } = synth(given).toJSON() as {
      Resources: Readonly<Record<string, { DeletionPolicy?: string }>>;
    };
    const kept = Object.entries(Resources).filter(([, each]) => each.DeletionPolicy === 'Retain');
    expect(kept).toEqual([]);
  });
});

describe('without remediation', () => {
  it.each([
    ['by default', {}],
    ['when it is off', { remediation: 'off' }],
    ['in a pack', { asConformancePack: true }],
  ])('nothing that could mend is there %s', (_, given) => {
    const template = synth(given);
    for (const type of ['AWS::SSM::Document', 'AWS::Config::RemediationConfiguration'])
      template.resourceCountIs(type, 0);
    // The table of runs.
    template.resourceCountIs('AWS::DynamoDB::Table', 1);
    template.resourceCountIs('AWS::Lambda::Function', 1);
    expect(Object.keys(roles(template))).toEqual(['Evaluator']);
    expect(JSON.stringify(template.toJSON())).not.toContain('kms:PutKeyPolicy');
  });
});

/** An ARN in a template; parts like `AWS::Region` become references. */
const arn = (...parts: readonly string[]) => ({
  'Fn::Join': ['', parts.map((part) => (part.startsWith('AWS::') ? { Ref: part } : part))],
});
const ofThisAccount = (service: string, resource: string) =>
  arn('arn:', 'AWS::Partition', `:${service}:*:`, 'AWS::AccountId', `:${resource}`);

describe("the mender's role", () => {
  const reading = [
    { Sid: 'ListFlowLogs', Action: 'ec2:DescribeFlowLogs', Resource: '*' },
    {
      Sid: 'ReadBuckets',
      Action: ['s3:GetEncryptionConfiguration', 's3:GetBucketPolicy'],
      Resource: arn('arn:', 'AWS::Partition', ':s3:::*'),
    },
    {
      Sid: 'ReadKeys',
      Action: ['kms:DescribeKey', 'kms:ListGrants'],
      Resource: arn('arn:', 'AWS::Partition', ':kms:*:*:key/*'),
    },
    {
      Sid: 'ReadKeyPolicies',
      Action: 'kms:GetKeyPolicy',
      Resource: ofThisAccount('kms', 'key/*'),
    },
    { Sid: 'AskOrganization', Action: 'organizations:DescribeOrganization', Resource: '*' },
  ];
  const keeping = [
    {
      Sid: 'KeepLeases',
      Action: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
      Resource: ofThisAccount('dynamodb', 'table/flow-log-key-rule'),
      Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': 'lease/*' } },
    },
    {
      Sid: 'KeepExecutions',
      Action: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      Resource: arn(
        'arn:',
        'AWS::Partition',
        ':dynamodb:',
        'AWS::Region',
        ':',
        'AWS::AccountId',
        ':table/flow-log-key-rule',
      ),
      Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': 'execution/*' } },
    },
    {
      Sid: 'LookAtExecutions',
      Action: 'ssm:GetAutomationExecution',
      Resource: arn(
        'arn:',
        'AWS::Partition',
        ':ssm:',
        'AWS::Region',
        ':',
        'AWS::AccountId',
        ':automation-execution/*',
      ),
    },
    {
      Sid: 'WriteLogs',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: { 'Fn::GetAtt': [expect.stringContaining('MenderLogs'), 'Arn'] },
    },
  ];
  const safely = { BoolIfExists: { 'kms:BypassPolicyLockoutSafetyCheck': 'false' } };
  const other = key.replace('11111111', '22222222');

  it.each([
    ['one key', key, key, safely],
    ['two keys', `${key},${other}`, [key, other], safely],
    [
      'keys with a tag',
      'tag:mend=yes',
      ofThisAccount('kms', 'key/*'),
      { ...safely, StringEquals: { 'aws:ResourceTag/mend': 'yes' } },
    ],
    ['every key of the account', '*', ofThisAccount('kms', 'key/*'), safely],
  ])(
    'may write the policy of %s, never past the check of KMS, and do no more',
    (_, remediationKeys, Resource, Condition) => {
      const write = { Sid: 'WriteKeyPolicies', Action: 'kms:PutKeyPolicy', Resource, Condition };
      expect(permissions(synth({ ...manual, remediationKeys }), 'Mender')).toEqual(
        [...reading, write, ...keeping].map((statement) => ({ Effect: 'Allow', ...statement })),
      );
    },
  );
});

describe('exemptions', () => {
  const parameter = (name: string) =>
    arn(
      'arn:',
      'AWS::Partition',
      ':ssm:',
      'AWS::Region',
      ':',
      'AWS::AccountId',
      `:parameter/${name}`,
    );

  it.each([
    ['/flow-log-key-rule/exemptions', 'flow-log-key-rule/exemptions'],
    ['exemptions', 'exemptions'],
  ])('in %s may be read there, by both who judge, and nowhere else', (exemptions, name) => {
    const template = synth({ ...manual, exemptions });
    for (const role of ['Evaluator', 'Mender'])
      expect(
        permissions(template, role).filter(({ Action }) =>
          [Action].flat().join().includes('ssm:GetParameter'),
        ),
      ).toEqual([
        {
          Sid: 'ReadExemptions',
          Effect: 'Allow',
          Action: 'ssm:GetParameter',
          Resource: parameter(name),
        },
      ]);
    expect(JSON.stringify(permissions(template, 'Automation'))).not.toContain('ssm:');
  });

  it('are known to the rule, to the pack and to the mender', () => {
    const given = { ...manual, exemptions: '/list' };
    expect(only(synth(given), 'AWS::Config::ConfigRule').InputParameters).toEqual({
      Exemptions: '/list',
    });
    synth({ ...given, asConformancePack: true }).hasResourceProperties(
      'AWS::Config::ConformancePack',
      {
        ConformancePackInputParameters: Match.arrayWith([
          { ParameterName: 'Exemptions', ParameterValue: '/list' },
        ]),
      },
    );
    synth(given).hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ RULE_PARAMETERS: '{"Exemptions":"/list"}' }) },
    });
  });
});

describe('other accounts', () => {
  const enter = (given: object) =>
    permissions(synth({ ...manual, readerRoleName: 'reader', ...given }), 'Evaluator').filter(
      ({ Sid }) => ['EnterAccounts', 'AskAggregator'].includes(Sid),
    );
  const role = {
    Sid: 'EnterAccounts',
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Resource: arn('arn:', 'AWS::Partition', ':iam::*:role/reader'),
  };

  it('may be entered by the one role, and nothing else is allowed for it', () => {
    expect(enter({ ownerAccounts: '444455556666' })).toEqual([role]);
  });

  it('may be entered in the organization alone, where that is named', () => {
    expect(enter({ organizationId: 'o-a1b2c3d4e5' })).toEqual([
      { ...role, Condition: { StringEquals: { 'aws:ResourceOrgID': 'o-a1b2c3d4e5' } } },
    ]);
  });

  it('are told by an aggregator, where one is named', () => {
    expect(enter({ aggregator: 'all' }).map(({ Action }) => Action)).toEqual([
      'sts:AssumeRole',
      'config:SelectAggregateResourceConfig',
    ]);
  });
});

describe("the role of Systems Manager's executions", () => {
  const invokes = {
    Sid: 'InvokeMender',
    Effect: 'Allow',
    Action: 'lambda:InvokeFunction',
    Resource: { 'Fn::GetAtt': [expect.stringContaining('MenderFunction'), 'Arn'] },
  };

  it('invokes the mender and nothing else', () => {
    expect(permissions(synth(automatic), 'Automation')).toEqual([invokes]);
  });

  it('tells the topic of approvals where there is one', () => {
    expect(permissions(synth({ ...manual, ...approving }), 'Automation')).toEqual([
      invokes,
      {
        Sid: 'TellApprovers',
        Effect: 'Allow',
        Action: 'sns:Publish',
        Resource: approving.remediationApprovalTopicArn,
      },
    ]);
  });

  it('is assumed by executions of this account alone', () => {
    expect(roles(synth(manual)).Automation?.AssumeRolePolicyDocument).toMatchObject({
      Statement: [
        {
          Action: 'sts:AssumeRole',
          Effect: 'Allow',
          Principal: { Service: 'ssm.amazonaws.com' },
          Condition: {
            StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
            ArnLike: { 'aws:SourceArn': ofThisAccount('ssm', 'automation-execution/*') },
          },
        },
      ],
    });
  });

  it('is bounded, as every role is, where that is asked for', () => {
    const permissionsBoundaryArn = 'arn:aws:iam::111122223333:policy/boundary';
    const bounded = Object.entries(roles(synth({ ...manual, permissionsBoundaryArn })));
    expect(bounded.map(([of, { PermissionsBoundary }]) => [of, PermissionsBoundary])).toEqual(
      ['Evaluator', 'Mender', 'Automation'].map((of) => [of, permissionsBoundaryArn]),
    );
  });
});

describe('the mender', () => {
  it("is Lambda's Node 24 on arm64, has as long as Systems Manager waits, and judges as the rule does", () => {
    const template = synth({ ...manual, alsoCheck: 'customer-key', logRetentionDays: 30 });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: 512,
      Timeout: 300,
      LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('MenderLogs') } },
      Role: { 'Fn::GetAtt': [Match.stringLikeRegexp('MenderRole'), 'Arn'] },
      Environment: {
        Variables: {
          POWERTOOLS_SERVICE_NAME: 'flow-log-key-allows-delivery',
          TABLE_NAME: 'flow-log-key-rule',
          RULE_PARAMETERS: '{"AlsoCheck":"customer-key"}',
          REMEDIATION_SCOPE: 'flow-logs',
          MEND_DOCUMENT: 'flow-log-key-allows-delivery-mend',
          TAKE_BACK_DOCUMENT: 'flow-log-key-allows-delivery-take-back',
          APPROVERS: '[]',
        },
      },
    });
    template.allResources('AWS::Logs::LogGroup', {
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: { RetentionInDays: 30 },
    });
  });

  it('admits the organization only when told to', () => {
    synth({
      ...manual,
      remediationScope: 'organization',
      organizationId: 'o-a1b2c3d4e5',
    }).hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ REMEDIATION_SCOPE: 'organization' }) },
    });
  });

  it('knows the accounts for which keys of other accounts are mended', () => {
    synth({ ...manual, remediationAccounts: '111122223333' }).hasResourceProperties(
      'AWS::Lambda::Function',
      { Environment: { Variables: Match.objectLike({ FOREIGN_KEY_ACCOUNTS: '111122223333' }) } },
    );
  });

  it('writes nothing without an approval where there are approvers', () => {
    synth({ ...manual, ...approving }).hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          APPROVERS: JSON.stringify([approving.remediationApprovers]),
        }),
      },
    });
  });

  it('keeps its records under a name that others know, beyond the stack, and restorable', () => {
    synth(manual).hasResource('AWS::DynamoDB::Table', {
      // Retain would also keep the table of a failed first deployment, and bar the next deployment.
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        TableName: 'flow-log-key-rule',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
        TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    });
  });
});

describe('remediation', () => {
  const configuration = (given: object) =>
    only(synth({ ...given }), 'AWS::Config::RemediationConfiguration');
  const always = {
    ConfigRuleName: { Ref: expect.stringContaining('FlowLogKeyRule') as string },
    TargetType: 'SSM_DOCUMENT',
    TargetId: { Ref: expect.stringContaining('RunbooksMend') as string },
    ResourceType: 'AWS::EC2::FlowLog',
    Parameters: {
      FlowLogId: { ResourceValue: { Value: 'RESOURCE_ID' } },
      AutomationAssumeRole: {
        StaticValue: {
          Values: [{ 'Fn::GetAtt': [expect.stringContaining('AutomationRole'), 'Arn'] }],
        },
      },
    },
  };
  const atATime = (ConcurrentExecutionRatePercentage: number) => ({
    ExecutionControls: { SsmControls: { ConcurrentExecutionRatePercentage } },
  });

  it('waits for a person in manual mode, where attempts have no meaning', () => {
    expect(configuration({ ...manual, remediationAttempts: 7 })).toEqual({
      ...always,
      ...atATime(10),
      Automatic: false,
    });
  });

  it('starts by itself in automatic mode, within the limits that were chosen', () => {
    const chosen = {
      remediationAttempts: 7,
      remediationRetrySeconds: 60,
      remediationConcurrency: 25,
    };
    expect(configuration({ ...automatic, ...chosen })).toEqual({
      ...always,
      ...atATime(25),
      Automatic: true,
      MaximumAutomaticAttempts: 7,
      RetryAttemptSeconds: 60,
    });
  });

  it('passes no parameter that the runbook does not have', () => {
    const template = synth(automatic);
    const { Parameters } = only(template, 'AWS::Config::RemediationConfiguration') as unknown as {
      Parameters: object;
    };
    template.hasResourceProperties('AWS::SSM::Document', {
      Name: 'flow-log-key-allows-delivery-mend',
      Content: {
        parameters: Object.fromEntries(
          Object.keys(Parameters).map((name) => [name, Match.anyValue()]),
        ),
      },
    });
  });

  it.each([
    ['mend', ['Plan', 'Decide', 'Approve', 'Mend', 'Check', 'Look', 'Stop', 'Done']],
    ['take-back', ['Plan', 'Decide', 'Approve', 'TakeBack', 'Check', 'Stop', 'Done']],
  ])('has the runbook %s, which can change under its name', (name, steps) => {
    synth({ ...manual, ...approving, ruleName: 'mine' }).hasResourceProperties(
      'AWS::SSM::Document',
      {
        Name: `mine-${name}`,
        DocumentType: 'Automation',
        DocumentFormat: 'JSON',
        UpdateMethod: 'NewVersion',
        Content: Match.objectLike({
          schemaVersion: '0.3',
          mainSteps: steps.map((step) => Match.objectLike({ name: step })),
        }),
      },
    );
  });

  it('says where to find what operators start and read', () => {
    const outputs = Object.keys(synth(manual).findOutputs('*'));
    for (const name of ['MendDocument', 'TakeBackDocument', 'RemediationTable'])
      expect(outputs).toContainEqual(expect.stringContaining(name));
  });
});

describe('as a conformance pack', () => {
  interface Pack {
    readonly Parameters: Readonly<Record<string, { Default?: string }>>;
    readonly Resources: Readonly<
      Record<string, { Type: string; Properties: Record<string, unknown> }>
    >;
  }
  const template = () =>
    synth({ asConformancePack: true, organizationId: 'o-a1b2c3d4e5', frequency: 'Six_Hours' });

  it('the rule is in the pack alone, which waits for the permission and gets strings', () => {
    template().resourceCountIs('AWS::Config::ConfigRule', 0);
    template().hasResource('AWS::Config::ConformancePack', {
      DependsOn: [Match.stringLikeRegexp('AskedByConfig')],
      Properties: {
        ConformancePackInputParameters: [
          { ParameterName: 'EvaluatorArn', ParameterValue: { 'Fn::GetAtt': Match.anyValue() } },
          { ParameterName: 'RuleName', ParameterValue: 'flow-log-key-allows-delivery' },
          { ParameterName: 'Frequency', ParameterValue: 'Six_Hours' },
          { ParameterName: 'OrganizationId', ParameterValue: 'o-a1b2c3d4e5' },
        ],
      },
    });
  });

  it('the body is YAML within the limits, with nothing of this account in it', () => {
    const { TemplateBody } = only(template(), 'AWS::Config::ConformancePack') as unknown as {
      TemplateBody: string;
    };
    expect(TemplateBody).toBe(packBody());
    expect(Buffer.byteLength(TemplateBody)).toBeLessThan(MAX_PACK_BYTES);
    const { Parameters, Resources } = parse(TemplateBody) as Pack;
    expect(Object.keys(Parameters).length).toBeLessThan(60);
    expect(Object.values(Resources).map(({ Type }) => Type)).toEqual([
      'AWS::Config::ConfigRule',
      'AWS::Config::RemediationConfiguration',
    ]);
    expect(TemplateBody).not.toMatch(/\d{12}|Token\[/);
  });

  it('the body says of the rule what the rule of its own says', () => {
    const own = only(
      synth({ frequency: 'TwentyFour_Hours' }),
      'AWS::Config::ConfigRule',
    ) as unknown as {
      Description: string;
      Scope: object;
      Source: { SourceDetails: readonly object[] };
    };
    const { Resources, Parameters } = parse(packBody()) as Pack;
    const { Description, Scope, Source } = Resources.FlowLogKeyRule?.Properties as typeof own;
    expect({ Description, Scope }).toEqual({ Description: own.Description, Scope: own.Scope });
    expect(
      JSON.parse(
        JSON.stringify(Source.SourceDetails).replace('{"Ref":"Frequency"}', '"TwentyFour_Hours"'),
      ),
    ).toEqual(own.Source.SourceDetails);
    expect(Parameters.Frequency?.Default).toBe('TwentyFour_Hours');
  });

  it('the file for those who deploy it by hand is that body', () => {
    expect(readFileSync('conformance-pack.yaml', 'utf8')).toBe(packBody());
  });

  it('every reference in the body is to a parameter or a condition of it', () => {
    const { Parameters, Conditions } = parse(packBody()) as Pack & { Conditions: object };
    const references = [...packBody().matchAll(/Ref: ?(\S+)/g)].map(([, name = '']) => name);
    expect(references.filter((name) => !(name in Parameters) && name !== 'AWS::NoValue')).toEqual(
      [],
    );
    const conditions = [...packBody().matchAll(/(?:- |Condition: )((?:Has|Is)[A-Z]\w+)/g)].map(
      ([, name = '']) => name,
    );
    expect(conditions.filter((name) => !(name in Conditions))).toEqual([]);
    expect([...new Set(conditions)].sort()).toEqual(Object.keys(Conditions).sort());
  });

  /** The remediation in the pack, with the input parameters of the stack resolved as CloudFormation does. */
  const remediationInPack = (given: object) => {
    const { ConformancePackInputParameters, TemplateBody } = only(
      synth({ ...given, asConformancePack: true }),
      'AWS::Config::ConformancePack',
    ) as unknown as {
      TemplateBody: string;
      ConformancePackInputParameters: readonly { ParameterName: string; ParameterValue: unknown }[];
    };
    const { Parameters, Conditions, Resources } = parse(TemplateBody) as Pack & {
      Conditions: Record<string, unknown>;
    };
    const inputs = Object.fromEntries(
      ConformancePackInputParameters.map((each) => [each.ParameterName, each.ParameterValue]),
    );
    const resolve = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(resolve);
      if (typeof value !== 'object' || value === null) return value;
      const [[name, of]] = Object.entries(value) as [[string, unknown]];
      const args = of as readonly unknown[];
      if (name === 'Ref')
        return of === 'AWS::NoValue'
          ? undefined
          : (inputs[of as string] ?? Parameters[of as string]?.Default);
      if (name === 'Fn::If') return resolve(args[isTrue(args[0] as string) ? 1 : 2]);
      if (name === 'Fn::Equals') return resolve(args[0]) === resolve(args[1]);
      if (name === 'Fn::Not') return resolve(args[0]) !== true;
      return Object.fromEntries(
        Object.entries(value).map(([each, inside]) => [each, resolve(inside)]),
      );
    };
    const isTrue = (condition: string) => resolve(Conditions[condition]) === true;
    const remediation = Resources.FlowLogKeyRemediation as unknown as {
      Condition: string;
      DependsOn: string;
      Properties: object;
    };
    expect(remediation.DependsOn).toBe('FlowLogKeyRule');
    return isTrue(remediation.Condition) ? resolve(remediation.Properties) : undefined;
  };

  it.each([
    ['manual', { ...manual, ...approving }],
    ['automatic', { ...automatic, remediationAttempts: 7, remediationConcurrency: 25 }],
  ])('%s remediation says in the pack what it says beside it', (_, given) => {
    const beside = only(synth(given), 'AWS::Config::RemediationConfiguration');
    // Parameters are strings; CloudFormation makes the numbers.
    const asText = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value), (_key, each: unknown) =>
        typeof each === 'number' ? String(each) : each,
      );
    expect(remediationInPack(given)).toEqual({
      ...(asText(beside) as object),
      ConfigRuleName: 'flow-log-key-allows-delivery',
    });
  });

  it('has no remediation in it where there is none, so the file serves without', () => {
    expect(remediationInPack({})).toBeUndefined();
  });

  it('owns the remediation of its rule, and none is beside it', () => {
    const template = synth({ ...automatic, asConformancePack: true });
    template.resourceCountIs('AWS::Config::RemediationConfiguration', 0);
    template.hasResourceProperties('AWS::Config::ConformancePack', {
      ConformancePackInputParameters: Match.arrayWith([
        {
          ParameterName: 'RemediationDocument',
          ParameterValue: { Ref: Match.stringLikeRegexp('RunbooksMend') },
        },
        { ParameterName: 'RemediationAutomatic', ParameterValue: 'true' },
        { ParameterName: 'RemediationAttempts', ParameterValue: '3' },
      ]),
    });
  });
});

describe("the stack for Security Hub's administrator", () => {
  const administrator = (given: Readonly<Record<string, unknown>>) => {
    const app = new App(strict);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    const stack = new SecurityHubAdministrator(app, 'Hub', { options: readOptions(given) });
    app.synth();
    return Template.fromStack(stack);
  };
  const criteria = Match.objectLike({
    ProductName: [{ Comparison: 'EQUALS', Value: 'Config' }],
    Title: [{ Comparison: 'PREFIX', Value: 'flow-log-key-allows-delivery' }],
  });

  it("raises the findings of AWS Config's own results, under names with a suffix too", () => {
    administrator({}).hasResourceProperties('AWS::SecurityHub::AutomationRule', {
      Criteria: criteria,
      Actions: [
        {
          Type: 'FINDING_FIELDS_UPDATE',
          FindingFieldsUpdate: Match.objectLike({ Severity: { Label: 'HIGH' } }),
        },
      ],
    });
  });

  it('suppresses them where detailed ones are imported', () => {
    administrator({ detailedFindings: true }).hasResourceProperties(
      'AWS::SecurityHub::AutomationRule',
      {
        Criteria: criteria,
        Actions: [
          { FindingFieldsUpdate: Match.objectLike({ Workflow: { Status: 'SUPPRESSED' } }) },
        ],
      },
    );
  });
});
