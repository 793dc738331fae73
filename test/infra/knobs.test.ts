import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readOptions } from '../../infra/options/options.ts';
import { organizationStacks } from '../../infra/organization/organization-stacks.ts';
import { AccountRule } from '../../infra/rule/account-rule.ts';
import { SecurityHubAdministrator } from '../../infra/rule/security-hub-administrator.ts';
import {
  organization,
  policiesOf,
  type Resource,
  type Template,
} from './organization-templates.ts';

const code = mkdtempSync(join(tmpdir(), 'knobs-'));
for (const name of ['evaluate', 'mend', 'ripple', 'gate']) {
  mkdirSync(join(code, name));
  writeFileSync(join(code, name, 'index.cjs'), 'exports.handler = async () => {};');
}
afterAll(() => {
  rmSync(code, { recursive: true });
});

type Given = Readonly<Record<string, unknown>>;

const mending = { remediation: 'automatic', remediationKeys: 'tag:mend=yes' };
const variants: Readonly<Record<string, Given>> = {
  'one account': { ...mending, hook: 'fail', detailedFindings: true },
  'a conformance pack': { ...mending, asConformancePack: true },
  'an organization': { ...organization, ...mending },
};

/** All templates by the names of their stacks, also those inside of StackSets. Throws for a finding of cdk-nag. */
function templates(given: Given): Readonly<Record<string, Template>> {
  const app = new App({ context: { '@aws-cdk/core:strictCfnValidateErrors': true } });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const options = readOptions(given);
  if (options.organization === undefined) {
    const stack = new Stack(app, 'Account', { env: { region: 'us-east-1' } });
    new AccountRule(stack, 'FlowLogKeyRule', {
      options,
      code: join(code, 'evaluate'),
      menderCode: join(code, 'mend'),
      gateCode: join(code, 'gate'),
    });
  } else {
    const validations = (members: App) => [new AwsSolutionsChecks(members)];
    organizationStacks(app, { options, organization: options.organization, code, validations });
  }
  new SecurityHubAdministrator(app, 'Administrator', { options });
  const made = app.synth().stacks.map(({ id, template }) => [id, template as Template] as const);
  const inside = made.flatMap(([, { Resources }]) =>
    Object.entries(Resources).flatMap(([id, { Properties }]) =>
      typeof Properties.TemplateBody === 'string' && Properties.TemplateBody.startsWith('{')
        ? [[id, JSON.parse(Properties.TemplateBody) as Template] as const]
        : [],
    ),
  );
  return Object.fromEntries([...made, ...inside]);
}

interface Made extends Resource {
  readonly at: string;
}

/** Every resource of every template. */
const everything = (given: Given): readonly Made[] =>
  Object.entries(templates(given)).flatMap(([stack, { Resources }]) =>
    Object.entries(Resources).map(([id, each]) => ({ ...each, at: `${stack} ${id} ${each.Type}` })),
  );

const ofType = (made: readonly Made[], type: string): readonly Made[] =>
  made.filter(({ Type }) => Type === type);

const isOfLambda = ({ Properties }: Made): boolean =>
  JSON.stringify(Properties.AssumeRolePolicyDocument).includes('lambda.amazonaws.com');

const statementsOf = (role: Made) =>
  policiesOf({ Resources: { role } })
    .filter(({ isTrust }) => !isTrust)
    .flatMap(({ statements }) => statements);

/** CloudFormation takes no tags for these types, and for automation rules no tag whose name has other characters than letters and digits. */
const withoutTags = [
  'AWS::CloudFormation::LambdaHook',
  'AWS::Config::ConfigRule',
  'AWS::Config::ConformancePack',
  'AWS::Config::RemediationConfiguration',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Permission',
  'AWS::Lambda::ResourcePolicy',
  'AWS::SecurityHub::AutomationRule',
  'AWS::SQS::QueuePolicy',
];

