import { readOptions } from '../../infra/options/options.ts';
import {
  everything,
  key,
  manual,
  organization,
  propertiesOf,
  resourcesOf,
  roleNames,
  roleOf,
  synth,
  templates,
} from './organization-templates.ts';

const automatic = { ...manual, remediation: 'automatic' };
const central = (role: string) => `arn:<partition>:iam::<central>:role/flow-log-key-rule-${role}`;

/** A statement that trusts only these roles of the central account, while the account is in the organization. */
const trusts = (...roles: readonly string[]) => [
  `sts:AssumeRole by AWS arn:<partition>:iam::<central>:root if StringEquals aws:PrincipalOrgID o-a1b2c3d4e5 if ArnEquals aws:PrincipalArn ${roles.map(central).join(' or ')}`,
];
const ofThisAccount = (service: string, resource: string) =>
  `arn:<partition>:${service}:*:<account>:${resource}`;

describe('the reader role of a member', () => {
  const reads = [
    'ListFlowLogs: ec2:DescribeFlowLogs on *',
    'ReadBuckets: s3:GetBucketPolicy and s3:GetEncryptionConfiguration on arn:<partition>:s3:::*',
    'ReadKeys: kms:DescribeKey and kms:ListGrants on arn:<partition>:kms:*:*:key/*',
    `ReadKeyPolicies: kms:GetKeyPolicy on ${ofThisAccount('kms', 'key/*')}`,
  ];

  it.each([
    ['is taken by the evaluator and reads, that is all', {}, ['evaluator']],
    ['is taken by the mender too, where there is one', manual, ['evaluator', 'mender']],
  ])('%s', (_, given, who) => {
    expect(roleOf(templates(given).member, 'flow-log-key-rule-reader')).toEqual({
      trusts: trusts(...who.map((each) => `central-${each}`)),
      may: reads,
    });
  });
});

describe('the reporter role of a member', () => {
  const rules = ofThisAccount('config', 'config-rule/*');
  const findings = [
    `ImportFindings: securityhub:BatchImportFindings on ${ofThisAccount('securityhub', 'product/<account>/default')}`,
    `ReadFindings: securityhub:GetFindings on ${ofThisAccount('securityhub', 'hub/default')}`,
  ];

  it.each([
    ['reports to AWS Config and starts the rule', {}, []],
    ['imports findings when they are wanted', { detailedFindings: true }, findings],
  ])('%s', (_, given, more) => {
    expect(roleOf(templates(given).member, 'flow-log-key-rule-reporter')).toEqual({
      trusts: trusts('central-evaluator', 'central-ripple'),
      may: [
        'Report: config:DescribeConfigurationRecorderStatus and config:DescribeConfigurationRecorders and config:PutEvaluations on *',
        `FindOldResults: config:GetComplianceDetailsByConfigRule on ${rules}`,
        ...more,
        `StartAgain: config:StartConfigRulesEvaluation on ${rules}`,
      ],
    });
  });
});

describe('the mender role of a member', () => {
  const other = key.replace('11111111', '22222222');
  const safely = 'if BoolIfExists kms:BypassPolicyLockoutSafetyCheck false';
  const every = ofThisAccount('kms', 'key/*');

  it.each([
    ['two keys', `${key},${other}`, `${key} and ${other} ${safely}`],
    [
      'keys with a tag',
      'tag:mend=yes',
      `${every} ${safely} if StringEquals aws:ResourceTag/mend yes`,
    ],
    ['every key of the account', '*', `${every} ${safely}`],
  ])(
    'reads key policies and writes those of %s, under a lease, and is taken by the mender alone',
    (_, remediationKeys, on) => {
      const { member } = templates({ ...manual, remediationKeys });
      expect(roleOf(member, 'flow-log-key-rule-mender')).toEqual({
        trusts: trusts('central-mender'),
        may: [
          `ReadKeyPolicies: kms:GetKeyPolicy on ${every}`,
          `WriteKeyPolicies: kms:PutKeyPolicy on ${on}`,
          `KeepLeases: dynamodb:GetItem and dynamodb:UpdateItem on ${ofThisAccount('dynamodb', 'table/flow-log-key-rule')} if ForAllValues:StringLike dynamodb:LeadingKeys lease/*`,
        ],
      });
    },
  );
});

