import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judgePlans } from './judge-plans.ts';
import { admit, filesOf, good, planOf } from './plan-of.ts';

interface Change {
  readonly address: string;
  readonly type: string;
}
type PlanParts = Readonly<Record<string, unknown>> & {
  readonly resource_changes: readonly Change[];
};

const plan = planOf(good) as PlanParts;
const log = 'aws_flow_log.f';
const refused = planOf({
  ...good,
  'aws_kms_key.k': { values: { policy: admit({ Action: 'kms:Encrypt' }) }, config: { policy: {} } },
}) as PlanParts;
const stored = {
  address: log,
  ...{ mode: 'managed', type: 'aws_flow_log', name: 'f' },
  values: {
    region: 'us-east-1',
    log_destination_type: 's3',
    log_destination: 'arn:aws:s3:::acme-logs',
  },
};
const stateWith = (...resources: readonly object[]) => ({
  values: { root_module: { resources } },
});
const outcomesOf = (content: object) => {
  const { verdicts, problems } = judgePlans(filesOf(content));
  return {
    outcomes: [...verdicts].map(([id, { outcome }]) => `${id} ${outcome}`),
    problems: problems.map(({ item }) => item),
  };
};

it('A plan with -target judges flow logs that are no target, as the state has these', () => {
  const changes = refused.resource_changes.filter(({ address }) => address !== log);
  const content = { ...refused, resource_changes: changes, prior_state: stateWith(stored) };
  expect(outcomesOf(content)).toEqual({ outcomes: [`${log} blocked`], problems: [] });
});

it('A flow log that is moved is judged once, at its new address', () => {
  const changes = plan.resource_changes.map((each) =>
    each.address === log ? { ...each, previous_address: 'aws_flow_log.old' } : each,
  );
  const old = { ...stored, address: 'aws_flow_log.old', name: 'old' };
  const content = { ...plan, resource_changes: changes, prior_state: stateWith(old) };
  expect(outcomesOf(content)).toEqual({ outcomes: [`${log} deliverable`], problems: [] });
});

it('A flow log that is left to another plan is unknown', () => {
  const [deferred] = plan.resource_changes.filter(({ address }) => address === log);
  const changes = plan.resource_changes.filter(({ address }) => address !== log);
  const content = {
    ...plan,
    resource_changes: changes,
    deferred_changes: [{ reason: 'instance_count_unknown', resource_change: deferred }],
  };
  expect(outcomesOf(content)).toEqual({ outcomes: [`${log} unknown`], problems: [] });
});

it('After an error nothing is deliverable, and a flow log that was not planned is a problem', () => {
  expect(outcomesOf({ ...plan, errored: true }).outcomes).toEqual([`${log} unknown`]);
  expect(outcomesOf({ ...refused, errored: true }).outcomes).toEqual([`${log} blocked`]);
  const changes = plan.resource_changes.filter(({ address }) => address !== log);
  const { outcomes, problems } = outcomesOf({ ...plan, resource_changes: changes, errored: true });
  expect({ outcomes, problems }).toEqual({ outcomes: [], problems: [log] });
});

it('A flow log of a module stands in the folder of the module, at its line', () => {
  const source = mkdtempSync(join(tmpdir(), 'tf-'));
  mkdirSync(join(source, 'net/deep'), { recursive: true });
  writeFileSync(join(source, 'net/deep/main.tf'), '\n\n  resource "aws_flow_log" "f" {}\n');
  const inModule = (address: string) => ({ ...stored, address });
  const child = (address: string, ...more: readonly object[]) => ({
    address,
    resources: [inModule(`${address}.${log}`)],
    child_modules: more,
  });
  const content = {
    format_version: '1.2',
    prior_state: {
      values: {
        root_module: {
          child_modules: [
            child('module.net["a"]', child('module.net["a"].module.deep')),
            child('module.far'),
          ],
        },
      },
    },
    configuration: {
      root_module: {
        module_calls: {
          net: { source: './net', module: { module_calls: { deep: { source: './deep' } } } },
          far: { source: 'registry/far/aws' },
        },
      },
    },
  };
  const { flowLogs } = judgePlans(filesOf(content), { source });
  rmSync(source, { recursive: true });
  const file = join(source, 'net/deep/main.tf');
  expect(Object.fromEntries(flowLogs.map((each) => [each.id, each.source]))).toEqual({
    [`module.net["a"].${log}`]: null,
    [`module.net["a"].module.deep.${log}`]: { file, line: 3, column: 3 },
    [`module.far.${log}`]: null,
  });
});
