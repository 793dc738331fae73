import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { parse } from 'yaml';
import { readOptions } from '../../infra/options/options.ts';
import { MAX_STATEMENTS } from '../../infra/options/organization.ts';
import { organizationStacks } from '../../infra/organization/organization-stacks.ts';
import { isChina } from '../../infra/regions.ts';
import table from '../../infra/regions.json';
import { AccountRule } from '../../infra/rule/account-rule.ts';
import { SecurityHubAdministrator } from '../../infra/rule/security-hub-administrator.ts';
import { organization, type Template } from './organization-templates.ts';

/** CDK's own validation takes most of the time, and other tests have it. */
const validation = process.env.CDK_VALIDATION;
beforeAll(() => {
  process.env.CDK_VALIDATION = 'false';
});
afterAll(() => {
  if (validation === undefined) delete process.env.CDK_VALIDATION;
  else process.env.CDK_VALIDATION = validation;
});

const code = mkdtempSync(join(tmpdir(), 'regions-'));
for (const name of ['evaluate', 'gate', 'mend', 'ripple']) {
  mkdirSync(join(code, name));
  writeFileSync(join(code, name, 'index.cjs'), 'exports.handler = async () => {};');
}

const regions = Object.values(table.regions).flat();
const withoutType = table.regionsWithout as Readonly<Record<string, readonly string[]>>;

/** The types in a template, and in a conformance pack inside, which is deployed in the same Region. */
const typesIn = ({ Resources }: Template): readonly string[] =>
  Object.values(Resources).flatMap(({ Type, Properties }) =>
    Type === 'AWS::Config::ConformancePack'
      ? [Type, ...typesIn(parse(Properties.TemplateBody as string) as Template)]
      : [Type],
  );

/** The types that the table does not have in a Region. A type that is not in the table is in no Region. */
const unknownIn = (region: string, template: Template): readonly string[] =>
  typesIn(template).filter((type) => withoutType[type]?.includes(region) ?? true);

const remediation = { remediationKeys: 'tag:mend=yes', remediation: 'automatic' };
const all = { ...remediation, detailedFindings: true, exemptions: '/list' };

describe('the rule of one account', () => {
  const variants: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    'without options': {},
    'with everything': all,
    'as a pack, with everything': { ...all, asConformancePack: true },
  };

  it.each(Object.entries(variants))('%s has only types that its Region knows', (_, given) => {
    const app = new App();
    for (const region of regions) {
      const options = readOptions(given, region);
      const stack = new Stack(app, `Rule-${region}`, { env: { region } });
      const codes = { code: join(code, 'evaluate'), menderCode: join(code, 'mend') };
      new AccountRule(stack, 'FlowLogKeyRule', { options, ...codes });
      new SecurityHubAdministrator(app, `Hub-${region}`, { options, env: { region } });
    }
    const found = app
      .synth()
      .stacks.map(({ id, template, environment }) => [
        id,
        unknownIn(environment.region, template as Template),
      ]);
    expect(found).toHaveLength(2 * regions.length);
    expect(found.filter(([, unknown]) => unknown?.length !== 0)).toEqual([]);
  });

  it.each(withoutType['AWS::CloudFormation::LambdaHook'] ?? [])(
    'refuses a hook in %s',
    (region) => {
      expect(() => readOptions({ hook: 'warn' }, region)).toThrow(
        `option hook="warn": ${region} has no AWS::CloudFormation::LambdaHook`,
      );
    },
  );

  it('has a hook in every other Region', () => {
    const app = new App();
    const lacking = withoutType['AWS::CloudFormation::LambdaHook'] ?? [];
    for (const region of regions.filter((each) => !lacking.includes(each))) {
      const options = readOptions({ hook: 'fail' }, region);
      const stack = new Stack(app, `Rule-${region}`, { env: { region } });
      const codes = { code: join(code, 'evaluate'), gateCode: join(code, 'gate') };
      new AccountRule(stack, 'FlowLogKeyRule', { options, ...codes });
    }
    const { stacks } = app.synth();
    expect(lacking.length + stacks.length).toBe(regions.length);
    for (const { template, environment } of stacks) {
      expect(typesIn(template as Template)).toContain('AWS::CloudFormation::LambdaHook');
      expect(unknownIn(environment.region, template as Template)).toEqual([]);
    }
  });

  it('keeps the runbooks where AWS Config cannot start them', () => {
    const app = new App();
    const stack = new Stack(app, 'Rule', { env: { region: 'mx-central-1' } });
    const codes = { code: join(code, 'evaluate'), menderCode: join(code, 'mend') };
    new AccountRule(stack, 'FlowLogKeyRule', { options: readOptions(remediation), ...codes });
    const [made] = app.synth().stacks;
    const types = typesIn(made?.template as Template);
    expect(types).toContain('AWS::SSM::Document');
    expect(types).not.toContain('AWS::Config::RemediationConfiguration');
    expect(made?.messages.map(({ entry }) => entry.data)).toEqual([
      'AWS Config cannot start remediation in mx-central-1, without AWS::Config::RemediationConfiguration: people start the runbooks',
    ]);
  });

  it('refuses an aggregator in China', () => {
    const given = { readerRoleName: 'reader', aggregator: 'all' };
    expect(() => readOptions(given, 'cn-northwest-1')).toThrow(
      'option aggregator="all": China has no queries over many accounts',
    );
    expect(readOptions(given, 'us-gov-west-1').parameters.Aggregator).toBe('all');
  });
});

