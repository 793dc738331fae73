import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';

/** One name in every account and Region, so that menders and the command line find the lease of a key anywhere. */
export const tableName = 'flow-log-key-rule';

export interface RecordsProps {
  readonly tableName: string;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * The table with the leases on keys and the earlier key policies. The table outlives the stack, because no other copy of
 * an earlier policy exists; but not a failed first deployment, because a table of this name would make the next one fail.
 * The default encryption uses a key of AWS, whose policy nobody can break.
 */
export const recordsTable = (
  scope: Construct,
  props: RecordsProps = { tableName, removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
): Table =>
  new Table(scope, 'Records', {
    ...props,
    partitionKey: { name: 'id', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    timeToLiveAttribute: 'ttl',
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  });
