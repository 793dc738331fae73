import { join } from 'node:path';
import { DescribeOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import type { Executed } from './automation.ts';
import { deliveryStatement, makeBucket, makeFlowLog, makeKey, sidsIn } from './deploy/flow-logs.ts';
import { judge, parametersIn, runDocument } from './deploy/functions.ts';
import { resourcesIn } from './deploy/left.ts';
import { describeDeployed, inHaste, rootOf, startCloud, type Cloud } from './deploy/ministack.ts';
import { readTemplate, synthesise, upload, type Assembly } from './deploy/assembly.ts';
import { deployable } from './deploy/known.ts';
import { createStack, removeStack, type Ids, type Place, type Template } from './deploy/stacks.ts';
import { archive, central, executionReader, member, reporter } from './organization-world.ts';

// The stacks of an organization in an emulator of AWS: the central account in two Regions, and two members. The trust
// policies and the policies of all roles decide. ministack has no StackSets, so the test brings the members' template.

const ruleName = 'flow-log-key-allows-delivery';
const regions = ['us-east-1', 'eu-west-1'] as const;
const stackOf = (where: string): string => `FlowLogKeyRuleCentral-${where}`;
const memberStack = 'FlowLogKeyRuleMember';

const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

describeDeployed('the stacks of an organization', () => {
  let cloud: Cloud;
  let assembly: Assembly;
  let template: Template;
  /** Of the member with the flow logs. */
  let ids: Ids;
  const lacking: Record<string, object> = {};
  const at = (accountId: string, where?: string): Place => ({
    cloud,
    accountId,
    ...(where !== undefined && { where }),
  });

  beforeAll(async () => {
    cloud = await startCloud([ruleName], inHaste);
    assembly = await synthesise(
      {
        remediation: 'manual',
        remediationKeys: '*',
        organizationId: await organizationOf(central),
        organizationalUnits: 'ou-ab12-c3d4e5f6',
        regions: regions.join(),
        memberAccounts: `${member},${archive}`,
        // Without aggregator: ministack has none.
        ownerAccounts: archive,
      },
      central,
    );
    for (const where of regions) {
      await upload(at(central, where), assembly);
      const stack = { name: stackOf(where), template: assembly.templates[stackOf(where)] };
      await create(at(central, where), stack);
    }
    template = readTemplate(join(assembly.folder, 'member', `${memberStack}.template.json`));
    const parameters = { CentralAccountId: central };
    for (const accountId of [archive, member])
      ids = await create(at(accountId), { name: memberStack, template, parameters });
  });
  afterAll(async () => {
    assembly.remove();
    await cloud.stop();
  });

  /** In ministack each account has an organization of its own. */
  async function organizationOf(accountId: string): Promise<string> {
    const client = new OrganizationsClient(rootOf(cloud, accountId));
    const { Organization } = await client.send(new DescribeOrganizationCommand({}));
    return Organization?.Id ?? '';
  }

  async function create(
    place: Place,
    {
      name,
      template: whole = { Resources: {} },
      parameters,
    }: {
      name: string;
      template: Template | undefined;
      parameters?: Readonly<Record<string, string>>;
    },
  ): Promise<Ids> {
    const stack = { name, template: whole, ...(parameters && { parameters }) };
    const known = await deployable(place, stack);
    lacking[name] = known.lacking;
    return createStack(place, known.stack);
  }

  /** Whose sessions made calls that stand-ins answered. */
  const askersOf = (operation: string): readonly (string | undefined)[] => {
    const calls = cloud.seen.calls.filter((call) => call.operation === operation);
    return [...new Set(calls.map(({ accessKeyId }) => cloud.sessions.get(accessKeyId)))];
  };

  const judgeFor = (asks: string): Promise<Record<string, string>> =>
    judge(at(central), {
      ruleName,
      functionName: 'flow-log-key-rule-evaluator',
      parameters: parametersIn(template, ids),
      asks,
    });

  it('are created, but for what ministack lacks', () => {
    const inCentral = {
      'AWS::Config::ConfigurationAggregator': 1,
      'AWS::Lambda::ResourcePolicy': 2,
      'AWS::CloudWatch::Alarm with an expression': 3,
    };
    expect(lacking).toEqual({
      'FlowLogKeyRuleCentral-us-east-1': inCentral,
      'FlowLogKeyRuleCentral-eu-west-1': inCentral,
      FlowLogKeyRuleMember: {
        'AWS::Config::ConfigRule': 1,
        'AWS::Config::RemediationConfiguration': 1,
        'AWS::SSM::Document': 2,
      },
    });
    const types = Object.values(assembly.templates.FlowLogKeyRuleMembers?.Resources ?? {});
    expect(types.map(({ Type }) => Type)).toEqual(['AWS::CloudFormation::StackSet']);
  });

  it('judge a member with bucket and key of another, mend there, judge, take back, and judge', async () => {
    const keyArn = await makeKey(at(archive));
    const refused = await makeFlowLog(at(member), await makeBucket(at(archive), keyArn));
    const admitting = await makeKey(at(archive), deliveryStatement);
    const admitted = await makeFlowLog(at(member), await makeBucket(at(archive), admitting));
    const admits = matching(/^COMPLIANT deliverable: key policy admits/);
    const judged = { [refused]: matching(/^NON_COMPLIANT key-policy: /), [admitted]: admits };
    expect(await judgeFor(member)).toEqual(judged);
    expect(askersOf('PutEvaluations')).toEqual([`arn:aws:sts::${member}:assumed-role/${reporter}`]);

    const run = (document: string, id: string, parameters: Readonly<Record<string, string>>) =>
      runDocument(
        at(member),
        { template, ids, menderIn: at(central) },
        { id, document: `${ruleName}-${document}`, parameters },
      );
    const stepsOf = ({ status, steps, message = '' }: Executed): string =>
      [...steps.map(({ name }) => name), status, message].join(' ').trim();
    const sids = () => sidsIn(at(archive), keyArn);

    expect(stepsOf(await run('mend', 'mend-1', { FlowLogId: refused }))).toBe(
      'Plan Decide Mend Check Done Success',
    );
    expect(await sids()).toEqual(['Root', 'FlowLogKeyRule']);
    expect(askersOf('GetAutomationExecution')).toEqual([
      `arn:aws:sts::${member}:assumed-role/${executionReader}`,
    ]);
    expect(await judgeFor(member)).toEqual({ ...judged, [refused]: admits });

    expect(stepsOf(await run('take-back', 'back-1', { ExecutionId: 'mend-1' }))).toBe(
      'Plan Decide TakeBack Check Done Success',
    );
    expect(await sids()).toEqual(['Root']);
    expect(await judgeFor(member)).toEqual(judged);
  });

  it('judge no account without the roles', async () => {
    await expect(judgeFor('777788889999')).rejects.toThrow(
      'role flow-log-key-rule-reporter of account 777788889999 cannot be assumed (AccessDenied)',
    );
  });

  it('are removed: members leave nothing, the central account its tables and log groups', async () => {
    for (const accountId of [member, archive]) {
      await removeStack(at(accountId), memberStack);
      expect(await resourcesIn(at(accountId))).toEqual({});
    }
    for (const where of [...regions].reverse())
      await removeStack(at(central, where), stackOf(where));
    const tables = ['flow-log-key-rule-central'];
    const logGroups = [
      '/flow-log-key-rule/flow-log-key-rule-evaluator',
      '/flow-log-key-rule/flow-log-key-rule-mender',
    ];
    expect(await resourcesIn(at(central, 'eu-west-1'))).toEqual({ tables, logGroups });
    expect(await resourcesIn(at(central))).toEqual({
      tables,
      logGroups: [matching(/RippleLogs/), ...logGroups],
    });
  });
});
