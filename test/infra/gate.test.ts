import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, NestedStack, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readOptions } from '../../infra/options/options.ts';
import { AccountRule } from '../../infra/rule/account-rule.ts';
import { organization } from './organization-templates.ts';

const code = mkdtempSync(join(tmpdir(), 'gate-'));
writeFileSync(join(code, 'index.cjs'), 'exports.handler = async () => {};');
afterAll(() => {
  rmSync(code, { recursive: true });
});

/** The stack with these options. Throws an Error for a finding of a validation or of cdk-nag. */
function synth(given: Readonly<Record<string, unknown>>): Template {
  const app = new App({ context: { '@aws-cdk/core:strictCfnValidateErrors': true } });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const stack = new Stack(app, 'FlowLogKeyRule');
  const options = readOptions(given);
  new AccountRule(stack, 'FlowLogKeyRule', { options, code, gateCode: code });
  app.synth();
  return Template.fromStack(stack);
}

interface Statement {
  readonly Sid: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** The statements of the role whose construct has this name. */
function permissions(template: Template, name: string): readonly Statement[] {
  const [role] = Object.entries(template.findResources('AWS::IAM::Role')).flatMap(
    ([id, { Properties }]) => (id.includes(`${name}Role`) ? [Properties as object] : []),
  );
  const { Policies = [] } = role as {
    Policies?: readonly { PolicyDocument: { Statement: readonly Statement[] } }[];
  };
  return Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

const HOOK = 'AWS::CloudFormation::LambdaHook';

describe('the hook', () => {
  it.each([{}, { hook: 'off' }, { hook: '' }])('is not there with %j', (given) => {
    synth(given).resourceCountIs(HOOK, 0);
  });

  it.each([
    ['warn', 'WARN'],
    ['fail', 'FAIL'],
  ])(
    'with hook=%s has the failure mode %s, for change sets and stacks but its own',
    (hook, mode) => {
      const template = synth({ hook });
      expect(Object.values(template.findResources(HOOK))).toMatchObject([
        {
          Properties: {
            Alias: 'FlowLogKey::Delivery::RuleflowZdlogZdkeyZdallowsZddelivery',
            FailureMode: mode,
            HookStatus: 'ENABLED',
            TargetOperations: ['CHANGE_SET', 'STACK'],
            TargetFilters: { Actions: ['CREATE', 'UPDATE'] },
            StackFilters: { FilteringCriteria: 'ALL', StackNames: { Exclude: ['FlowLogKeyRule'] } },
            LambdaFunction: { 'Fn::GetAtt': [expect.stringContaining('GateFunction'), 'Arn'] },
            ExecutionRole: { 'Fn::GetAtt': [expect.stringContaining('GateHookRole'), 'Arn'] },
          },
        },
      ]);
    },
  );

  it('has an alias that CloudFormation takes, another for every name of a rule', () => {
    const names = [
      '_',
      '-',
      'a',
      'ab',
      'a-b',
      'a_b',
      'aZb',
      'aZdb',
      'aZub',
      'A-b',
      'Z',
      'ZZ',
      'Z-',
    ];
    const aliases = names.map((ruleName) => {
      const [hook] = Object.values(synth({ hook: 'warn', ruleName }).findResources(HOOK));
      return (hook as { Properties: { Alias: string } }).Properties.Alias;
    });
    for (const each of aliases)
      expect(each).toMatch(/^(?!aws)[A-Za-z0-9]{2,64}::[A-Za-z0-9]{2,64}::[A-Za-z0-9]{2,64}$/i);
    expect(new Set(aliases).size).toBe(names.length);
  });

  it('leaves out the stack around nested stacks too', () => {
    const root = new Stack(new App(), 'Root');
    const nested = new NestedStack(new NestedStack(root, 'Middle'), 'Nested');
    const options = readOptions({ hook: 'fail' });
    new AccountRule(nested, 'Rule', { options, code, gateCode: code });
    Template.fromStack(root);
    const [hook] = Object.values(Template.fromStack(nested).findResources(HOOK));
    const { Exclude } = (
      hook as { Properties: { StackFilters: { StackNames: { Exclude: readonly unknown[] } } } }
    ).Properties.StackFilters.StackNames;
    expect(Exclude).toEqual([{ Ref: 'AWS::StackName' }, 'Root']);
  });

  it('lets CloudFormation of this account alone take the role that invokes the function', () => {
    const template = synth({ hook: 'warn' });
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Action: 'sts:AssumeRole',
            Effect: 'Allow',
            Principal: { Service: 'hooks.cloudformation.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          },
        ],
      },
    });
    expect(permissions(template, 'GateHook')).toMatchObject([
      {
        Action: 'lambda:InvokeFunction',
        Resource: { 'Fn::GetAtt': [expect.stringContaining('GateFunction'), 'Arn'] },
      },
    ]);
  });

  it('has a function that answers before the hook stops waiting, and knows its own stack', () => {
    const template = synth({ hook: 'fail', exemptions: '/list' });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Handler: 'index.handler',
      Timeout: 28,
      MemorySize: 1769,
      Environment: {
        Variables: {
          POWERTOOLS_SERVICE_NAME: 'flow-log-key-allows-delivery',
          RULE_PARAMETERS: '{"Exemptions":"/list"}',
          OWN_STACK_ID: { Ref: 'AWS::StackId' },
        },
      },
      LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('GateLogs') } },
    });
  });

  it('reads, and writes nothing but its log', () => {
    const found = permissions(synth({ hook: 'fail' }), 'Gate');
    const writes = found.filter(
      ({ Action }) => ![Action].flat().every((each) => /:(Describe|Get|List)/.test(each)),
    );
    expect(writes.map(({ Sid }) => Sid)).toEqual(['WriteLogs']);
    expect(JSON.stringify(found)).not.toContain('DescribeFlowLogs');
  });

  it('bounds its roles', () => {
    const permissionsBoundaryArn = 'arn:aws:iam::111122223333:policy/boundary';
    const roles = synth({ hook: 'fail', permissionsBoundaryArn }).findResources('AWS::IAM::Role');
    for (const { Properties } of Object.values(roles))
      expect(Properties).toMatchObject({ PermissionsBoundary: permissionsBoundaryArn });
  });

  it('rings where a stack was not judged', () => {
    const template = synth({ hook: 'fail' });
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
    const texts = alarms.map((alarm) => JSON.stringify(alarm));
    expect(texts.filter((text) => text.includes('"MetricName":"HookFailed"'))).toHaveLength(1);
    expect(
      texts.filter(
        (text) => text.includes('"MetricName":"Errors"') && text.includes('GateFunction'),
      ),
    ).toHaveLength(1);
  });

  it('is refused for an organization', () => {
    expect(() => readOptions({ ...organization, hook: 'fail' })).toThrow(
      'option hook="fail": a hook is for one account and Region: deploy without organizationalUnits',
    );
  });

  it('takes no other mode', () => {
    expect(() => readOptions({ hook: 'block' })).toThrow(
      'option hook="block": give one of off, warn, fail',
    );
  });
});