describe.each(Object.entries(variants))('%s', (_, variant) => {
  it('has the tags on everything that takes tags', () => {
    const tags = [
      { Key: 'cost-center', Value: '4711' },
      { Key: 'owner', Value: 'platform=security' },
    ];
    const made = everything({ ...variant, tags: 'owner=platform=security, cost-center=4711' });
    const without = made.filter(({ Properties }) => {
      const { Tags = [] } = Properties as { Tags?: readonly object[] | object };
      const list = Array.isArray(Tags)
        ? Tags
        : Object.entries(Tags).map(([Key, Value]) => ({ Key, Value: Value as unknown }));
      return JSON.stringify(list) !== JSON.stringify(tags);
    });
    expect(without.filter(({ Type }) => !withoutTags.includes(Type)).map(({ at }) => at)).toEqual(
      [],
    );
  });

  it('has path, prefix and boundary at every role, and names each role with its path', () => {
    const boundary = 'arn:aws:iam::999988887777:policy/boundary';
    const made = everything({
      ...variant,
      permissionsBoundaryArn: boundary,
      rolePath: '/security/tools/',
      roleNamePrefix: 'acme-',
      namePrefix: 'second-',
    });
    const roles = ofType(made, 'AWS::IAM::Role');
    expect(roles.length).toBeGreaterThan(2);
    for (const { Properties, at } of roles) {
      const { Path, PermissionsBoundary, RoleName } = Properties;
      expect({ at, Path, name: RoleName }).toEqual({
        at,
        Path: '/security/tools/',
        name: expect.stringMatching(/^acme-second-flow-log-key-rule-[a-z0-9-]+$/) as string,
      });
      expect(String(RoleName).length).toBeLessThanOrEqual(64);
      expect(JSON.stringify(PermissionsBoundary)).toContain(':policy/boundary');
    }
    const text = JSON.stringify(made).replaceAll('\\"', '"');
    expect(
      text.match(/role\/(?!security\/tools\/acme-second-flow-log-key-rule-).{0,60}/g),
    ).toBeNull();
    // Apart from the names of the roles, each name has the path in front.
    const uses = text
      .replaceAll(/"RoleName":"[^"]*"/g, '')
      .matchAll(/.{15}acme-second-flow-log-key-rule-/g);
    for (const [use] of uses) expect(use).toMatch(/^security\/tools\/acme/);
    for (const { Properties } of ofType(made, 'AWS::Config::ConfigRule')) {
      const { ReaderRoleName: reader } = (Properties.InputParameters ?? {}) as {
        ReaderRoleName?: object;
      };
      // In the home Region the parameter refers to the role, by the name without the path.
      if (reader !== undefined)
        expect(reader).toEqual({
          'Fn::If': [
            'IsHomeRegion',
            {
              'Fn::Join': [
                '',
                ['security/tools/', { Ref: expect.stringContaining('Reader') as string }],
              ],
            },
            'security/tools/acme-second-flow-log-key-rule-reader',
          ],
        });
    }
  });

  it('shares no name with a second copy but the table of leases', () => {
    const second = { ...variant, namePrefix: 'second-' };
    const shared = (names: readonly string[], others: readonly string[]) =>
      names.filter((each) => others.includes(each));
    const first = namesIn(everything(variant));
    expect(first.length).toBeGreaterThan(2);
    const tables = shared(first, namesIn(everything(second)));
    expect([...new Set(tables)]).toEqual(['AWS::DynamoDB::Table flow-log-key-rule']);
    const copy = everything({ ...second, remediationTable: 'existing' });
    expect(shared(first, namesIn(copy))).toEqual([]);
    expect(
      ofType(copy, 'AWS::DynamoDB::Table').map(({ Properties }) => Properties),
    ).not.toContainEqual(expect.objectContaining({ TableName: 'flow-log-key-rule' }));
    expect(JSON.stringify(copy)).toContain('table/flow-log-key-rule');
  });

  it('has the level of messages in every function', () => {
    const functions = ofType(
      everything({ ...variant, logLevel: 'DEBUG' }),
      'AWS::Lambda::Function',
    );
    expect(functions.length).toBeGreaterThan(1);
    for (const { Properties } of functions)
      expect(Properties).toMatchObject({
        Environment: { Variables: { POWERTOOLS_LOG_LEVEL: 'DEBUG' } },
      });
  });

  it('encrypts logs, queues and tables, but not the leases, and lets roles use the key', () => {
    const key = `arn:aws:kms:us-east-1:999988887777:key/mrk-${'0123456789abcdef'.repeat(2)}`;
    const made = everything({ ...variant, encryptionKeyArn: key });
    const inRegion = ({ at }: Made) =>
      key.replace('us-east-1', /eu-west-1/.exec(at)?.[0] ?? 'us-east-1');
    for (const each of ofType(made, 'AWS::Logs::LogGroup'))
      expect(each.Properties.KmsKeyId).toBe(inRegion(each));
    for (const each of ofType(made, 'AWS::SQS::Queue')) {
      expect(each.Properties.KmsMasterKeyId).toBe(inRegion(each));
      expect(each.Properties).not.toHaveProperty('SqsManagedSseEnabled');
    }
    for (const each of ofType(made, 'AWS::DynamoDB::Table'))
      expect([each.at, each.Properties.SSESpecification]).toEqual([
        each.at,
        each.Properties.TableName === 'flow-log-key-rule'
          ? undefined
          : { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: inRegion(each) },
      ]);
    for (const role of ofType(made, 'AWS::IAM::Role')) {
      const uses = statementsOf(role).filter(({ Sid }) => Sid === 'UseEncryptionKey');
      expect([role.at, uses.length]).toEqual([role.at, isOfLambda(role) ? 1 : 0]);
      const writes = statementsOf(role).filter(({ Sid }) => Sid === 'WriteKeyPolicies');
      const spared = statementsOf(role).filter(({ Effect }) => Effect === 'Deny');
      expect(spared).toHaveLength(writes.length);
      if (spared.length > 0)
        expect(spared).toEqual([
          {
            Sid: 'SpareEncryptionKey',
            Effect: 'Deny',
            Action: 'kms:PutKeyPolicy',
            Resource: key.replace('us-east-1', '*'),
          },
        ]);
    }
  });

  it('admits the same senders to its queues with a key as without', () => {
    const key = `arn:aws:kms:us-east-1:999988887777:key/mrk-${'0123456789abcdef'.repeat(2)}`;
    const policies = (given: Given) => ofType(everything(given), 'AWS::SQS::QueuePolicy');
    expect(policies({ ...variant, encryptionKeyArn: key })).toEqual(policies(variant));
  });
});