interface StackSet {
  readonly StackSetName: string;
  readonly StackInstancesGroup: readonly { readonly Regions: readonly string[] }[];
  readonly TemplateBody: string;
}

function synthOrganization(given: Readonly<Record<string, unknown>>) {
  const options = readOptions({ ...organization, ...given });
  if (options.organization === undefined) throw new Error('no organization');
  const app = new App();
  const validations = (members: App) => [new AwsSolutionsChecks(members)];
  organizationStacks(app, { options, organization: options.organization, code, validations });
  const { stacks } = app.synth();
  const sets = stacks
    .flatMap(({ template }) => Object.values((template as Template).Resources))
    .filter(({ Type }) => Type === 'AWS::CloudFormation::StackSet')
    .map(({ Properties }) => Properties as unknown as StackSet);
  return { stacks, sets };
}

describe('an organization', () => {
  /** Every Region, and each kind of Region as the home Region. */
  it.each([
    ['all Regions of aws', table.regions.aws.join(), {}],
    ['all Regions of aws, with everything,', table.regions.aws.join(), all],
    ['Regions of all kinds', 'mx-central-1,us-east-1,me-central-1', all],
    ['two kinds of Regions', 'me-central-1,ap-east-2', all],
    ['Regions without remediation configurations', 'ap-southeast-6,ap-southeast-7', all],
    ['GovCloud', table.regions['aws-us-gov'].join(), all],
    ['China', table.regions['aws-cn'].join(), all],
  ])('in %s has only types that each Region knows', (_, chosen, given) => {
    const { stacks, sets } = synthOrganization({ ...given, regions: chosen });
    const central = stacks.filter(({ id }) => id.startsWith('FlowLogKeyRuleCentral-'));
    expect(central.map(({ environment }) => environment.region).sort()).toEqual(
      chosen.split(',').sort(),
    );
    for (const { id, template, environment } of stacks)
      expect([id, unknownIn(environment.region, template as Template)]).toEqual([id, []]);
    const members = sets.flatMap(({ StackInstancesGroup, TemplateBody }) =>
      StackInstancesGroup.flatMap(({ Regions }) =>
        Regions.map((region) => [region, unknownIn(region, JSON.parse(TemplateBody) as Template)]),
      ),
    );
    const expected = isChina(chosen) ? [] : chosen.split(',').sort();
    expect(members.map(([region]) => region).sort()).toEqual(expected);
    expect(members.filter(([, unknown]) => unknown?.length !== 0)).toEqual([]);
  });

  it('has a StackSet for Regions that cannot start runbooks, after the one with the roles', () => {
    const { sets, stacks } = synthOrganization({
      ...remediation,
      regions: 'us-east-1,mx-central-1,eu-west-1',
    });
    expect(
      sets.map(({ StackSetName, StackInstancesGroup: [group] }) => [StackSetName, group?.Regions]),
    ).toEqual([
      ['flow-log-key-rule-members', ['us-east-1', 'eu-west-1']],
      ['flow-log-key-rule-members-other', ['mx-central-1']],
    ]);
    const types = sets.map(({ TemplateBody }) => typesIn(JSON.parse(TemplateBody) as Template));
    const [home = [], other = []] = types;
    expect(home.filter((type) => !other.includes(type))).toEqual([
      'AWS::Config::RemediationConfiguration',
    ]);
    const members = stacks.find(({ id }) => id === 'FlowLogKeyRuleMembers')?.template as Template;
    expect(members.Resources.OtherStackSet).toMatchObject({ DependsOn: ['StackSet'] });
    expect(stacks.flatMap(({ messages }) => messages.map(({ entry }) => entry.data))).toEqual([
      'AWS Config cannot start remediation in mx-central-1, without AWS::Config::RemediationConfiguration: people start the runbooks',
    ]);
  });

  it.each(['us-gov-west-1', 'us-east-1,me-central-1'])(
    'in %s has a permission for each account, one for the organization, and one for comparisons',
    (chosen) => {
      const { stacks } = synthOrganization({ ...remediation, regions: chosen });
      const made = stacks.find(({ id }) => id.endsWith(chosen.split(',').at(-1) ?? ''));
      const permissions = Object.values((made?.template as Template).Resources)
        .filter(({ Type }) => Type === 'AWS::Lambda::Permission')
        .map(({ Properties }) => Properties);
      const Action = 'lambda:InvokeFunction';
      const Principal = 'config.amazonaws.com';
      const asked = (name: string): unknown => ({
        'Fn::GetAtt': [expect.stringContaining(name), 'Arn'],
      });
      expect(permissions).toEqual([
        {
          Action,
          FunctionName: asked('MenderFunction'),
          Principal: '*',
          PrincipalOrgID: 'o-a1b2c3d4e5',
        },
        {
          Action,
          FunctionName: asked('EvaluatorFunction'),
          Principal: 'events.amazonaws.com',
          SourceArn: expect.objectContaining({}) as unknown,
        },
        ...['111122223333', '444455556666'].map((SourceAccount) => ({
          Action,
          FunctionName: asked('EvaluatorFunction'),
          Principal,
          SourceAccount,
        })),
      ]);
    },
  );

  it('has as many permissions as a policy of 20 KB holds', () => {
    const region = 'us-gov-west-1';
    const statement = {
      Sid: `FlowLogKeyRuleCentral-${region}-AskedBy111122223333-AbCdEfGhIjKl`,
      Effect: 'Allow',
      Principal: { Service: 'config.amazonaws.com' },
      Action: 'lambda:InvokeFunction',
      Resource: `arn:aws-us-gov:lambda:${region}:999988887777:function:flow-log-key-rule-evaluator`,
      Condition: { StringEquals: { 'AWS:SourceAccount': '111122223333' } },
    };
    const Statement = Array.from({ length: MAX_STATEMENTS }, () => statement);
    const comparison = {
      ...statement,
      Sid: `FlowLogKeyRuleCentral-${region}-AskedByComparison-AbCdEfGhIjKl`,
      Principal: { Service: 'events.amazonaws.com' },
      Condition: {
        ArnLike: {
          'AWS:SourceArn': `arn:aws-us-gov:events:${region}:999988887777:rule/flow-log-key-rule-comparison`,
        },
      },
    };
    const policy = JSON.stringify({
      Version: '2012-10-17',
      Id: 'default',
      Statement: [comparison, ...Statement],
    });
    expect(policy.length).toBeLessThan(20_480);
  });

  it('in China asks no aggregator, follows no edits and brings no stacks, and says so', () => {
    const { stacks } = synthOrganization({ ...all, regions: 'cn-north-1,cn-northwest-1' });
    expect(stacks.map(({ id }) => id)).toEqual([
      'FlowLogKeyRuleCentral-cn-north-1',
      'FlowLogKeyRuleCentral-cn-northwest-1',
    ]);
    const types = stacks.flatMap(({ template }) => typesIn(template as Template));
    for (const type of ['AWS::Config::ConfigurationAggregator', 'AWS::Events::EventBus'])
      expect(types).not.toContain(type);
    expect(stacks.flatMap(({ messages }) => messages.map(({ entry }) => entry.data))).toEqual([
      expect.stringMatching(/^China has neither queries over many accounts nor StackSets/),
    ]);
    const { parameters } = readOptions({ ...organization, regions: 'cn-north-1' });
    expect(parameters).not.toHaveProperty('Aggregator');
  });
});
