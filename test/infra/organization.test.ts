import {
  everything,
  key,
  lineOf,
  manual,
  type Policy,
  policiesOf,
  propertiesOf,
  resourcesOf,
  roleNames,
  roleOf,
  type Statement,
  type Template,
  templates,
} from './organization-templates.ts';

const organizationId = 'o-a1b2c3d4e5';
const own = (service: string, resource: string) =>
  `arn:<partition>:${service}:*:<account>:${resource}`;
const enters = (...roles: readonly string[]) =>
  `EnterAccounts: sts:AssumeRole on ${roles
    .map((role) => `arn:<partition>:iam::*:role/flow-log-key-rule-${role}`)
    .join(' and ')} if StringEquals aws:ResourceOrgID ${organizationId}`;
const asks = 'AskAggregator: config:SelectAggregateResourceConfig on *';
const reads = `ReadExemptions: ssm:GetParameter on ${own('ssm', 'parameter/flow-log-key-rule/exemptions')}`;
const logs = (group: string) => `WriteLogs: logs:CreateLogStream and logs:PutLogEvents on ${group}`;
const lambda = ['sts:AssumeRole by Service lambda.amazonaws.com'];
const { exemptions } = everything;

describe('the roles of the central account', () => {
  it.each([
    ['without remediation', {}, ['aggregator', 'evaluator', 'ripple']],
    ['with it', manual, ['aggregator', 'evaluator', 'mender', 'ripple']],
    ['with an aggregator that was there before', { aggregator: 'all' }, ['evaluator', 'ripple']],
  ])('%s are those, in the home Region alone', (_, given, names) => {
    const { home, other } = templates(given);
    expect(roleNames(home)).toEqual(names.map((name) => `flow-log-key-rule-central-${name}`));
    expect(roleNames(other)).toEqual([]);
  });

  const ofEvaluator = [
    `KeepRuns: dynamodb:GetItem and dynamodb:PutItem on ${own('dynamodb', 'table/flow-log-key-rule-central')} if ForAllValues:StringLike dynamodb:LeadingKeys run/*`,
    logs(own('logs', 'log-group:/flow-log-key-rule/flow-log-key-rule-evaluator:*')),
    `WriteDeadLetters: sqs:SendMessage on ${own('sqs', 'flow-log-key-rule-evaluator-dead-letters')}`,
  ];
  const ofMender = [
    logs(own('logs', 'log-group:/flow-log-key-rule/flow-log-key-rule-mender:*')),
    `KeepExecutions: dynamodb:GetItem and dynamodb:PutItem on ${own('dynamodb', 'table/flow-log-key-rule-central')} if ForAllValues:StringLike dynamodb:LeadingKeys execution/*`,
  ];

  it.each([
    [
      'evaluator',
      'takes readers and reporters of the organization, and keeps its books',
      {},
      [enters('reader', 'reporter'), asks, ...ofEvaluator],
    ],
    [
      'evaluator',
      'reads exemptions where there are some',
      { exemptions },
      [enters('reader', 'reporter'), asks, reads, ...ofEvaluator],
    ],
    [
      'evaluator',
      'imports no findings itself, and enters nobody to mend',
      { ...manual, detailedFindings: true, alsoCheck: 'bucket-policy' },
      [enters('reader', 'reporter'), asks, ...ofEvaluator],
    ],
    [
      'mender',
      'takes readers and menders of the organization, and keeps what was done',
      manual,
      [enters('reader', 'mender', 'execution-reader'), asks, ...ofMender],
    ],
    [
      'mender',
      'reads exemptions where there are some',
      { ...manual, exemptions },
      [enters('reader', 'mender', 'execution-reader'), asks, reads, ...ofMender],
    ],
    [
      'ripple',
      'takes reporters of the organization, and edits from its queue',
      {},
      [
        enters('reporter'),
        asks,
        'KeepStarts: dynamodb:GetItem and dynamodb:UpdateItem on arn:<partition>:dynamodb:us-east-1:<account>:table/flow-log-key-rule-central',
        'TakeEdits: sqs:DeleteMessage and sqs:GetQueueAttributes and sqs:ReceiveMessage on <RippleEdits>.Arn',
        logs('<RippleLogs>.Arn'),
      ],
    ],
  ])('%s: %s', (name, _, given, may) => {
    expect(roleOf(templates(given).home, `flow-log-key-rule-central-${name}`)).toEqual({
      trusts: lambda,
      may,
    });
  });

  it('aggregator: lists accounts for AWS Config', () => {
    expect(roleOf(templates().home, 'flow-log-key-rule-central-aggregator')).toEqual({
      trusts: ['sts:AssumeRole by Service config.amazonaws.com'],
      may: [
        'ListAccounts: organizations:DescribeOrganization and organizations:ListAWSServiceAccessForOrganization and organizations:ListAccounts and organizations:ListDelegatedAdministrators on *',
      ],
    });
  });

  it('are all bounded, where that is asked for', () => {
    for (const { Properties } of resourcesOf(templates(everything).home, 'AWS::IAM::Role'))
      expect(Properties.PermissionsBoundary).toBe(everything.permissionsBoundaryArn);
  });
});