it('the execution reader of a member shows the mender, and nobody else, which runbooks ask', () => {
  expect(roleOf(templates(manual).member, 'flow-log-key-rule-execution-reader')).toEqual({
    trusts: trusts('central-mender'),
    may: [
      `LookAtExecutions: ssm:GetAutomationExecution on ${ofThisAccount('ssm', 'automation-execution/*')}`,
    ],
  });
});

describe('the automation role of a member', () => {
  const topic = 'arn:aws:sns:us-east-1:111122223333:Automation-approvals';
  const invokes =
    'InvokeMender: lambda:InvokeFunction on arn:<partition>:lambda:*:<central>:function:flow-log-key-rule-mender';

  it.each([
    ['invokes the central mender, for executions of this account alone', manual, []],
    [
      'tells the topic of approvals where there is one',
      {
        ...manual,
        remediationApprovers: 'arn:aws:iam::111122223333:role/approvers',
        remediationApprovalTopicArn: topic,
      },
      [`TellApprovers: sns:Publish on ${topic}`],
    ],
  ])('%s', (_, given, more) => {
    expect(roleOf(templates(given).member, 'flow-log-key-rule-automation')).toEqual({
      trusts: [
        `sts:AssumeRole by Service ssm.amazonaws.com if StringEquals aws:SourceAccount <account> if ArnLike aws:SourceArn ${ofThisAccount('ssm', 'automation-execution/*')}`,
      ],
      may: [invokes, ...more],
    });
  });
});

describe('the forwarder role of a member', () => {
  it('puts events on the bus of the home Region, for the one rule', () => {
    expect(roleOf(templates().member, 'flow-log-key-rule-forwarder')).toEqual({
      trusts: [
        `sts:AssumeRole by Service events.amazonaws.com if StringEquals aws:SourceAccount <account> if ArnLike aws:SourceArn ${ofThisAccount('events', 'rule/flow-log-key-rule-changes')}`,
      ],
      may: [
        'SendChanges: events:PutEvents on arn:<partition>:events:us-east-1:<central>:event-bus/flow-log-key-rule',
      ],
    });
  });
});

describe('the roles of a member', () => {
  it.each([
    ['without remediation', {}, ['forwarder', 'reader', 'reporter']],
    [
      'with it',
      manual,
      ['automation', 'execution-reader', 'forwarder', 'mender', 'reader', 'reporter'],
    ],
  ])('%s are those, in the home Region alone', (_, given, names) => {
    const { member } = templates(given);
    expect(roleNames(member)).toEqual(names.map((name) => `flow-log-key-rule-${name}`));
    expect(member.Conditions).toEqual({
      IsHomeRegion: { 'Fn::Equals': ['<region>', 'us-east-1'] },
    });
    for (const { Condition } of resourcesOf(member, 'AWS::IAM::Role'))
      expect(Condition).toBe('IsHomeRegion');
  });

  it.each([
    ['of the member', everything.permissionsBoundaryArn, 'arn:aws:iam::<account>:policy/boundary'],
    [
      'of AWS',
      'arn:aws:iam::aws:policy/PowerUserAccess',
      'arn:aws:iam::aws:policy/PowerUserAccess',
    ],
  ])('are all bounded by the policy %s', (_, permissionsBoundaryArn, bounds) => {
    const { member } = templates({ ...everything, permissionsBoundaryArn });
    for (const { Properties } of resourcesOf(member, 'AWS::IAM::Role'))
      expect(Properties.PermissionsBoundary).toBe(bounds);
  });

  it('of whom other resources wait for in the home Region, and know the names elsewhere', () => {
    const { member } = templates(manual);
    expect(member.Resources).toMatchObject({
      Rule: {
        Properties: {
          InputParameters: {
            ReaderRoleName: 'IsHomeRegion ? <RolesReaderRole> : flow-log-key-rule-reader',
          },
        },
      },
    });
    // The rule refers to the reader only.
    expect(
      resourcesOf(member, 'AWS::IAM::Role').find(({ id }) => id.includes('Reader')),
    ).toMatchObject({
      DependsOn: [expect.stringContaining('ReporterRole')],
    });
  });
});

