import type { Stack } from 'aws-cdk-lib';
import { type Permission, readPermissions, writeLogs } from '../rule/permissions.ts';
import { tableName } from './records-table.ts';
import type { ConfigParameters } from '../options/parameters.ts';
import type { RemediationKeys } from '../options/remediation.ts';

export interface MenderPermissionProps {
  readonly stack: Stack;
  readonly logGroupArn: string;
  readonly parameters: ConfigParameters;
  readonly keys: RemediationKeys;
}

/** All that the mender may do: it reads as the evaluator does, and writes the policies of the keys that were named. */
export function menderPermissions(props: MenderPermissionProps): readonly Permission[] {
  const { stack, logGroupArn, parameters, keys } = props;
  return [
    ...readPermissions(stack, parameters),
    ...writePermissions(stack, keys),
    writeLogs(logGroupArn),
  ];
}

/** What it takes to write the policies of the keys that were named in an account, one writer at a time. */
export function writePermissions(
  { partition, account }: Stack,
  keys: RemediationKeys,
): readonly Permission[] {
  return [
    {
      sid: 'WriteKeyPolicies',
      actions: ['kms:PutKeyPolicy'],
      ...named(keys, `arn:${partition}:kms:*:${account}:key/*`),
    },
    {
      sid: 'KeepLeasesAndRecords',
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      resources: [`arn:${partition}:dynamodb:*:${account}:table/${tableName}`],
      why: 'A key, and so the table with its lease, may be in another Region than the flow log',
    },
  ];
}

/** Never past KMS's own check that whoever writes a key policy can write the next one. */
const keepsCheck = { BoolIfExists: { 'kms:BypassPolicyLockoutSafetyCheck': 'false' } };

function named(
  keys: RemediationKeys,
  every: string,
): Pick<Permission, 'resources' | 'conditions' | 'why'> {
  if (typeof keys === 'string')
    return {
      resources: [every],
      conditions: keepsCheck,
      why: 'The operator chose every key of this account',
    };
  if ('arns' in keys) return { resources: keys.arns, conditions: keepsCheck };
  const { name, value } = keys.tag;
  return {
    resources: [every],
    conditions: { ...keepsCheck, StringEquals: { [`aws:ResourceTag/${name}`]: value } },
    why: 'The operator named the keys by a tag, which the condition asks for',
  };
}
