import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { parse } from 'yaml';
import { FlowLogKeyRule } from '../../infra/flow-log-key-rule.ts';
import { readOptions } from '../../infra/options.ts';
import { LONGEST_PACK, packBody } from '../../infra/pack.ts';
import { SecurityHubAdministrator } from '../../infra/security-hub-administrator.ts';

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

/** The one-account stack as it is deployed with these options; throws where a validation or cdk-nag finds fault. */
function synth(given: Readonly<Record<string, unknown>> = {}): Template {
  const app = new App(strict);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const stack = new Stack(app, 'FlowLogKeyRule');
  new FlowLogKeyRule(stack, 'FlowLogKeyRule', { options: readOptions(given), code });
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
}

/** Every statement that gives the evaluator's role something, wherever it stands. */
function permissions(template: Template): readonly Statement[] {
  const { Policies = [], ManagedPolicyArns } = only(template, 'AWS::IAM::Role') as unknown as {
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
  'ec2:DescribeFlowLogs',
  'kms:DescribeKey',
  'kms:GetKeyPolicy',
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  's3:GetEncryptionConfiguration',
  'sqs:SendMessage',
];

describe("the evaluator's role", () => {
  it.each([
    ['by default reads and reports, and that is all', {}, []],
    [
      'reads bucket policies when they are to be checked',
      { alsoCheck: 'bucket-policy' },
      ['s3:GetBucketPolicy'],
    ],
    ['does not for other checks', { alsoCheck: 'customer-key' }, []],
    [
      'imports findings when they are wanted',
      { detailedFindings: 'true' },
      ['securityhub:BatchImportFindings', 'securityhub:GetFindings'],
    ],
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
      const writes = actions.filter((action) => !/:(Describe|Get)/.test(action));
      // config:PutEvaluations takes no resource; the token of the event is what keeps it to the rule.
      if (writes.length > 0 && !writes.includes('config:PutEvaluations'))
        expect(JSON.stringify(Resource)).not.toContain('*');
    }
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
    ['Errors', { Namespace: 'AWS/Lambda', Threshold: 0 }],
    ['ApproximateNumberOfMessagesVisible', { Namespace: 'AWS/SQS', Threshold: 0 }],
    [
      'ScheduledRuns',
      {
        Threshold: 1,
        ComparisonOperator: 'LessThanThreshold',
        EvaluationPeriods: 2,
        Period: 86_400,
        TreatMissingData: 'breaching',
      },
    ],
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
    expect(Buffer.byteLength(TemplateBody)).toBeLessThan(LONGEST_PACK);
    const { Parameters, Resources } = parse(TemplateBody) as Pack;
    expect(Object.keys(Parameters).length).toBeLessThan(60);
    expect(Object.values(Resources).map(({ Type }) => Type)).toEqual(['AWS::Config::ConfigRule']);
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
    const conditions = [...packBody().matchAll(/- (Has\w+)/g)].map(([, name = '']) => name);
    expect(conditions.filter((name) => !(name in Conditions))).toEqual([]);
    expect(conditions).toHaveLength(4);
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
