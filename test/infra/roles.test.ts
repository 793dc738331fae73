import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template as Assertions } from 'aws-cdk-lib/assertions';
import { AccountRule } from '../../infra/rule/account-rule.ts';
import { type Options, readOptions } from '../../infra/options/options.ts';
import { importsIn, reachableFrom } from '../import-graph.ts';
import {
  manual,
  organization,
  policiesOf,
  resourcesOf,
  type Template,
  templates,
} from './organization-templates.ts';

/** The prefix of each client's actions. */
const services: Readonly<Record<string, string>> = {
  '@aws-sdk/client-cloudformation': 'cloudformation',
  '@aws-sdk/client-config-service': 'config',
  '@aws-sdk/client-dynamodb': 'dynamodb',
  '@aws-sdk/client-ec2': 'ec2',
  '@aws-sdk/client-kms': 'kms',
  '@aws-sdk/client-organizations': 'organizations',
  '@aws-sdk/client-s3': 's3',
  '@aws-sdk/client-securityhub': 'securityhub',
  '@aws-sdk/client-ssm': 'ssm',
  '@aws-sdk/client-sts': 'sts',
};

/**
 * Actions with another name than their call; undefined where a call needs no permission.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
const otherNames: Readonly<Record<string, string | undefined>> = {
  's3:GetBucketEncryption': 's3:GetEncryptionConfiguration',
  's3:HeadBucket': 's3:ListBucket',
  's3:HeadObject': 's3:GetObject',
  's3:ListObjectsV2': 's3:ListBucket',
  'sts:GetCallerIdentity': undefined,
};

interface Sent {
  readonly file: string;
  readonly action: string;
}

/** The actions of the calls that a file of the product can send. */
const sentIn = (file: string): readonly Sent[] =>
  importsIn(file)
    .filter(({ module }) => module.startsWith('@aws-sdk/client-'))
    .flatMap(({ module, values }) => values.map((name) => `${services[module] ?? module}:${name}`))
    .filter((name) => !/(Client|Exception)$/.test(name))
    .map((name) => {
      const call = name.replace(/(?<=:)paginate|Command$/g, '');
      if (call === name) throw new Error(`${file} imports ${name}, which is no command`);
      return call in otherNames ? otherNames[call] : call;
    })
    .flatMap((action) => (action === undefined ? [] : [{ file, action }]));

const doors = ['evaluate', 'mend', 'ripple'] as const;
type Door = (typeof doors)[number];

const sentThrough = (door: Door | 'gate'): readonly Sent[] =>
  reachableFrom(`rule/${door}/handler.ts`).flatMap(sentIn);
const sent: Readonly<Record<Door, readonly Sent[]>> = {
  evaluate: sentThrough('evaluate'),
  mend: sentThrough('mend'),
  ripple: sentThrough('ripple'),
};

/** Calls that are sent only with an option. */
const needs: Readonly<Record<string, (options: Options) => boolean>> = {
  'organizations:DescribeOrganization': ({ parameters }) => parameters.OrganizationId === undefined,
  'ssm:GetParameter': ({ parameters }) => parameters.Exemptions !== undefined,
  'securityhub:BatchImportFindings': ({ detailedFindings }) => detailedFindings,
  'securityhub:GetFindings': ({ detailedFindings }) => detailedFindings,
  'sts:AssumeRole': ({ parameters }) => parameters.ReaderRoleName !== undefined,
  'config:SelectAggregateResourceConfig': ({ parameters }) => parameters.Aggregator !== undefined,
};

/** Calls of Lambda itself, with the role of the function. */
const logs = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const ofLambda: Readonly<Record<Door | 'gate', readonly string[]>> = {
  evaluate: [...logs, 'sqs:SendMessage'],
  mend: logs,
  ripple: [...logs, 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  gate: logs,
};
/** Calls that services send to KMS for a role, and the calls of Lambda to join a VPC. */
const withKey = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];
const inVpc = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];
const byLambda = (door: Door | 'gate', { encryptionKeyArn, subnetIds }: Options) => [
  ...ofLambda[door],
  ...(encryptionKeyArn === undefined ? [] : withKey),
  ...(subnetIds.length === 0 ? [] : inVpc),
];

const sorted = (actions: readonly string[]): readonly string[] => [...new Set(actions)].sort();

const wanted = (found: readonly Sent[], options: Options): readonly string[] =>
  found.map(({ action }) => action).filter((action) => needs[action]?.(options) ?? true);

/** The actions of the only role that fits. */
function allowed(template: Template, fits: (id: string, name: unknown) => boolean) {
  const [role, ...others] = resourcesOf(template, 'AWS::IAM::Role').filter(({ id, Properties }) =>
    fits(id, Properties.RoleName),
  );
  if (role === undefined || others.length > 0) throw new Error(`${others.length + 1} roles fit`);
  const policies = policiesOf({ Resources: { role } }).filter(({ isTrust }) => !isTrust);
  const statements = policies.flatMap((each) => each.statements);
  return sorted(statements.flatMap(({ Effect, Action }) => (Effect === 'Allow' ? Action : [])));
}

const everyChoice = {
  detailedFindings: true,
  exemptions: '/flow-log-key-rule/exemptions',
  readerRoleName: 'reader',
  aggregator: 'all',
  organizationId: 'o-a1b2c3d4e5',
  alsoCheck: 'bucket-policy,customer-key',
  encryptionKeyArn: `arn:aws:kms:us-east-1:999988887777:key/mrk-${'0'.repeat(32)}`,
};
const vpc = { subnetIds: 'subnet-01234567', securityGroupIds: 'sg-01234567' };
type Choice = readonly [string, Readonly<Record<string, unknown>>];
const choices: readonly Choice[] = [
  ['without options', {}],
  ...Object.entries(everyChoice)
    .filter(([name]) => !['readerRoleName', 'aggregator'].includes(name))
    .map(([name, value]) => [`with ${name}`, { [name]: value }] as const),
];