describe('the rule of a member', () => {
  const rule = (given: object) =>
    propertiesOf(templates({ ...given }).member, 'AWS::Config::ConfigRule');

  it('asks the evaluator of its Region in the central account, of flow logs and on schedule', () => {
    expect(rule({ ruleName: 'mine', frequency: 'Six_Hours' })).toMatchObject({
      ConfigRuleName: 'mine',
      Scope: { ComplianceResourceTypes: ['AWS::EC2::FlowLog'] },
      Source: {
        Owner: 'CUSTOM_LAMBDA',
        SourceIdentifier:
          'arn:<partition>:lambda:<region>:<central>:function:flow-log-key-rule-evaluator',
        SourceDetails: [
          { EventSource: 'aws.config', MessageType: 'ConfigurationItemChangeNotification' },
          {
            EventSource: 'aws.config',
            MessageType: 'OversizedConfigurationItemChangeNotification',
          },
          {
            EventSource: 'aws.config',
            MessageType: 'ScheduledNotification',
            MaximumExecutionFrequency: 'Six_Hours',
          },
        ],
      },
    });
  });

  it.each([
    ['the aggregator that is made', {}, { Aggregator: 'flow-log-key-rule' }],
    ['the one that there is', { aggregator: 'all' }, { Aggregator: 'all' }],
    ['what else was chosen', { unknownAs: 'NOT_APPLICABLE' }, { UnknownAs: 'NOT_APPLICABLE' }],
  ])('names reader role, organization and %s', (_, given, parameters) => {
    expect(rule(given).InputParameters).toEqual({
      OrganizationId: 'o-a1b2c3d4e5',
      ReaderRoleName: 'IsHomeRegion ? <RolesReaderRole> : flow-log-key-rule-reader',
      Aggregator: 'flow-log-key-rule',
      ...parameters,
    });
  });
});

describe('changes in a member', () => {
  it('of keys, aliases and buckets, whatever their size, go to the central bus', () => {
    const resourceType = ['AWS::KMS::Key', 'AWS::KMS::Alias', 'AWS::S3::Bucket'];
    expect(propertiesOf(templates().member, 'AWS::Events::Rule')).toMatchObject({
      // The trust policy of the forwarder role names this rule.
      Name: 'flow-log-key-rule-changes',
      EventPattern: {
        source: ['aws.config'],
        'detail-type': ['Config Configuration Item Change'],
        detail: {
          $or: [
            { configurationItem: { resourceType } },
            { configurationItemSummary: { resourceType } },
          ],
        },
      },
      Targets: [
        {
          Arn: 'arn:<partition>:events:us-east-1:<central>:event-bus/flow-log-key-rule',
          RoleArn:
            'IsHomeRegion ? <RolesForwarderRole>.Arn : arn:<partition>:iam::<account>:role/flow-log-key-rule-forwarder',
        },
      ],
    });
  });
});

