import { synthesise, upload } from './deploy/assembly.ts';
import { deliveryStatement, flowLogBy, makeKey, sidsIn } from './deploy/flow-logs.ts';
import { deployable } from './deploy/known.ts';
import { resourcesIn } from './deploy/left.ts';
import { describeDeployed, inHaste, startCloud, type Cloud } from './deploy/ministack.ts';
import { deploy, judged, makeFlowLogs, runbook, stepsOf } from './deploy/one-account.ts';
import { updateStack } from './deploy/stacks.ts';
import type { Statement } from './kms-stand-in.ts';

// More than one deployment in an account, at a time or one after the other: all share the table of leases.

const ruleName = 'flow-log-key-allows-delivery';
const remediation = { remediation: 'manual', remediationKeys: '*' };
const existing = { ...remediation, remediationTable: 'existing' };
const tables = ['flow-log-key-rule'];

describeDeployed('in one account', () => {
  let cloud: Cloud;
  beforeAll(async () => {
    cloud = await startCloud([ruleName, `blue-${ruleName}`], inHaste);
  });
  afterAll(() => cloud.stop());

  it('two copies judge, and mend one key at a time without loss of an edit', async () => {
    const place = { cloud, accountId: '111122223333' };
    const first = await deploy(place, remediation);
    const second = await deploy(place, { ...existing, namePrefix: 'blue-' });
    expect([first.ruleName, second.ruleName]).toEqual([ruleName, `blue-${ruleName}`]);
    const flowLogs = await makeFlowLogs(place);
    expect(await first.judge(flowLogs)).toEqual(judged);
    expect(await second.judge(flowLogs)).toEqual(judged);

    const other: Statement = { ...deliveryStatement, Sid: 'Somebody', Principal: { Service: 'x' } };
    const keyArn = await makeKey(place, other);
    const both = [await flowLogBy(place, keyArn), await flowLogBy(place, keyArn)];
    const ended = await Promise.all(
      [first, second].map((copy, nth) =>
        runbook(copy, 'mend', { id: `mend-${nth}`, FlowLogId: both[nth]?.flowLogId ?? '' }),
      ),
    );
    expect(ended.map(stepsOf)).toEqual(Array(2).fill('Plan Decide Mend Check Done Success'));
    const outcomes = ended.map(
      ({ outputs }) =>
        (JSON.parse(outputs['Mend.Payload'] ?? '{}') as { readonly outcome?: string }).outcome,
    );
    expect([...outcomes].sort()).toEqual(['mended', 'nothing-to-do']);
    expect(await sidsIn(place, keyArn)).toEqual(['Root', 'Somebody', 'FlowLogKeyRule']);

    // The copy that found nothing to do takes back what the other put.
    const mended = outcomes.indexOf('mended');
    const taking = [first, second][1 - mended] ?? first;
    const back = await runbook(taking, 'take-back', {
      id: 'back-1',
      ExecutionId: `mend-${mended}`,
    });
    expect(stepsOf(back)).toBe('Plan Decide TakeBack Check Done Success');
    expect(await sidsIn(place, keyArn)).toEqual(['Root', 'Somebody']);
    const { tables: all = [] } = await resourcesIn(place);
    expect(all.filter((each) => !each.includes('Runs'))).toEqual(tables);
  });

  it('an installation after a removal finds the records in the table', async () => {
    const place = { cloud, accountId: '444455556666' };
    const before = await deploy(place, remediation);
    const { refuses } = await makeFlowLogs(place);
    await runbook(before, 'mend', { id: 'mend-1', FlowLogId: refuses.flowLogId });
    await before.remove();
    expect(await sidsIn(place, refuses.keyArn)).toEqual(['Root', 'FlowLogKeyRule']);
    const after = await deploy(place, existing);
    const back = await runbook(after, 'take-back', { id: 'back-1', ExecutionId: 'mend-1' });
    expect(stepsOf(back)).toBe('Plan Decide TakeBack Check Done Success');
    expect(await sidsIn(place, refuses.keyArn)).toEqual(['Root']);
    await after.remove();
    expect(await resourcesIn(place)).toMatchObject({ tables });
  });

  it('an update leaves the table to others', async () => {
    const place = { cloud, accountId: '777788889999' };
    const { name } = await deploy(place, remediation);
    const assembly = await synthesise(existing, place.accountId);
    await upload(place, assembly);
    const template = assembly.templates[name] ?? { Resources: {} };
    await updateStack(place, (await deployable(place, { name, template })).stack);
    assembly.remove();
    expect(await resourcesIn(place)).toMatchObject({
      tables: expect.arrayContaining(tables) as unknown,
    });
  });
});
