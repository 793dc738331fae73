import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';

/** The same in every account and Region: a mender finds the lease of a key of another Region by it, and so does the command line. */
export const tableName = 'flow-log-key-rule';

export interface RecordsProps {
  readonly tableName: string;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * The table of leases on keys, and of the policies that were there before. It outlives the stack: without it nobody
 * can say what a key policy was. It is encrypted with a key that AWS owns, the default, whose policy nobody can break.
 */
export const recordsTable = (
  scope: Construct,
  props: RecordsProps = { tableName, removalPolicy: RemovalPolicy.RETAIN },
): Table =>
  new Table(scope, 'Records', {
    ...props,
    partitionKey: { name: 'id', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    timeToLiveAttribute: 'ttl',
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  });
