import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { DescribeOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { templatesBefore, variants, type Variant } from '../upgrade/templates.ts';
import {
  deliveryStatement,
  flowLogBy,
  makeBucket,
  makeFlowLog,
  makeKey,
  sidsIn,
  type Made,
} from './deploy/flow-logs.ts';
import { readTemplate, synthesise, upload, uploadNothing } from './deploy/assembly.ts';
import { invokeFunction, judge, parametersIn, runDocument } from './deploy/functions.ts';
import { deployable } from './deploy/known.ts';
import { describeDeployed, inHaste, rootOf, startCloud, type Cloud } from './deploy/ministack.ts';
import {
  createStack,
  idOf,
  updateStack,
  type Ids,
  type Place,
  type Stack,
} from './deploy/stacks.ts';
import type { Template } from './deploy/stacks.ts';
import type { Statement } from './kms-stand-in.ts';
import { archive, central, member } from './organization-world.ts';

// Stacks of the oldest deployments become stacks of today: test/upgrade has the templates of then, without their code.

const ruleName = 'flow-log-key-allows-delivery';
const name = 'FlowLogKeyRule';
const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

let cloud: Cloud;

/** Creates a stack by a template of then. */
async function createBefore(place: Place, stack: Stack): Promise<Ids> {
  await uploadNothing(place, stack.template);
  return createStack(place, (await deployable(place, stack)).stack);
}

/** The ids of resources that are others than before, by logical id. */
const replaced = (before: Ids, now: Ids): readonly string[] =>
  Object.keys(before).filter((id) => now[id] !== undefined && now[id] !== before[id]);

interface Upgraded {
  /** The template of today. */
  readonly template: Template;
  readonly before: Ids;
  readonly now: Ids;
}

/** Creates the stack of then, lets something happen, and updates the stack with the template of today. */
async function upgrade(
  place: Place,
  variant: Variant,
  meanwhile = (): Promise<void> => Promise.resolve(),
): Promise<Upgraded> {
  const old = templatesBefore(variant)[name] ?? { Resources: {} };
  const before = await createBefore(place, { name, template: old });
  await meanwhile();
  const assembly = await synthesise(variants[variant], place.accountId);
  try {
    await upload(place, assembly);
    const template = assembly.templates[name] ?? { Resources: {} };
    const { stack } = await deployable(place, { name, template });
    return { template, before, now: await updateStack(place, stack) };
  } finally {
    assembly.remove();
  }
}

/** The records of the table that commit ab7e477 wrote: one flow log was mended, one was planned. */
const records = JSON.parse(readFileSync('test/upgrade/records.json', 'utf8')) as {
  readonly mended: Made & { readonly statements: readonly Statement[] };
  readonly planned: Made;
  readonly items: readonly Record<string, AttributeValue>[];
};

/** The records about other flow logs and keys. */
const recordsOf = (mended: Made, planned: Made): readonly Record<string, AttributeValue>[] =>
  JSON.parse(
    JSON.stringify(records.items)
      .replaceAll(records.mended.flowLogId, mended.flowLogId)
      .replaceAll(records.mended.keyArn, mended.keyArn)
      .replaceAll(records.planned.flowLogId, planned.flowLogId)
      .replaceAll(records.planned.keyArn, planned.keyArn),
  ) as Record<string, AttributeValue>[];

describeDeployed('the stack of one account', () => {
  beforeAll(async () => {
    cloud = await startCloud([ruleName], inHaste);
  });
  afterAll(() => cloud.stop());

  const kinds = ['default', 'pack', 'findings', 'remediation'] as const satisfies Variant[];
  it.each(kinds)(
    'is updated without a new resource for an old one, and judges: %s',
    async (kind) => {
      const place = { cloud, accountId: `44445555666${kinds.indexOf(kind)}` };
      const { template, before, now } = await upgrade(place, kind);
      expect(replaced(before, now)).toEqual([]);
      const admits = await flowLogBy(place, await makeKey(place, deliveryStatement));
      const refuses = await flowLogBy(place, await makeKey(place));
      const functionName = idOf({ template, ids: now }, 'AWS::Lambda::Function', 'Evaluator');
      expect(await judge(place, { ruleName, functionName })).toEqual({
        [admits.flowLogId]: matching(/^COMPLIANT deliverable: /),
        [refuses.flowLogId]: matching(/^NON_COMPLIANT key-policy: /),
      });
    },
  );

  it('takes back what it mended before, and mends what it planned before', async () => {
    const accountId = '111122223333';
    const place = { cloud, accountId };
    const mended = await flowLogBy(place, await makeKey(place, ...records.mended.statements));
    const planned = await flowLogBy(place, await makeKey(place));
    const dynamo = new DynamoDBClient(rootOf(cloud, accountId));
    const TableName = 'flow-log-key-rule';
    const items = recordsOf(mended, planned);
    const { template, now: ids } = await upgrade(place, 'remediation', async () => {
      for (const Item of items) await dynamo.send(new PutItemCommand({ TableName, Item }));
    });
    const { Items = [] } = await dynamo.send(new ScanCommand({ TableName }));
    expect(Items).toEqual(expect.arrayContaining([...items]));

    const takenBack = await runDocument(
      place,
      { template, ids },
      {
        id: 'take-back-a',
        document: `${ruleName}-take-back`,
        parameters: { ExecutionId: 'mend-a' },
      },
    );
    expect(takenBack.outputs['TakeBack.Payload']).toMatch(/^{"outcome":"taken-back"/);
    expect(await sidsIn(place, mended.keyArn)).toEqual(['Root']);

    // The execution has waited for an approval since.
    const executionId = 'mend-b';
    cloud.automations.executions.set(executionId, {
      AutomationExecutionId: executionId,
      DocumentName: `${ruleName}-mend`,
      DocumentVersion: '1',
      AutomationExecutionStatus: 'InProgress',
      Parameters: { FlowLogId: [planned.flowLogId] },
      StepExecutions: [],
    });
    const mender = idOf({ template, ids }, 'AWS::Lambda::Function', 'Mender');
    const event = { step: 'mend', accountId, flowLogId: planned.flowLogId, executionId };
    expect(await invokeFunction(place, mender, event)).toMatchObject({ outcome: 'mended' });
    expect(await sidsIn(place, planned.keyArn)).toEqual(['Root', 'FlowLogKeyRule']);
  });
});

describeDeployed('the stacks of an organization', () => {
  beforeAll(async () => {
    cloud = await startCloud([ruleName], inHaste);
  });
  afterAll(() => cloud.stop());

  it('are updated, the central stack first, and judge', async () => {
    const at = (accountId: string): Place => ({ cloud, accountId });
    const client = new OrganizationsClient(rootOf(cloud, central));
    const { Organization } = await client.send(new DescribeOrganizationCommand({}));
    const organizationId = Organization?.Id ?? '';
    const old = templatesBefore('organization');
    const inOrganization = (template: Template = { Resources: {} }): Template =>
      JSON.parse(
        JSON.stringify(template).replaceAll(variants.organization.organizationId, organizationId),
      ) as Template;
    const home = 'FlowLogKeyRuleCentral-us-east-1';
    const brought = 'FlowLogKeyRuleMember';
    const parameters = { CentralAccountId: central };
    const before: Ids[] = [];
    before.push(
      await createBefore(at(central), { name: home, template: inOrganization(old[home]) }),
    );
    for (const accountId of [archive, member]) {
      const template = inOrganization(old[brought]);
      before.push(await createBefore(at(accountId), { name: brought, template, parameters }));
    }

    const options = { ...variants.organization, organizationId, ownerAccounts: archive };
    const assembly = await synthesise(options, central);
    const now: Ids[] = [];
    const update = async (place: Place, stack: Stack): Promise<void> => {
      now.push(await updateStack(place, (await deployable(place, stack)).stack));
    };
    await upload(at(central), assembly);
    await update(at(central), { name: home, template: inOrganization(assembly.templates[home]) });
    const template = readTemplate(join(assembly.folder, 'member', `${brought}.template.json`));
    for (const accountId of [archive, member])
      await update(at(accountId), { name: brought, template, parameters });
    assembly.remove();
    expect(before.map((each, nth) => replaced(each, now[nth] ?? {}))).toEqual([[], [], []]);

    const key = await makeKey(at(archive), deliveryStatement);
    const flowLogId = await makeFlowLog(at(member), await makeBucket(at(archive), key));
    const rule = { ruleName, functionName: 'flow-log-key-rule-evaluator', asks: member };
    const asked = { ...rule, parameters: parametersIn(template, now[2]) };
    expect(await judge(at(central), asked)).toEqual({ [flowLogId]: matching(/^COMPLIANT /) });
  });
});
