import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import { readOptions } from '../../infra/options/options.ts';
import { frequencies, retentions, ruleDefaults } from '../../infra/options/rule.ts';
import type { Context } from '../../infra/release/choices.ts';
import { type JsonObject, omit } from '../../infra/release/json.ts';
import { memberTemplate, synthMember } from '../../infra/release/member-template.ts';
import { madeUpOptions, regionsWithout } from '../../infra/release/made-up.ts';
import { ruleTemplate, synthRule } from '../../infra/release/rule-template.ts';
import { templateYaml } from '../../infra/release/yaml.ts';
import { parseYaml } from '../../rule/sources/template/yaml-file.ts';
import { refusals, resolved } from './resolved-template.ts';

/** CDK's own validation takes most of the time, and other tests have it. */
const validation = process.env.CDK_VALIDATION;
const dist = mkdtempSync(join(tmpdir(), 'release-'));
beforeAll(() => {
  process.env.CDK_VALIDATION = 'false';
  for (const name of ['evaluate', 'gate', 'mend']) {
    mkdirSync(join(dist, name));
    writeFileSync(join(dist, name, 'index.cjs'), 'exports.handler = async () => {};');
  }
});
afterAll(() => {
  if (validation === undefined) delete process.env.CDK_VALIDATION;
  else process.env.CDK_VALIDATION = validation;
  rmSync(dist, { recursive: true });
});

const files = { evaluate: 'evaluator.zip', mend: 'mender.zip', gate: 'hook.zip' };

