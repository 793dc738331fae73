import { resolve } from 'node:path';
import { credentials, runAgainst } from './aws-stand-in.ts';
import { closed, flowLogId, inWorld, keyArn, region, sourceArnIn, type World } from './mender.ts';

/** The command line, at a desk where nobody answers. */
const remedy = (world: World, ...args: readonly string[]) =>
  runAgainst(
    world.aws,
    [
      process.execPath,
      resolve('bin/flow-log-key.js'),
      'remedy',
      flowLogId,
      '--region',
      region,
      ...args,
    ],
    { env: { ...credentials } },
  );

const policyIn = (world: World): string => JSON.stringify(world.policies.policyOf(keyArn));

describe('flow-log-key remedy', () => {
  it('shows the change and writes nothing, unless it is told to', () =>
    inWorld({}, async (world) => {
      const { exitCode, stdout } = await remedy(world);
      expect(exitCode).toBe(0);
      expect(stdout).toContain('+      "Sid": "FlowLogKeyRule",');
      expect(stdout).toMatch(
        /To apply it, with credentials of account 111122223333: --apply, or\n\naws kms put-key-policy/,
      );
      expect(world.policies.historyOf(keyArn)).toEqual([JSON.stringify(closed)]);
    }));

  it('with --apply puts it under the lease, reads it back, and a second time has nothing to do', () =>
    inWorld({}, async (world) => {
      const first = await remedy(world, '--apply', '--yes');
      expect(first).toMatchObject({ exitCode: 0 });
      expect(first.stdout).toMatch(/^key policy admits delivery of flow log fl-0123456789abcdef0/m);
      expect(first.stdout).toContain('put the statement there too');
      expect(first.stdout).toMatch(
        /kept as execution \S+ in table flow-log-key-rule of this account: the take-back document takes it back, except in an organization, where you take statement FlowLogKeyRule out by hand/,
      );
      expect(policyIn(world)).toContain(sourceArnIn(region));
      const second = await remedy(world, '--apply', '--yes');
      expect(second).toMatchObject({ exitCode: 0 });
      expect(second.stdout).toMatch(/^nothing to do for flow log/m);
      expect(world.policies.historyOf(keyArn)).toHaveLength(2);
    }));

  it('without the table of leases writes nothing, and says what to do', () =>
    inWorld({ withoutTable: [region] }, async (world) => {
      const { exitCode, stderr } = await remedy(world, '--apply', '--yes');
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(
        /nothing was written: .*table flow-log-key-rule does not exist in us-east-1.*deploy the rule with remediation there/,
      );
      expect(world.policies.historyOf(keyArn)).toHaveLength(1);
    }));
});