const functionOf = (template: Template, name: string) =>
  propertiesOf(template, 'AWS::Lambda::Function', `flow-log-key-rule-${name}`);
const functionNames = (template: Template) =>
  resourcesOf(template, 'AWS::Lambda::Function')
    .map(({ Properties }) => Properties.FunctionName)
    .sort();

describe('the functions', () => {
  it.each([
    ['without remediation', {}, ['evaluator']],
    ['with it', manual, ['evaluator', 'mender']],
  ])('%s are in each Region, and the ripple at home', (_, given, names) => {
    const { home, other } = templates(given);
    const named = names.map((name) => `flow-log-key-rule-${name}`);
    expect(functionNames(other)).toEqual(named);
    expect(functionNames(home)).toEqual([...named, 'flow-log-key-rule-ripple']);
  });

  it.each(['evaluator', 'mender'])('%s has the one role in each Region, and no other', (name) => {
    const { home, other } = templates(manual);
    for (const template of [home, other])
      expect(functionOf(template, name).Role).toBe(
        `arn:<partition>:iam::<account>:role/flow-log-key-rule-central-${name}`,
      );
  });

  it.each(['Evaluator', 'Mender'])('%s waits for its role where that is made', (name) => {
    const { home } = templates(manual);
    const found = resourcesOf(home, 'AWS::Lambda::Function').find(({ id }) => id.includes(name));
    expect(found?.DependsOn).toContainEqual(expect.stringContaining(`Roles${name}Role`));
  });

  it('know names and what was chosen', () => {
    const { home, other, member } = templates({ ...everything, ruleName: 'mine' });
    const environment = (template: Template, name: string) =>
      functionOf(template, name).Environment as { Variables: Record<string, string> };
    const parameters = {
      AlsoCheck: 'bucket-policy',
      OrganizationId: organizationId,
      Exemptions: exemptions,
      ReaderRoleName: 'flow-log-key-rule-reader',
      Aggregator: 'flow-log-key-rule',
    };
    for (const template of [home, other]) {
      expect(environment(template, 'evaluator').Variables).toEqual({
        POWERTOOLS_SERVICE_NAME: 'mine',
        DETAILED_FINDINGS: 'true',
        REPORTER_ROLE_NAME: 'flow-log-key-rule-reporter',
        RUNS_TABLE_NAME: 'flow-log-key-rule-central',
      });
      const { RULE_PARAMETERS = '', ...rest } = environment(template, 'mender').Variables;
      expect(rest).toEqual({
        POWERTOOLS_SERVICE_NAME: 'mine',
        TABLE_NAME: 'flow-log-key-rule-central',
        // The central table keeps the records; the lease on a key is in the table of the key's account.
        LEASE_TABLE_NAME: propertiesOf(member, 'AWS::DynamoDB::Table').TableName,
        REMEDIATION_SCOPE: 'flow-logs',
        MENDER_ROLE_NAME: 'flow-log-key-rule-mender',
        EXECUTION_READER_ROLE_NAME: 'flow-log-key-rule-execution-reader',
        MEND_DOCUMENT: 'mine-mend',
        TAKE_BACK_DOCUMENT: 'mine-take-back',
        APPROVERS: '[]',
      });
      expect(JSON.parse(RULE_PARAMETERS)).toEqual(parameters);
    }
    expect(environment(home, 'ripple').Variables).toEqual({
      POWERTOOLS_SERVICE_NAME: 'mine',
      RULE_NAME: 'mine',
      AGGREGATOR: 'flow-log-key-rule',
      REPORTER_ROLE_NAME: 'flow-log-key-rule-reporter',
      TABLE_NAME: 'flow-log-key-rule-central',
    });
  });

  it('log where their roles may, and leave what they give up there', () => {
    for (const template of [templates(manual).home, templates(manual).other]) {
      for (const name of ['evaluator', 'mender'])
        propertiesOf(
          template,
          'AWS::Logs::LogGroup',
          `/flow-log-key-rule/flow-log-key-rule-${name}`,
        );
      propertiesOf(template, 'AWS::SQS::Queue', 'flow-log-key-rule-evaluator-dead-letters');
      expect(functionOf(template, 'evaluator').DeadLetterConfig).toEqual({
        TargetArn: '<EvaluatorDeadLetters>.Arn',
      });
    }
  });

  const asked = (template: Template, id: string) => {
    const found = resourcesOf(template, 'AWS::Lambda::ResourcePolicy');
    const { ResourceArn, PolicyDocument } = found.find((each) => each.id === `<${id}>`)
      ?.Properties as {
      ResourceArn: string;
      PolicyDocument: { Statement: readonly Statement[] };
    };
    return { ResourceArn, PolicyDocument, lines: PolicyDocument.Statement.map(lineOf) };
  };

  it('are asked by rules of members and by runbooks of the organization, and by nobody else', () => {
    const { home, other } = templates(manual);
    for (const template of [home, other]) {
      expect(asked(template, 'AskedByRules')).toMatchObject({
        ResourceArn: '<EvaluatorFunction>.Arn',
        lines: [
          'RulesOfTheseAccounts: lambda:InvokeFunction on <EvaluatorFunction>.Arn by Service config.amazonaws.com if StringEquals aws:SourceAccount 111122223333 or 444455556666',
          `RulesOfTheOrganization: lambda:InvokeFunction on <EvaluatorFunction>.Arn by Service config.amazonaws.com if StringEquals aws:SourceOrgID ${organizationId}`,
          expect.stringMatching(
            /^Comparison: lambda:InvokeFunction on <EvaluatorFunction>.Arn by Service events.amazonaws.com if ArnEquals aws:SourceArn arn:<partition>:events:[\w-]+:<account>:rule\/flow-log-key-rule-comparison$/,
          ),
        ],
      });
      expect(asked(template, 'AskedByAutomations')).toMatchObject({
        ResourceArn: '<MenderFunction>.Arn',
        lines: [
          `RunbooksOfTheOrganization: lambda:InvokeFunction on <MenderFunction>.Arn by AWS * if StringEquals aws:PrincipalOrgID ${organizationId} if ArnLike aws:PrincipalArn arn:<partition>:iam::*:role/flow-log-key-rule-automation`,
        ],
      });
      // A function has one policy, and a Lambda permission would overwrite parts of the policy.
      expect(resourcesOf(template, 'AWS::Lambda::Permission')).toEqual([]);
    }
  });

  it('have a policy that Lambda takes with as many accounts as there may be', () => {
    const memberAccounts = Array.from({ length: 1200 }, (_, i) =>
      String(100_000_000_000 + i),
    ).join();
    const { PolicyDocument } = asked(templates({ memberAccounts }).home, 'AskedByRules');
    expect(JSON.stringify(PolicyDocument).length).toBeLessThan(20_480 - 500);
  });
});