describe('the roles for one account', () => {
  const code = mkdtempSync(join(tmpdir(), 'roles-'));
  writeFileSync(join(code, 'index.cjs'), 'exports.handler = async () => {};');

  it.each<Choice>([
    ...choices,
    ['with readerRoleName', { readerRoleName: 'reader' }],
    ['with an aggregator', { readerRoleName: 'reader', aggregator: 'all' }],
    ['in a VPC', vpc],
    ['with every option', { ...everyChoice, ...vpc }],
  ])('%s allow the calls of their functions, and no other', (_, given) => {
    const options = readOptions({ ...manual, ...given, hook: 'fail' });
    const stack = new Stack(new App(), 'FlowLogKeyRule');
    const codes = { code, menderCode: code, gateCode: code };
    new AccountRule(stack, 'FlowLogKeyRule', { options, ...codes });
    const template = Assertions.fromStack(stack).toJSON() as Template;
    const role = (name: string) => allowed(template, (id) => id.includes(`${name}Role`));
    const calls = (door: Door) =>
      sorted([...wanted(sent[door], options), ...byLambda(door, options)]);
    expect(role('Evaluator')).toEqual(calls('evaluate'));
    expect(role('Mender')).toEqual(calls('mend'));
    expect(role('Gate')).toEqual(
      sorted([...wanted(sentThrough('gate'), options), ...byLambda('gate', options)]),
    );
    expect(role('GateHook')).toEqual(['lambda:InvokeFunction']);
  });
});

/**
 * The role whose credentials send a call, by file, or by file and action: `central` is the function's own role, the
 * others are roles of members.
 */
const memberRoles = ['reader', 'reporter', 'mender', 'execution-reader'] as const;
type Sender = 'central' | (typeof memberRoles)[number];
const everywhere: Readonly<Record<string, Sender>> = {
  'rule/sources/aggregator/select.ts': 'central',
  'rule/sources/aws/assume-role.ts': 'central',
  'rule/sources/aws/bucket-encryption.ts': 'reader',
  'rule/sources/aws/bucket.ts': 'reader',
  'rule/sources/aws/flow-logs.ts': 'reader',
  'rule/sources/aws/grants.ts': 'reader',
  'rule/sources/aws/key.ts': 'reader',
  'rule/sources/aws/organization.ts': 'reader',
  'rule/sources/exemptions/parameter.ts': 'central',
};
const senders: Readonly<Record<Door, Readonly<Record<string, Sender>>>> = {
  evaluate: {
    ...everywhere,
    'rule/evaluate/old-results.ts': 'reporter',
    'rule/evaluate/put-evaluations.ts': 'reporter',
    'rule/evaluate/recorder.ts': 'reporter',
    'rule/evaluate/runs-table.ts': 'central',
    'rule/evaluate/security-hub/import.ts': 'reporter',
    'rule/evaluate/security-hub/read.ts': 'reporter',
  },
  mend: {
    ...everywhere,
    'rule/mend/executions.ts': 'central',
    'rule/mend/key-policy.ts': 'mender',
    'rule/mend/lease-item.ts': 'mender',
    'rule/mend/shown-execution.ts': 'execution-reader',
  },
  ripple: {
    ...everywhere,
    'rule/ripple/rule-starts.ts': 'central',
    'rule/ripple/rule-starts.ts config:StartConfigRulesEvaluation': 'reporter',
  },
};

const senderOf = (door: Door, { file, action }: Sent): Sender | undefined =>
  senders[door][`${file} ${action}`] ?? senders[door][file];

const ofCentral: Readonly<Record<Door, string>> = {
  evaluate: 'evaluator',
  mend: 'mender',
  ripple: 'ripple',
};

describe('the roles for an organization', () => {
  it.each(doors)('have a sender for every call of %s', (door) => {
    const without = sent[door].filter((each) => senderOf(door, each) === undefined);
    expect(without).toEqual([]);
  });

  it.each<Choice>([
    ...choices,
    ['with every option but the roles', { ...everyChoice, readerRoleName: '' }],
    ['without remediation', { remediation: 'off', remediationKeys: '' }],
    ['in China', { regions: 'cn-north-1' }],
    ['in a VPC', { ...vpc, regions: 'us-east-1' }],
  ])('%s allow the calls of the functions, and no other', (_, given) => {
    const chosen = { ...manual, ...given };
    const options = readOptions({ ...organization, ...chosen });
    const made = doors.filter(
      (door) =>
        (door !== 'mend' || options.remediation !== undefined) &&
        (door !== 'ripple' || options.organization?.hasRipple === true),
    );
    const callsOf = (door: Door, sender: Sender) =>
      wanted(
        sent[door].filter((each) => senderOf(door, each) === sender),
        options,
      );
    const central = made.map((door) => [
      `central-${ofCentral[door]}`,
      sorted([...callsOf(door, 'central'), ...byLambda(door, options)]),
    ]);
    const ofMember = memberRoles
      .map((sender) => [sender, sorted(made.flatMap((door) => callsOf(door, sender)))] as const)
      .filter(([, calls]) => calls.length > 0);
    const { home, member } = templates(chosen);
    const rolesIn = (template: Template, expected: readonly (readonly unknown[])[]) =>
      expected.map(([name]) => [
        name,
        allowed(template, (_id, roleName) => roleName === `flow-log-key-rule-${String(name)}`),
      ]);
    expect(rolesIn(home, central)).toEqual(central);
    expect(rolesIn(member, ofMember)).toEqual(ofMember);
  });
});
