import type { Stack } from 'aws-cdk-lib';
import type { Options } from '../options/options.ts';
import type { RemediationKeys } from '../options/remediation-keys.ts';
import { sparePolicy } from '../rule/encryption.ts';
import { onItems } from '../rule/runs-table.ts';
import type { Permission } from '../rule/written-role.ts';
import { tableName } from './records-table.ts';

/** Writing the policies of the named keys. A lease lets only one mender write at a time. */
export const writePermissions = (
  { partition, account }: Stack,
  keys: RemediationKeys,
  options: Pick<Options, 'encryptionKeyArn'>,
): readonly Permission[] => [
  {
    sid: 'WriteKeyPolicies',
    actions: ['kms:PutKeyPolicy'],
    ...limitTo(keys, `arn:${partition}:kms:*:${account}:key/*`),
  },
  {
    sid: 'KeepLeases',
    actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
    resources: [`arn:${partition}:dynamodb:*:${account}:table/${tableName}`],
    ...onItems('lease'),
    why: 'A key, and so the table with its lease, may be in another Region than the flow log',
  },
  ...sparePolicy(options),
];

/** Keeping executions with the earlier policies. */
export const keepExecutions = (tableArn: string): Permission => ({
  sid: 'KeepExecutions',
  actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
  resources: [tableArn],
  ...onItems('execution'),
});

/** Looking at the executions that ask the mender. `region` is a Region or `*` for all. */
export const lookAtExecutions = ({ partition, account }: Stack, region: string): Permission => ({
  sid: 'LookAtExecutions',
  actions: ['ssm:GetAutomationExecution'],
  resources: [`arn:${partition}:ssm:${region}:${account}:automation-execution/*`],
  why: 'Systems Manager chooses the ids of executions',
});

/** KMS refuses a key policy without a way to change the policy again; nobody may skip this check. */
const lockoutCheck = { BoolIfExists: { 'kms:BypassPolicyLockoutSafetyCheck': 'false' } };

function limitTo(
  keys: RemediationKeys,
  everyKey: string,
): Pick<Permission, 'resources' | 'conditions' | 'why'> {
  switch (keys.kind) {
    case 'arns':
      return { resources: keys.arns, conditions: lockoutCheck };
    case 'tag':
      return {
        resources: [everyKey],
        conditions: {
          ...lockoutCheck,
          StringEquals: { [`aws:ResourceTag/${keys.name}`]: keys.value },
        },
        why: 'The operator named the keys by a tag, which the condition asks for',
      };
    case 'every':
      return {
        resources: [everyKey],
        conditions: lockoutCheck,
        why: 'The operator chose every key of this account',
      };
  }
}