describe('the aggregator', () => {
  it('is in each Region, of these Regions, and waits for its role where that is made', () => {
    const { home, other } = templates();
    for (const template of [home, other])
      expect(propertiesOf(template, 'AWS::Config::ConfigurationAggregator')).toEqual({
        ConfigurationAggregatorName: 'flow-log-key-rule',
        OrganizationAggregationSource: {
          AwsRegions: ['us-east-1', 'eu-west-1'],
          RoleArn: 'arn:<partition>:iam::<account>:role/flow-log-key-rule-central-aggregator',
        },
      });
    expect(resourcesOf(home, 'AWS::Config::ConfigurationAggregator')).toMatchObject([
      { DependsOn: [expect.stringContaining('AggregatorRole')] },
    ]);
  });

  it('that was there before is asked, and none is made', () => {
    const { home, other } = templates({ aggregator: 'all' });
    for (const template of [home, other])
      expect(resourcesOf(template, 'AWS::Config::ConfigurationAggregator')).toEqual([]);
    expect(functionOf(home, 'ripple').Environment).toMatchObject({
      Variables: { AGGREGATOR: 'all' },
    });
  });
});

describe('what was done', () => {
  const tables = (template: Template) => resourcesOf(template, 'AWS::DynamoDB::Table');
  const central = {
    DeletionPolicy: 'RetainExceptOnCreate',
    Properties: { TableName: 'flow-log-key-rule-central' },
  };

  it.each([
    ['where remediation is on', manual],
    ['where it is off', {}],
  ])('is kept in each Region, %s, and outlives the stack but not one that failed', (_, given) => {
    const { home, other } = templates(given);
    expect(tables(home)).toMatchObject([central]);
    expect(tables(other)).toMatchObject([central]);
  });

  it.each(['evaluator', 'mender'])('is in the log of the %s, which does too', (name) => {
    const groups = resourcesOf(templates(manual).other, 'AWS::Logs::LogGroup');
    expect(
      groups.find(({ Properties }) => String(Properties.LogGroupName).endsWith(`-${name}`)),
    ).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate' });
  });
});