/** The options of the app as parameters of a released template. */
function parametersFor({ frequency, remediationKeys, ...options }: Context): Context {
  const named = Object.entries(options).map(([name, value]) => [
    `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    value,
  ]);
  const keys =
    remediationKeys === '*'
      ? { RemediationEveryKey: 'true' }
      : remediationKeys?.startsWith('tag:')
        ? { RemediationKeyTag: remediationKeys.replace('tag:', '') }
        : remediationKeys && { RemediationKeyArns: remediationKeys };
  const { namePrefix, ruleName = `${namePrefix ?? ''}${ruleDefaults.ruleName}` } = options;
  return {
    ...(Object.fromEntries(named) as Context),
    // The app puts the prefix in front of the default; a default of a template cannot follow another parameter.
    RuleName: ruleName,
    ...(frequency && { EvaluationFrequency: frequency }),
    ...keys,
  };
}

const place = { CodeBucket: 'code-bucket-made-up', CodePrefix: 'code-prefix-made-up/' };
/** The app names the stack; a released template takes the name of the stack that an operator chose. */
const inWords = (value: unknown, region = ''): unknown =>
  JSON.parse(
    JSON.stringify(value)
      .replaceAll('StackMadeUp', '<AWS::StackName>')
      .replaceAll(region === '' ? '\u0000' : region, '<AWS::Region>'),
  );

const key = (last: string): string =>
  `arn:aws:kms:us-east-1:111122223333:key/11111111-aaaa-4bbb-8ccc-12345678900${last}`;
const approver = (name: string): string => `arn:aws:iam::111122223333:role/${name}`;
const topic = 'arn:aws:sns:us-east-1:111122223333:alarms';
const approvals = 'arn:aws:sns:us-east-1:111122223333:Automation-approvals';
const boundary = 'arn:aws:iam::111122223333:policy/path/boundary';

const maybe = (name: string, ...values: readonly string[]): fc.Arbitrary<Context> =>
  fc
    .option(fc.constantFrom(...values), { nil: undefined })
    .map((value) => (value === undefined ? {} : { [name]: value }));
const all = (...parts: readonly fc.Arbitrary<Context>[]): fc.Arbitrary<Context> =>
  fc.tuple(...parts).map((each) => Object.assign({}, ...each) as Context);

const remediated = all(
  fc.constantFrom('manual', 'automatic').map((remediation) => ({ remediation })),
  fc
    .constantFrom('*', 'tag:mend=yes', 'tag:a b/c=x.y', key('1'), `${key('1')},${key('2')}`)
    .map((remediationKeys) => ({ remediationKeys })),
  fc.oneof(
    fc.constant({}),
    all(
      fc
        .constantFrom(approver('a'), `${approver('a')},${approver('b')},${approver('c')}`)
        .map((remediationApprovers) => ({ remediationApprovers })),
      maybe('remediationApprovalTopicArn', approvals),
    ),
  ),
  maybe('remediationAttempts', '1', '24'),
  maybe('remediationRetrySeconds', '1', '86400'),
  maybe('remediationConcurrency', '1', '100'),
  maybe('remediationAccounts', '111122223333', '111122223333,444455556666'),
  maybe('remediationScope', 'flow-logs', 'organization'),
  maybe('remediationTable', 'new', 'existing'),
);

const shared = all(
  maybe('ruleName', 'my-rule_2', 'R'),
  maybe('frequency', ...frequencies),
  maybe('requiredActions', 'kms:Decrypt', 'kms:GenerateDataKey,kms:Decrypt'),
  maybe('alsoCheck', 'bucket-policy', 'bucket-policy,customer-key'),
  maybe('unknownAs', 'NON_COMPLIANT', 'NOT_APPLICABLE'),
  maybe('exemptions', '/a/b', 'list'),
  maybe('detailedFindings', 'true', 'false'),
  maybe('permissionsBoundaryArn', boundary),
  maybe('rolePath', '/', '/security/', '/a/b/'),
  maybe('roleNamePrefix', 'corp-'),
  fc.oneof({ arbitrary: remediated, weight: 3 }, maybe('remediation', 'off')),
);

const ofRule = all(
  shared,
  maybe('organizationId', 'o-a1b2c3d4e5'),
  fc.oneof(
    fc.constant({}),
    all(
      fc.constant({ readerRoleName: 'reader' }),
      maybe('ownerAccounts', '111122223333', '111122223333,444455556666'),
      maybe('aggregator', 'all'),
    ),
  ),
  maybe(
    'encryptionKeyArn',
    key('9'),
    `arn:aws:kms:us-east-1:111122223333:key/mrk-${'0'.repeat(32)}`,
  ),
  fc.oneof(
    fc.constant({}),
    all(
      fc.constantFrom('subnet-0a1b2c3d', 'subnet-0a1b2c3d,subnet-1a1b2c3d').map((subnetIds) => ({
        subnetIds,
      })),
      fc.constantFrom('sg-0a1b2c3d', 'sg-0a1b2c3d,sg-1a1b2c3d').map((securityGroupIds) => ({
        securityGroupIds,
      })),
    ),
  ),
  maybe('logLevel', 'DEBUG', 'INFO'),
  maybe('reservedConcurrency', '1', '1000'),
  maybe('callsAtOnce', '1', '100'),
  maybe('alarmTopicArn', topic),
  maybe('unknownThreshold', '0', '7', '1000000'),
  maybe('logRetentionDays', ...retentions),
).map((options) =>
  options.remediationScope === 'organization'
    ? { organizationId: 'o-a1b2c3d4e5', ...options }
    : options,
);

const ofMember = all(
  shared,
  fc.constant({ organizationId: 'o-a1b2c3d4e5', regions: 'eu-west-1' }),
  maybe('ownerAccounts', '111122223333', '111122223333,444455556666'),
  maybe('aggregator', 'all'),
  maybe('namePrefix', 'two-'),
).map((options): Context => omit<string>(options, 'remediationScope', 'remediationAccounts'));

const runs = { numRuns: Number(process.env.RELEASE_RUNS ?? 20) };

describe('the released template of the rule', () => {
  it.each([
    ['in most Regions', undefined, maybe('hook', 'off', 'warn', 'fail')],
    ['in a Region without hooks', regionsWithout.hook, fc.constant({})],
    ['in a Region where only people start runbooks', regionsWithout.remediation, fc.constant({})],
  ])('%s is what the app makes with the same options', (_, region, hooks) => {
    const props = { files, dist, region };
    const released = ruleTemplate(props);
    fc.assert(
      fc.property(all(ofRule, hooks), (options) => {
        const given = { ...place, ...parametersFor(options) };
        const known = Object.keys(released.Parameters ?? {});
        const taken = Object.fromEntries(
          Object.entries(given).filter(([name]) => known.includes(name)),
        );
        expect(refusals(released, taken)).toEqual([]);
        expect(inWords(resolved(released, taken))).toEqual(
          inWords(resolved(synthRule(options, props) as unknown as JsonObject), region),
        );
      }),
      runs,
    );
  });
});

/** As YAML without types and with short forms has a template. */
function asText(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(asText);
  if (typeof json !== 'object' || json === null) return String(json);
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [
      name,
      name === 'Fn::GetAtt' ? (value as string[]).join('.') : asText(value),
    ]),
  );
}

describe('the YAML of a released template', () => {
  it('says the same in YAML 1.1, in which off without quotes is false', () => {
    const template = ruleTemplate({ files, dist });
    const yaml = templateYaml(template, 'one\ntwo');
    expect(parseYaml(yaml).content).toEqual(asText(template));
    const { Parameters } = parse(yaml, { version: '1.1', logLevel: 'silent' }) as JsonObject;
    expect(Parameters).toEqual(template.Parameters);
  });
});

describe('the released template of a member', () => {
  it.each([
    ['in most Regions', true],
    ['in a Region where only people start runbooks', false],
  ])('%s is what the app makes with the same options', (_, canStartRunbooks) => {
    const released = memberTemplate(canStartRunbooks);
    fc.assert(
      fc.property(ofMember, ({ regions = '', ...options }) => {
        const known = Object.keys(released.Parameters ?? {});
        const given = Object.fromEntries(
          Object.entries(parametersFor(options)).filter(([name]) => known.includes(name)),
        );
        const values = { HomeRegion: regions, CentralAccountId: '999988887777' };
        const synthesised = synthMember({ ...options, regions }, canStartRunbooks);
        expect(refusals(released, { ...given, ...values })).toEqual([]);
        expect(resolved(released, { ...given, ...values })).toEqual(
          resolved(synthesised as unknown as JsonObject, { CentralAccountId: '999988887777' }),
        );
      }),
      runs,
    );
  });
});

describe('every option of the app', () => {
  /** What a template with parameters cannot have; docs/install.md says so. */
  const withCdkOnly = ['asConformancePack', 'namePrefix', 'securityHubAdministrator', 'tags'];
  const ofOrganization = ['excludedAccounts', 'memberAccounts', 'organizationalUnits', 'regions'];

  it('is a parameter, or stays with the CDK', () => {
    const known = (): string => {
      try {
        return JSON.stringify(readOptions({ 'unlike-every-known-option': 'x' }));
      } catch (error) {
        return String(error).replace(/.*known are /, '');
      }
    };
    expect(known().split(', ').sort()).toEqual(
      [...Object.keys(madeUpOptions), ...withCdkOnly, ...ofOrganization].sort(),
    );
  });
});

describe('a parameter of the released template', () => {
  const option = (name: string): string =>
    name === 'EvaluationFrequency'
      ? 'frequency'
      : `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  /** Other options that an option needs. */
  const beside: Readonly<Record<string, Context>> = {
    OwnerAccounts: { readerRoleName: 'reader' },
    Aggregator: { readerRoleName: 'reader' },
    RemediationApprovalTopicArn: { remediationApprovers: approver('a') },
    RemediationScope: { organizationId: 'o-a1b2c3d4e5' },
    SubnetIds: { securityGroupIds: 'sg-0a1b2c3d' },
    SecurityGroupIds: { subnetIds: 'subnet-0a1b2c3d' },
  };
  const context = (name: string, value: string): Context => {
    if (name === 'RemediationEveryKey') return {};
    const isRemediation = name.startsWith('Remediation');
    const keys = name === 'RemediationKeyArns' || name === 'RemediationKeyTag';
    const written = name === 'RemediationKeyTag' && value !== '' ? `tag:${value}` : value;
    return {
      ...(isRemediation ? { remediation: 'manual', remediationKeys: '*' } : {}),
      ...(value === '' ? {} : beside[name]),
      ...(keys ? (value === '' ? {} : { remediationKeys: written }) : { [option(name)]: value }),
      ...(name === 'Remediation' && value === 'off' ? { remediationKeys: '' } : {}),
    };
  };
  const isRead = (given: Context): boolean => {
    try {
      readOptions(given);
      return true;
    } catch {
      return false;
    }
  };
  const released = (): JsonObject => ruleTemplate({ files, dist });
  const pieces = fc.constantFrom(
    ...['arn:aws:', 'arn:aws-cn:', 'kms:', 'iam::', 'sns:', 'us-east-1:', '111122223333', ':', '/'],
    ...[
      'key/',
      'role/',
      'policy/',
      'a',
      'Automation',
      ',',
      ' ',
      '-',
      '_',
      '=',
      '0',
      '1',
      '37',
      '*',
    ],
    ...['kms:Decrypt', 'kms:Guess', 'o-a1b2c3d4e5', 'true', 'organization', 'off', 'One_Hour', '.'],
    ...[key('1'), approver('b'), topic, approvals, boundary, 'mrk-', '\n', '"', '$'],
  );

  it('takes only what the reader of the option takes', () => {
    const template = released();
    const names = Object.keys(template.Parameters ?? {}).filter((name) => !name.startsWith('Code'));
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.array(pieces, { maxLength: 4 }).map((each) => each.join('')),
        (name, value) => {
          const isTaken = !refusals(template, { [name]: value }).some((each) =>
            each.startsWith(`${name}=`),
          );
          if (isTaken)
            expect([name, value, isRead(context(name, value))]).toEqual([name, value, true]);
        },
      ),
      { numRuns: 20_000 },
    );
  });

  it.each([
    ['SubnetIds', 'subnet', 16],
    ['SecurityGroupIds', 'sg', 5],
  ])('%s takes as many ids as a function does', (name, prefix, most) => {
    const template = released();
    const ids = Array.from({ length: most + 1 }, (_, nth) => `${prefix}-0000000${nth % 10}${nth}`);
    const isTaken = (value: string): boolean =>
      !refusals(template, { [name]: value }).some((each) => each.startsWith(`${name}=`));
    expect([isTaken(ids.slice(1).join()), isTaken(ids.join())]).toEqual([true, false]);
  });

  const combinations = fc.record(
    {
      Remediation: fc.constantFrom('off', 'manual', 'automatic'),
      RemediationKeyArns: fc.constant(key('1')),
      RemediationKeyTag: fc.constant('mend=yes'),
      RemediationEveryKey: fc.constantFrom('true', 'false'),
      RemediationApprovers: fc.constant(approver('a')),
      RemediationApprovalTopicArn: fc.constant(approvals),
      RemediationScope: fc.constantFrom('organization', 'flow-logs'),
      RemediationAccounts: fc.constant('111122223333'),
      OrganizationId: fc.constant('o-a1b2c3d4e5'),
      ReaderRoleName: fc.constant('reader'),
      OwnerAccounts: fc.constant('111122223333'),
      Aggregator: fc.constant('all'),
      SubnetIds: fc.constant('subnet-0a1b2c3d'),
      SecurityGroupIds: fc.constant('sg-0a1b2c3d'),
    },
    { requiredKeys: [] },
  );

  it('is refused beside others where the reader of the options refuses the combination', () => {
    const template = released();
    fc.assert(
      fc.property(combinations, (given) => {
        const { RemediationKeyArns, RemediationKeyTag, RemediationEveryKey, ...others } = given;
        const keys = [
          RemediationKeyArns,
          RemediationKeyTag && `tag:${RemediationKeyTag}`,
          RemediationEveryKey === 'true' ? '*' : undefined,
        ].filter((each) => each !== undefined);
        // The default of the scope is the same as no scope.
        const { RemediationScope, ...rest } = others;
        const written = Object.fromEntries([
          ...Object.entries(rest).map(([name, value]) => [option(name), value]),
          ...(RemediationScope === 'organization' ? [['remediationScope', 'organization']] : []),
          ...keys.map((each) => ['remediationKeys', each]),
        ]) as Context;
        const isAllowed = refusals(template, { CodeBucket: 'bucket', ...given }).length === 0;
        expect(isAllowed).toBe(keys.length < 2 && isRead(written));
      }),
      { numRuns: 3_000 },
    );
  });
});
