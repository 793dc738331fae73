import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { withinDeadline } from '../basics/time-limit.ts';
import { survey } from '../judge/survey.ts';
import { regionIn } from '../model/arn.ts';
import type { Facts } from '../model/facts.ts';
import type { Place } from '../model/place.ts';
import type { Question } from '../model/question.ts';
import type { Scope } from '../remedy/remedy.ts';
import { clientConfig, singleAttemptConfig } from '../sources/aws/clients.ts';
import { describeFlowLogs } from '../sources/aws/flow-logs.ts';
import { awsSource } from '../sources/aws/source.ts';
import type { Access } from './access.ts';
import { executionsIn, type Executions } from './executions.ts';
import { withBucketOwner, type ForeignKeyChoice } from './foreign-key.ts';
import { keyPolicyOf, type KeyPolicy } from './key-policy.ts';
import { leaseOn, type Lease } from './lease.ts';
import type { Timing } from './timing.ts';

/** The needs of mending and taking back: access to AWS, the question, and the time limits. */
export interface MendContext extends Timing {
  /** Learns the current facts of flow logs. The answer leaves missing flow logs out. */
  readonly learnFacts: (flowLogIds: readonly string[]) => Promise<readonly Facts[]>;
  /** Rejects if nobody may mend the key. */
  readonly openPolicy: (keyArn: string) => Promise<KeyPolicy>;
  /** Rejects if nobody may mend the key. */
  readonly openLease: (keyArn: string, durationMs: number) => Promise<Lease>;
  readonly executions: Executions;
  /** The account and Region of the flow logs. */
  readonly place: Place;
  /** The account of the function: the central account of an organization. Undefined at a desk. */
  readonly ownAccountId?: string | undefined;
  readonly question: Question;
  readonly scope: Scope;
  /** Undefined at a desk, which mends keys of its own account only. */
  readonly foreignKeys?: ForeignKeyChoice;
  /** The key of the mender's own logs and records, if any: no policy of this key is written. */
  readonly sparedKeyArn?: string | undefined;
}

export interface MendContextOptions
  extends
    Timing,
    Pick<
      MendContext,
      'place' | 'ownAccountId' | 'question' | 'scope' | 'foreignKeys' | 'sparedKeyArn'
    > {
  readonly access: Access;
  /** The table of executions, in the function's own account. */
  readonly table: string;
  /** The table of leases, in the account and Region of the key. Undefined: the same name as `table`. */
  readonly leaseTable?: string | undefined;
  /** The holder of leases: a different name for each context. */
  readonly holder: string;
}

/** The context in AWS. The caller's own credentials store executions; `access` has the credentials for all else. */
export function makeMendContext(options: MendContextOptions): MendContext {
  const { place, access, table, leaseTable = table, holder, deadline } = options;
  // The policy and the lease are in the account and Region of the key. Flow logs may be in others.
  const configAt = async (keyArn: string) => {
    const credentials = await access.writeCredentials(keyArn);
    return { region: regionIn(keyArn), ...(credentials && { credentials }) };
  };
  const ownTables = new DynamoDBClient({ ...clientConfig, region: place.region });
  return {
    ...options,
    learnFacts: (flowLogIds) =>
      withinDeadline(
        currentFacts(flowLogIds, options),
        deadline,
        `flow logs ${flowLogIds.join(', ')} have not been read, start again`,
      ),
    openPolicy: async (keyArn) => {
      const config = await configAt(keyArn);
      const reader = new KMSClient({ ...clientConfig, ...config });
      const writer = new KMSClient({ ...singleAttemptConfig, ...config });
      return keyPolicyOf({ reader, writer }, keyArn);
    },
    openLease: async (keyArn, durationMs) => {
      const client = new DynamoDBClient({ ...clientConfig, ...(await configAt(keyArn)) });
      return leaseOn(client, { table: leaseTable, keyArn, holder, durationMs });
    },
    executions: executionsIn(ownTables, { table, accountId: place.accountId }),
  };
}

async function currentFacts(
  flowLogIds: readonly string[],
  { place, question, access, foreignKeys }: MendContextOptions,
): Promise<readonly Facts[]> {
  const clients = await access.readClients();
  const filters = [{ Name: 'flow-log-id', Values: [...flowLogIds] }];
  const flowLogs = describeFlowLogs(clients.ec2(place.region), place, filters);
  const source = awsSource({ clients, place, across: access.across });
  const facts: Facts[] = [];
  for await (const result of survey(flowLogs, { source, question })) {
    if (result.kind === 'not-judged') throw result.failure;
    facts.push(
      foreignKeys === undefined
        ? result.facts
        : await withBucketOwner(result.facts, foreignKeys, access.across),
    );
  }
  return facts;
}
