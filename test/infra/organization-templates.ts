import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { type Options, readOptions } from '../../infra/options/options.ts';
import { organizationStacks } from '../../infra/organization/organization-stacks.ts';

/** The smallest set of options for an organization; the first Region is the home Region. */
export const organization = {
  organizationId: 'o-a1b2c3d4e5',
  organizationalUnits: 'ou-ab12-c3d4e5f6',
  regions: 'us-east-1,eu-west-1',
  memberAccounts: '111122223333,444455556666',
};
export const key = 'arn:aws:kms:us-east-1:111122223333:key/11111111-aaaa-4bbb-8ccc-1234567890ab';
export const manual = { remediation: 'manual', remediationKeys: 'tag:mend=yes' };

/** Every option that adds a permission. */
export const everything = {
  ...manual,
  remediation: 'automatic',
  detailedFindings: true,
  alsoCheck: 'bucket-policy',
  exemptions: '/flow-log-key-rule/exemptions',
  alarmTopicArn: 'arn:aws:sns:us-east-1:999988887777:alarms',
  permissionsBoundaryArn: 'arn:aws:iam::999988887777:policy/boundary',
};

export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal?: '*' | Readonly<Record<string, string | readonly string[]>>;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;
}

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
}

/** A template in words: references are names in angle brackets. */
export interface Template {
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, Resource>>;
}

export interface Templates {
  readonly home: Template;
  readonly other: Template;
  /** The StackSet of the home Region and all Regions like it. */
  readonly stackSet: Readonly<Record<string, unknown>>;
  /** The template of a member as the text in the StackSet. */
  readonly body: string;
  readonly member: Template;
  /** The dependencies of each stack. */
  readonly waits: Readonly<Record<string, readonly string[]>>;
}

const code = mkdtempSync(join(tmpdir(), 'organization-'));
for (const name of ['evaluate', 'mend', 'ripple']) {
  mkdirSync(join(code, name));
  writeFileSync(join(code, name, 'index.cjs'), 'exports.handler = async () => {};');
}

const made = new Map<string, Templates>();

/** The stacks of an organization with these options beside the smallest set. */
export function templates(given: Readonly<Record<string, unknown>> = {}): Templates {
  const id = JSON.stringify(given);
  const found = made.get(id) ?? synth(readOptions({ ...organization, ...given }));
  made.set(id, found);
  return found;
}

/** Throws an Error for a finding of a validation or of cdk-nag. */
export function synth(
  options: Options,
  context: Readonly<Record<string, unknown>> = {},
): Templates {
  const strict = { '@aws-cdk/core:strictCfnValidateErrors': true };
  // The same context as on the CDK command line.
  const app = new App({ context: { ...strict, 'aws:cdk:enable-path-metadata': true, ...context } });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  if (options.organization === undefined) throw new Error('no organization');
  const validations = (members: App) => [new AwsSolutionsChecks(members)];
  organizationStacks(app, { options, organization: options.organization, code, validations });
  const { stacks } = app.synth();
  const template = (name: string) => {
    const stack = stacks.find(({ id }) => id === name);
    if (stack === undefined) throw new Error(`no stack ${name}`);
    return inWords(stack.template) as Template;
  };
  const [home = '', other = home] = options.organization.regions;
  // China has no StackSet.
  const [stackSet = {}] = stacks.some(({ id }) => id === 'FlowLogKeyRuleMembers')
    ? resourcesOf(template('FlowLogKeyRuleMembers'), 'AWS::CloudFormation::StackSet').map(
        ({ Properties }) => Properties,
      )
    : [];
  const file = join(app.outdir, 'member', 'FlowLogKeyRuleMember.template.json');
  const body = (stackSet.TemplateBody as string | undefined) ?? readFileSync(file, 'utf8');
  return {
    home: template(`FlowLogKeyRuleCentral-${home}`),
    other: template(`FlowLogKeyRuleCentral-${other}`),
    stackSet,
    body,
    member: inWords(JSON.parse(body)) as Template,
    waits: Object.fromEntries(
      stacks.map(({ id, dependencies }) => [
        id,
        dependencies.map((each) => each.id).filter((each) => !each.endsWith('.assets')),
      ]),
    ),
  };
}

const words: Readonly<Record<string, string>> = {
  'AWS::Partition': '<partition>',
  'AWS::AccountId': '<account>',
  'AWS::Region': '<region>',
  CentralAccountId: '<central>',
};
/** Removes the hash that CDK appends to names. */
const named = (id: string): string => words[id] ?? `<${id.replace(/[0-9A-F]{8}$/, '')}>`;

function inWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inWords);
  if (typeof value !== 'object' || value === null) return value;
  const inside = Object.entries(value).map(([name, of]) => [name, inWords(of)] as const);
  const [[name, of] = ['', undefined]] = inside;
  if (name === 'Ref') return named(of as string);
  if (Array.isArray(of)) {
    const [first, second, third] = of as unknown as readonly [
      string,
      string | readonly string[],
      string?,
    ];
    if (name === 'Fn::GetAtt') return `${named(first)}.${String(second)}`;
    if (name === 'Fn::Join') return [second].flat().join(first);
    if (name === 'Fn::If') return `${first} ? ${String(second)} : ${String(third)}`;
  }
  return Object.fromEntries(inside);
}

/** The resources of a type, with their names in the template. */
export const resourcesOf = (
  template: Template,
  type: string,
): readonly (Resource & { id: string })[] =>
  Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id, each]) => ({ id: named(id), ...each }));

/** The properties of the only resource of a type, or of the only resource of the type with this name. */
export function propertiesOf(
  template: Template,
  type: string,
  name?: string,
): Resource['Properties'] {
  const found = resourcesOf(template, type)
    .map(({ Properties }) => Properties)
    .filter((each) => name === undefined || Object.values(each).includes(name));
  if (found.length !== 1) throw new Error(`${found.length} are ${type} ${name ?? ''}`);
  return found[0] ?? {};
}

/** A statement as a line: actions, resources, principals, conditions. */
export function lineOf(statement: Statement): string {
  const { Sid, Effect, Principal, Action, Resource, Condition, ...rest } = statement;
  if (Object.keys(rest).length > 0) throw new Error(`more is in ${JSON.stringify(statement)}`);
  const all = (of: string | readonly string[]): string => [of].flat().join(' and ');
  const when = Object.entries(Condition ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(
      ([name, value]) => `${operator} ${name} ${[value].flat().join(' or ')}`,
    ),
  );
  const by =
    typeof Principal === 'object'
      ? Object.entries(Principal).map(([kind, who]) => `${kind} ${all(who)}`)
      : [Principal].flatMap((each) => each ?? []);
  return [
    `${Sid === undefined ? '' : `${Sid}: `}${Effect === 'Allow' ? '' : `${Effect} `}${[Action].flat().sort().join(' and ')}`,
    ...(Resource === undefined ? [] : [`on ${all(Resource)}`]),
    ...by.map((each) => `by ${each}`),
    ...when.map((each) => `if ${each}`),
  ].join(' ');
}

interface Document {
  readonly Statement: readonly Statement[];
}

export interface Role {
  /** The statements of the trust policy. */
  readonly trusts: readonly string[];
  readonly may: readonly string[];
}

/** A role with its statements as lines. */
export function roleOf(template: Template, name: string): Role {
  const role = propertiesOf(template, 'AWS::IAM::Role', name);
  const { AssumeRolePolicyDocument: trust, Policies } = role as {
    readonly AssumeRolePolicyDocument: Document;
    readonly Policies: readonly { readonly PolicyDocument: Document }[];
  };
  return {
    trusts: trust.Statement.map(lineOf),
    may: Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement.map(lineOf)),
  };
}

export const roleNames = (template: Template): readonly unknown[] =>
  resourcesOf(template, 'AWS::IAM::Role')
    .map(({ Properties }) => Properties.RoleName)
    .sort();

export interface Policy {
  /** The type of the resource with the policy. */
  readonly on: string;
  readonly name: string;
  readonly isTrust: boolean;
  readonly statements: readonly Statement[];
}

/** Every policy in a template, at any depth. */
export const policiesOf = (template: Template): readonly Policy[] =>
  Object.values(template.Resources).flatMap(({ Type, Properties }) =>
    documentsIn(Properties).map(([at, { Statement }]) => ({
      on: Type,
      name: (Properties.RoleName ?? '') as string,
      isTrust: at === 'AssumeRolePolicyDocument',
      statements: Statement,
    })),
  );

function documentsIn(value: unknown, at = ''): readonly (readonly [string, Document])[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('Statement' in value) return [[at, value as Document]];
  return Object.entries(value).flatMap(([name, inside]) => documentsIn(inside, name));
}