describe('remediation in a member', () => {
  const role =
    'IsHomeRegion ? <RolesAutomationRole>.Arn : arn:<partition>:iam::<account>:role/flow-log-key-rule-automation';

  it('is not there unless it is on', () => {
    const text = JSON.stringify(templates().member);
    for (const word of [
      'AWS::SSM::',
      'AWS::DynamoDB::',
      'RemediationConfiguration',
      'PutKeyPolicy',
    ])
      expect(text).not.toContain(word);
  });

  it.each([
    ['waits for a person', manual, { Automatic: false }],
    [
      'starts by itself',
      { ...automatic, remediationAttempts: 7 },
      { Automatic: true, MaximumAutomaticAttempts: 7, RetryAttemptSeconds: 600 },
    ],
  ])("belongs to the member's own rule, and %s", (_, given, mode) => {
    const { member } = templates(given);
    expect(propertiesOf(member, 'AWS::Config::RemediationConfiguration')).toEqual({
      ConfigRuleName: '<Rule>',
      TargetType: 'SSM_DOCUMENT',
      TargetId: '<RemediationRunbooksMend>',
      ResourceType: 'AWS::EC2::FlowLog',
      Parameters: {
        FlowLogId: { ResourceValue: { Value: 'RESOURCE_ID' } },
        AutomationAssumeRole: { StaticValue: { Values: [role] } },
      },
      ExecutionControls: { SsmControls: { ConcurrentExecutionRatePercentage: 10 } },
      ...mode,
    });
  });

  it.each(['mend', 'take-back'])('by runbook %s asks the central mender of its Region', (name) => {
    const { Content } = propertiesOf(
      templates(manual).member,
      'AWS::SSM::Document',
      `flow-log-key-allows-delivery-${name}`,
    ) as {
      Content: {
        parameters: object;
        mainSteps: readonly { action: string; inputs: { FunctionName?: string } }[];
      };
    };
    expect(Content.parameters).toMatchObject({ AutomationAssumeRole: { default: role } });
    const asked = Content.mainSteps.filter(({ action }) => action === 'aws:invokeLambdaFunction');
    expect([...new Set(asked.map(({ inputs }) => inputs.FunctionName))]).toEqual([
      'arn:<partition>:lambda:<region>:<central>:function:flow-log-key-rule-mender',
    ]);
  });

  it('keeps leases in a table that people with the command line find, and that goes with the stack', () => {
    expect(resourcesOf(templates(manual).member, 'AWS::DynamoDB::Table')).toMatchObject([
      { DeletionPolicy: 'Delete', Properties: { TableName: 'flow-log-key-rule' } },
    ]);
  });
});

describe('the text of the template', () => {
  const manyKeys = Array.from({ length: 75 }, (_, i) =>
    key.replace('11111111', String(10_000_000 + i)),
  );

  it.each([
    ['by default', {}],
    ['with everything', everything],
    ['with as many keys as there may be', { ...everything, remediationKeys: manyKeys.join() }],
  ])('fits into a StackSet %s', (_, given) => {
    expect(Buffer.byteLength(templates(given).body)).toBeLessThanOrEqual(51_200);
  });

  it('is refused with a sentence where it does not fit', () => {
    const tags = Array.from({ length: 50 }, (_, i) => `tag-${i}=${'x'.repeat(256)}`).join();
    expect(() => synth(readOptions({ ...organization, ...manual, tags }))).toThrow(
      /^the template of a member has \d+ bytes, and a StackSet takes 51200: give fewer tags, approvers or keys to mend$/,
    );
  });

  it.each([
    ['by default', {}],
    ['with everything', everything],
  ])('has no value of any account and needs no bootstrapping %s', (_, given) => {
    const { body, member } = templates(given);
    expect(body).not.toMatch(/\d{12}|Token\[|cdk-hnb659fds|[Bb]ootstrap|AssetParameters/);
    expect(member.Parameters).toEqual({
      CentralAccountId: expect.objectContaining({
        Type: 'String',
        AllowedPattern: '^\\d{12}$',
      }) as object,
    });
  });

  it.each([
    [
      'what CloudFormation would refuse',
      { ruleName: 'my rule', remediation: {} },
      /Name: 'my rule-mend' does not match pattern/,
    ],
    [
      'what cdk-nag finds',
      { remediation: { keys: { kind: 'arns' as const, arns: [`${key.slice(0, -36)}*`] } } },
      /IAM5\[Resource::arn:aws:kms:us-east-1:111122223333:key\/\*\]/,
    ],
  ])('is not shipped with %s', (_, { remediation, ...change }, words) => {
    const chosen = readOptions({ ...organization, ...automatic });
    if (chosen.remediation === undefined) throw new Error('remediation is on');
    const options = {
      ...chosen,
      ...change,
      remediation: { ...chosen.remediation, ...remediation },
    };
    expect(() => synth(options)).toThrow(words);
    const printed = jest.spyOn(console, 'error').mockReturnValue();
    // Without the context of cdk.json, CDK only warns.
    expect(() => synth(options, { '@aws-cdk/core:strictCfnValidateErrors': false })).toThrow(words);
    printed.mockRestore();
  });
});
