import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import type { Tools } from './mend.ts';
import { regionIn } from '../model/arn.ts';
import type { Facts } from '../model/facts.ts';
import type { Reach } from './reach.ts';
import { executionsIn } from './executions.ts';
import { keyPolicyOf } from './key-policy.ts';
import { leaseOn } from './lease.ts';
import { describeFlowLogs } from '../sources/aws/flow-logs.ts';
import type { Place } from '../model/place.ts';
import { awsSource } from '../sources/aws/source.ts';
import { clientConfig } from '../sources/aws/clients.ts';
import { survey } from '../judge/survey.ts';

export interface ToolsOptions extends Pick<Tools, 'question' | 'scope' | 'pace' | 'deadline'> {
  /** Where the flow logs are. */
  readonly place: Place;
  readonly reach: Reach;
  /** The table of executions, of the own account. */
  readonly table: string;
  /** The table of leases, in the account and Region of the key, where it is called otherwise. */
  readonly leases?: string | undefined;
  /** Who takes leases: a name that nobody else has. */
  readonly holder: string;
}

/** What mending works with: records with the credentials that the SDK finds, all else with those that reach it. */
export function toolsOf(options: ToolsOptions): Tools {
  const { place, reach, table, leases = table, holder } = options;
  /** Where the key is, which its flow logs need not be: its policy, and the lease on it. */
  const at = async (keyArn: string) => {
    const credentials = await reach.mendAs(keyArn);
    return { ...clientConfig, region: regionIn(keyArn), ...(credentials && { credentials }) };
  };
  const records = new DynamoDBClient({ ...clientConfig, region: place.region });
  return {
    ...options,
    look: (ids) => lookAt(ids, options),
    policyOf: async (keyArn) => keyPolicyOf(new KMSClient(await at(keyArn)), keyArn),
    leaseOn: async (keyArn, duration) =>
      leaseOn(new DynamoDBClient(await at(keyArn)), { table: leases, keyArn, holder, duration }),
    executions: executionsIn(records, { table, accountId: place.accountId }),
  };
}

async function lookAt(
  ids: readonly string[],
  { place, question, reach }: ToolsOptions,
): Promise<readonly Facts[]> {
  const clients = await reach.enter();
  const named = [{ Name: 'flow-log-id', Values: [...ids] }];
  const flowLogs = describeFlowLogs(clients.ec2(place.region), place, named);
  const withPolicy = question.alsoCheck.includes('bucket-policy');
  const source = awsSource({ clients, place, withPolicy, across: reach.across });
  const found: Facts[] = [];
  for await (const it of survey(flowLogs, source, question)) {
    if (it.kind === 'not-judged') throw it.failure;
    found.push(it.facts);
  }
  return found;
}
