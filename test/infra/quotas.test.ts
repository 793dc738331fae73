import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Aws, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { readOptions } from '../../infra/options/options.ts';
import { AccountRule } from '../../infra/rule/account-rule.ts';
import { writtenRole } from '../../infra/rule/written-role.ts';

const code = mkdtempSync(join(tmpdir(), 'quotas-'));
writeFileSync(join(code, 'index.cjs'), 'exports.handler = async () => {};');
afterAll(() => {
  rmSync(code, { recursive: true });
});

const numbers = (many: number): readonly number[] => Array.from({ length: many }, (_, nth) => nth);
const keys = (partition: string, region: string): string =>
  numbers(75)
    .map(
      (nth) =>
        `arn:${partition}:kms:${region}:111122223333:key/mrk-${String(nth).padStart(32, '0')}`,
    )
    .join();
const approvers = (many: number, length: number): string =>
  numbers(many)
    .map((nth) => `arn:aws:iam::111122223333:role/${'x'.repeat(length)}${nth}`)
    .join();
const accounts = (many: number): string =>
  numbers(many)
    .map((nth) => String(100_000_000_000 + nth))
    .join();

function make(given: Readonly<Record<string, unknown>>, region?: string): void {
  const stack = new Stack(
    new App(),
    'FlowLogKeyRule',
    region === undefined ? {} : { env: { region } },
  );
  const options = readOptions({ remediation: 'manual', remediationKeys: '*', ...given }, region);
  const codes = { code, menderCode: code, gateCode: code };
  new AccountRule(stack, 'Rule', { options, ...codes });
}

/** Every option that makes the policy of the mender longer. */
const long = {
  exemptions: `/${'x'.repeat(200)}`,
  readerRoleName: `${'p'.repeat(60)}/${'r'.repeat(64)}`,
  ownerAccounts: accounts(30),
  aggregator: 'all',
  subnetIds: 'subnet-01234567',
  securityGroupIds: 'sg-01234567',
};

describe('what AWS takes of a role and of a function', () => {
  it.each([
    ['aws', 'ap-southeast-1'],
    ['aws-cn', 'cn-northwest-1'],
    ['aws-us-gov', 'us-gov-west-1'],
  ])('holds as many keys as there may be, in %s with every option', (partition, region) => {
    const encryptionKeyArn = `arn:${partition}:kms:${region}:999988887777:key/mrk-${'f'.repeat(32)}`;
    const { aggregator, ...inChina } = long;
    const given = partition === 'aws-cn' ? inChina : { ...inChina, aggregator };
    expect(() => {
      make({ ...given, encryptionKeyArn, remediationKeys: keys(partition, region) }, region);
    }).not.toThrow();
  });

  it('is counted for the policy of a role, which is refused with the next step', () => {
    const stack = new Stack(new App(), 'Stack');
    const arns = numbers(300).map(
      (nth) => `arn:${Aws.PARTITION}:kms:*:${Aws.ACCOUNT_ID}:key/${nth}`,
    );
    const role = (resources: readonly string[]) => () =>
      writtenRole(stack, {
        description: 'Writes',
        assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
        policy: 'Mend',
        permissions: [{ sid: 'Write', actions: ['kms:PutKeyPolicy'], resources }],
        options: readOptions({}),
      });
    expect(role(arns)).toThrow(
      /^Stack: policy Mend of a role would have about 1\d{4} characters, and AWS takes 10240: name fewer keys to mend, or one tag in their place$/,
    );
    expect(role(arns.slice(0, 200))).not.toThrow();
  });

  it.each([
    ['many approvers with long names', { remediationApprovers: approvers(10, 400) }],
    [
      'many approvers, and many accounts',
      { remediationApprovers: approvers(10, 150), remediationAccounts: accounts(180) },
    ],
    [
      'usual approvers, many accounts, and long parameters of the rule',
      { ...long, remediationApprovers: approvers(10, 60), remediationAccounts: accounts(200) },
    ],
  ])('is refused for %s in the environment of a function', (_, given) => {
    expect(() => {
      make(given);
    }).toThrow(
      /^FlowLogKeyRule\/Rule\/Mender: the environment of a function would have about \d{4} characters, and AWS takes 4096: name fewer approvers, or fewer accounts for which keys of other accounts are mended$/,
    );
  });

  it.each([
    ['as many accounts as there may be', { remediationAccounts: accounts(200) }],
    ['as many approvers with usual names', { remediationApprovers: approvers(10, 60) }],
  ])('has room for %s', (_, given) => {
    expect(() => {
      make(given);
    }).not.toThrow();
  });
});