describe.each(Object.entries(variants))('%s in a VPC', (_, variant) => {
  it('has every function there, whose role lets Lambda and not the code join', () => {
    const places = variant === variants['an organization'] ? ['us-east-1:', 'eu-west-1:'] : [''];
    const made = everything({
      ...variant,
      subnetIds: places
        .flatMap((at, i) => [`${at}subnet-0000000${i}`, `${at}subnet-1111111${i}`])
        .join(),
      securityGroupIds: places.map((at, i) => `${at}sg-0000000${i}`).join(),
    });
    for (const { Properties, at } of ofType(made, 'AWS::Lambda::Function')) {
      const i = at.includes('eu-west-1') ? 1 : 0;
      expect([at, Properties.VpcConfig]).toEqual([
        at,
        {
          SubnetIds: [`subnet-0000000${i}`, `subnet-1111111${i}`],
          SecurityGroupIds: [`sg-0000000${i}`],
        },
      ]);
    }
    for (const role of ofType(made, 'AWS::IAM::Role')) {
      const [join, leave, ...more] = statementsOf(role).filter(({ Action }) =>
        [Action].flat().includes('ec2:CreateNetworkInterface'),
      );
      expect(more).toEqual([]);
      if (!isOfLambda(role)) expect(join).toBeUndefined();
      else {
        expect(join).toMatchObject({ Sid: 'JoinNetwork', Effect: 'Allow', Resource: '*' });
        expect(leave).toMatchObject({
          Effect: 'Deny',
          Action: join?.Action,
          Condition: { ArnLike: { 'lambda:SourceFunctionArn': expect.anything() as object } },
        });
      }
    }
  });
});

describe('the log at the lowest level', () => {
  it('has no more than at INFO, so no facts of AWS and no event', () => {
    const files = readdirSync('rule', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join('rule', file));
    expect(files.length).toBeGreaterThan(100);
    const calling = files.filter((file) =>
      /logger\.(debug|trace|logEvent)|injectLambdaContext|LOG_EVENT/i.test(
        readFileSync(file, 'utf8'),
      ),
    );
    expect(calling).toEqual([]);
  });
});

/** The names that the templates choose. A reference to another resource is no text. */
const namesIn = (made: readonly Made[]): readonly string[] =>
  made.flatMap(({ Type, Properties }) =>
    Object.entries(Properties).flatMap(([property, value]) =>
      /(?<!Metric)Name$|^Alias$/.test(property) && typeof value === 'string'
        ? [`${Type} ${value}`]
        : [],
    ),
  );