/** The rule of the bus for changes. */
const changesIn = (template: Template) =>
  resourcesOf(template, 'AWS::Events::Rule').find(({ id }) => id.startsWith('<Ripple'))?.Properties;

describe('the schedule that compares members', () => {
  const ruleIn = (template: Template) =>
    propertiesOf(template, 'AWS::Events::Rule', 'flow-log-key-rule-comparison') as {
      readonly ScheduleExpression: string;
      readonly Targets: readonly { readonly Arn: string; readonly Input: string }[];
    };

  it('names the members to the evaluator of each Region, twice in each period', () => {
    for (const template of [templates().home, templates().other])
      expect(ruleIn(template)).toMatchObject({
        ScheduleExpression: 'rate(12 hours)',
        Targets: [
          {
            Arn: '<EvaluatorFunction>.Arn',
            Input: JSON.stringify({
              members: ['111122223333', '444455556666'],
              longestSilenceMinutes: 2160,
            }),
            DeadLetterConfig: { Arn: '<EvaluatorDeadLetters>.Arn' },
          },
        ],
      });
    expect(ruleIn(templates({ frequency: 'One_Hour' }).home)).toMatchObject({
      ScheduleExpression: 'rate(30 minutes)',
    });
  });

  it('has room for as many accounts as there may be', () => {
    const all = Array.from({ length: 1200 }, (_, i) => String(100_000_000_000 + i));
    const { Targets } = ruleIn(templates({ memberAccounts: all.join() }).home);
    expect(Targets.length).toBeLessThanOrEqual(5);
    for (const { Input } of Targets) expect(Input.length).toBeLessThanOrEqual(8192);
    expect(
      Targets.flatMap(({ Input }) => (JSON.parse(Input) as { members: string[] }).members),
    ).toEqual(all);
  });
});

