import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { encryptTable } from './encryption.ts';
import type { Options } from '../options/options.ts';
import type { Permission } from './written-role.ts';

/** The table with the last scheduled run in each place. Without the table only the first alarm of its kind would ring. */
export function runsTable(scope: Construct, options: Options): Table {
  const table = new Table(scope, 'Runs', {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    timeToLiveAttribute: 'ttl',
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    removalPolicy: RemovalPolicy.DESTROY,
  });
  return encryptTable(table, options);
}

/** Reading and writing the items of runs only: the central table also has the plans of the mender. */
export const keepRuns = (tableArn: string): Permission => ({
  sid: 'KeepRuns',
  actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
  resources: [tableArn],
  ...onItems('run'),
});

/** Items of one kind: a table has items of several. */
export const onItems = (kind: 'execution' | 'lease' | 'run'): Pick<Permission, 'conditions'> => ({
  conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': `${kind}/*` } },
});