describe('the ripple', () => {
  const { home, other } = templates();

  it('has a bus that forwarders of the organization, and nobody else, may send to', () => {
    const { Name, Policy: policy } = propertiesOf(home, 'AWS::Events::EventBus') as {
      Name: string;
      Policy: { Statement: readonly Statement[] };
    };
    expect(Name).toBe('flow-log-key-rule');
    expect(policy.Statement.map(lineOf)).toEqual([
      `Members: events:PutEvents on arn:<partition>:events:us-east-1:<account>:event-bus/flow-log-key-rule by AWS * if StringEquals aws:PrincipalOrgID ${organizationId} if ArnLike aws:PrincipalArn arn:<partition>:iam::*:role/flow-log-key-rule-forwarder`,
    ]);
  });

  it('hears of what members send, by the same pattern', () => {
    const rule = changesIn(home) as { EventBusName: object };
    expect(rule).toMatchObject({
      EventPattern: propertiesOf(templates().member, 'AWS::Events::Rule').EventPattern,
      Targets: [{ Arn: '<RippleEdits>.Arn' }],
    });
    expect(JSON.stringify(rule.EventBusName)).toContain('<RippleBus>.Arn');
  });

  it('waits a minute for other edits, tries for half an hour, and leaves the rest to people', () => {
    const edits = resourcesOf(home, 'AWS::SQS::Queue').find(({ id }) => id === '<RippleEdits>');
    expect(edits?.Properties).toEqual({
      DelaySeconds: 60,
      VisibilityTimeout: 180,
      SqsManagedSseEnabled: true,
      RedrivePolicy: { deadLetterTargetArn: '<RippleDeadLetters>.Arn', maxReceiveCount: 10 },
    });
    const { Timeout } = functionOf(home, 'ripple') as { Timeout: number };
    expect(Timeout).toBeLessThan(180);
  });

  it('takes many at a time, and gives back those that it could not answer', () => {
    expect(propertiesOf(home, 'AWS::Lambda::EventSourceMapping')).toEqual({
      EventSourceArn: '<RippleEdits>.Arn',
      FunctionName: '<RippleFunction>',
      BatchSize: 1000,
      MaximumBatchingWindowInSeconds: 20,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
  });

  it('is at home alone', () => {
    for (const type of ['AWS::Events::EventBus', 'AWS::Lambda::EventSourceMapping'])
      expect(resourcesOf(other, type)).toEqual([]);
    expect(changesIn(other)).toBeUndefined();
  });
});

describe('alarms', () => {
  const alarms = (template: Template) =>
    resourcesOf(template, 'AWS::CloudWatch::Alarm').map(({ id, Properties }) => ({
      name: id.replace(/.*Alarms|>/g, ''),
      ...(Properties as { AlarmActions: readonly string[]; OKActions: readonly string[] }),
    }));

  it.each([
    ['home', 'us-east-1', ['RippleErrors', 'RippleDeadLetters', 'RippleWaits', 'RulesNotStarted']],
    ['other', 'eu-west-1', []],
  ] as const)('of the %s Region tell the topic of that name there', (which, region, more) => {
    const found = alarms(templates(everything)[which]);
    const topic = `arn:aws:sns:${region}:999988887777:alarms`;
    for (const each of found)
      expect(each).toMatchObject({ AlarmActions: [topic], OKActions: [topic] });
    expect(found.map(({ name }) => name)).toEqual([
      ...['Blocked', 'Unknown', 'NewlyBlocked', 'NewlyUnknown'],
      ...['EventsDropped', 'DeadLetters', 'DeadLetterErrors', 'FindingsFailed'],
      ...['NotScheduled', 'TypesNotRecorded', 'ExemptionsExpired', 'NotMended', 'MembersSilent'],
      ...more,
    ]);
  });
});

describe('the StackSet', () => {
  it('brings the stack to all below the units, and to those that join, the home Region first', () => {
    const { stackSet } = templates({
      organizationalUnits: 'ou-ab12-c3d4e5f6,r-ab12',
      regions: 'us-east-1,eu-west-1,eu-central-1',
    });
    const regions = ['us-east-1', 'eu-west-1', 'eu-central-1'];
    expect(stackSet).toMatchObject({
      StackSetName: 'flow-log-key-rule-members',
      PermissionModel: 'SERVICE_MANAGED',
      CallAs: 'DELEGATED_ADMIN',
      AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
      ManagedExecution: { Active: true },
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      Parameters: [{ ParameterKey: 'CentralAccountId', ParameterValue: '<account>' }],
      OperationPreferences: { RegionOrder: regions, RegionConcurrencyType: 'SEQUENTIAL' },
    });
    expect(stackSet.StackInstancesGroup).toEqual([
      {
        DeploymentTargets: { OrganizationalUnitIds: ['ou-ab12-c3d4e5f6', 'r-ab12'] },
        Regions: regions,
      },
    ]);
  });

  it('leaves out the accounts that are excluded', () => {
    const { stackSet } = templates({ excludedAccounts: '777788889999,888899990000' });
    expect(stackSet.StackInstancesGroup).toMatchObject([
      {
        DeploymentTargets: {
          OrganizationalUnitIds: ['ou-ab12-c3d4e5f6'],
          AccountFilterType: 'DIFFERENCE',
          Accounts: ['777788889999', '888899990000'],
        },
      },
    ]);
  });

  it('comes after the functions in all Regions, and those after the roles at home', () => {
    const central = (region: string) => `FlowLogKeyRuleCentral-${region}`;
    expect(templates().waits).toEqual({
      [central('us-east-1')]: [],
      [central('eu-west-1')]: [central('us-east-1')],
      FlowLogKeyRuleMembers: [central('us-east-1'), central('eu-west-1')],
    });
  });
});

/** A statement with its policy, and as a line. */
interface Found extends Pick<Policy, 'on' | 'name' | 'isTrust'> {
  readonly statement: Statement;
  readonly line: string;
}

describe('in every template', () => {
  const combinations: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ['by default', {}],
    ['with everything', everything],
    ['with keys by their ARNs', { ...manual, remediationKeys: key }],
    ['with every key', { ...manual, remediationKeys: '*' }],
    ['with an aggregator that was there', { aggregator: 'all', exemptions }],
  ];

  const statementsIn = (given: Readonly<Record<string, unknown>>): readonly Found[] => {
    const { home, other, member } = templates(given);
    return [home, other, member].flatMap(policiesOf).flatMap(({ statements, ...policy }) =>
      statements.map((statement) => ({
        ...policy,
        statement,
        line: `${policy.on} ${policy.name}: ${lineOf(statement)}`,
      })),
    );
  };
  const lines = (found: readonly Found[]) => found.map(({ line }) => line);
  const actions = ({ statement }: Found) => [statement.Action].flat();
  const resources = ({ statement }: Found) => [statement.Resource ?? []].flat();
  const allows = ({ statement }: Found) => statement.Effect === 'Allow';

  /** CDK, not this project, writes the policies of queues. */
  const isOurs = ({ on }: Found) => on !== 'AWS::SQS::QueuePolicy';
  /** True if a condition limits the senders of a request by one of these keys. */
  const says = ({ statement }: Found, names: readonly string[]) =>
    Object.entries(statement.Condition ?? {}).some(
      ([operator, keys]) =>
        ['StringEquals', 'ArnLike', 'ArnEquals'].includes(operator) &&
        Object.keys(keys).some((name) => names.includes(name)),
    );
  const principals = ({ statement: { Principal = {} } }: Found) =>
    Principal === '*' ? [['AWS', '*'] as const] : Object.entries(Principal);

  describe.each(combinations)('%s', (_, given) => {
    const found = statementsIn(given);

    it('nothing is open to the world: who may be anybody is of the organization', () => {
      const anybody = found
        .filter(allows)
        .filter((each) => principals(each).some(([, who]) => [who].flat().includes('*')));
      expect(lines(anybody.filter((each) => !says(each, ['aws:PrincipalOrgID'])))).toEqual([]);
    });

    it('a service acts for an account, a source or the organization that is named', () => {
      // Only this account can pass a role to Lambda or AWS Config.
      const passed = ['lambda.amazonaws.com', 'config.amazonaws.com'];
      const byService = found
        .filter(allows)
        .filter((each) =>
          principals(each).some(
            ([kind, who]) => kind === 'Service' && !(each.isTrust && passed.includes(String(who))),
          ),
        );
      const names = ['aws:SourceAccount', 'aws:SourceArn', 'aws:SourceOrgID'];
      expect(lines(byService.filter((each) => !says(each, names)))).toEqual([]);
    });

    it('an account is trusted for roles that are named, in the organization', () => {
      const byAccount = found
        .filter(({ isTrust }) => isTrust)
        .filter((each) => principals(each).some(([kind]) => kind === 'AWS'));
      expect(
        lines(
          byAccount.filter(
            (each) => !says(each, ['aws:PrincipalArn']) || !says(each, ['aws:PrincipalOrgID']),
          ),
        ),
      ).toEqual([]);
    });

    it('nothing of a failed first deployment bars the next', () => {
      const { home, other, member } = templates(given);
      const kept = [home, other, member]
        .flatMap(({ Resources }) => Object.entries(Resources))
        .filter(([, { DeletionPolicy }]) => DeletionPolicy === 'Retain');
      expect(kept).toEqual([]);
    });

    it('a role is taken by one kind of principal', () => {
      for (const { isTrust, statements, name } of [
        ...policiesOf(templates(given).home),
        ...policiesOf(templates(given).member),
      ])
        if (isTrust)
          expect([
            name,
            statements.flatMap(({ Principal }) => Object.values(Principal ?? {})).length,
          ]).toEqual([name, 1]);
    });

    it('a statement says what it allows, under a name', () => {
      const inverted = ['NotAction', 'NotResource', 'NotPrincipal'];
      expect(
        lines(found.filter(({ statement }) => inverted.some((each) => each in statement))),
      ).toEqual([]);
      expect(
        lines(
          found.filter((each) => isOurs(each) && !each.isTrust && each.statement.Sid === undefined),
        ),
      ).toEqual([]);
    });

    it('no action has a wildcard', () => {
      const wild = found.filter(allows).filter((each) => actions(each).join().includes('*'));
      expect(lines(wild)).toEqual([]);
    });

    it('what writes has a resource, where AWS takes one', () => {
      const writes = found
        .filter((each) => resources(each).includes('*'))
        .flatMap(actions)
        .filter((action) => !/:(Describe|Get|List|Select)/.test(action));
      expect([...new Set(writes)]).toEqual(['config:PutEvaluations']);
    });

    it('nobody but the mender role of a member writes key policies', () => {
      const writers = found.filter((each) => actions(each).includes('kms:PutKeyPolicy'));
      expect(writers.map(({ name }) => name)).toEqual(
        'remediation' in given ? ['flow-log-key-rule-mender'] : [],
      );
    });
  });
});
