import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import type { Tools } from './mend.ts';
import { parseArn } from './model/arn.ts';
import { isUnknown, type Facts } from './model/facts.ts';
import { executionsIn } from './sinks/executions.ts';
import { keyPolicyOf } from './sinks/key-policy.ts';
import { leaseOn } from './sinks/lease.ts';
import { describeFlowLogs, type Place } from './sources/aws-flow-logs.ts';
import type { Across } from './sources/accounts.ts';
import { awsSource } from './sources/aws.ts';
import { gently, perRegion, type Clients } from './sources/clients.ts';
import type { Session, TakeRole } from './sources/roles.ts';
import { survey } from './survey.ts';

/** The table of leases and executions, which has this name wherever keys may be mended. */
export const TABLE = 'flow-log-key-rule';

/** Milliseconds between two reads of a policy. */
export const PACE = 500;

export interface ToolsOptions extends Pick<Tools, 'question' | 'scope' | 'pace' | 'deadline'> {
  readonly clients: Clients;
  readonly place: Place;
  readonly table: string;
  /** Who takes leases: a name that nobody else has. */
  readonly holder: string;
  /** How to look into other accounts; undefined where this one is all there is. */
  readonly across?: Across | undefined;
  /** Who mends keys of other accounts; undefined where nobody does. */
  readonly mendIn?: ((accountId: string) => Session) | undefined;
}

/** Mends with the role of this name in the account of a key; undefined where there is no such role. */
export const mendsIn = (
  takeRole: TakeRole,
  roleName: string | undefined,
): ToolsOptions['mendIn'] =>
  roleName === undefined
    ? undefined
    : (accountId) => async () => {
        const session = await takeRole(accountId, roleName);
        if (isUnknown(session)) throw new Error(session.unknown);
        return session();
      };

/** What mending works with, in the account of the credentials. */
export function toolsOf(options: ToolsOptions): Tools {
  const { clients, place, table, holder, question, mendIn } = options;
  const dynamo = perRegion((region) => new DynamoDBClient({ ...gently, region }));
  /** Where the key is, which its flow logs need not be: its policy, and the lease on it. */
  const at = (keyArn: string) => {
    const { region = '', accountId = '' } = parseArn(keyArn) ?? {};
    if (accountId === place.accountId) return { kms: clients.kms(region), dynamo: dynamo(region) };
    if (mendIn === undefined)
      throw new Error(`key ${keyArn} is in account ${accountId}: mend it from there`);
    const there = { ...gently, region, credentials: mendIn(accountId) };
    return { kms: new KMSClient(there), dynamo: new DynamoDBClient(there) };
  };
  return {
    ...options,
    look: (ids) => lookAt(ids, options),
    policyOf: (keyArn) => keyPolicyOf(at(keyArn).kms, keyArn),
    leaseOn: (keyArn, duration) => leaseOn(at(keyArn).dynamo, { table, keyArn, holder, duration }),
    executions: executionsIn(dynamo(place.region), table),
    question,
  };
}

async function lookAt(
  ids: readonly string[],
  { clients, place, question, across }: ToolsOptions,
): Promise<readonly Facts[]> {
  const named = [{ Name: 'flow-log-id', Values: [...ids] }];
  const flowLogs = describeFlowLogs(clients.ec2(place.region), place, named);
  const withPolicy = question.alsoCheck.includes('bucket-policy');
  const source = awsSource({ clients, place, withPolicy, across });
  const found: Facts[] = [];
  for await (const it of survey(flowLogs, source, question)) {
    if ('failure' in it) throw it.failure;
    found.push(it.facts);
  }
  return found;
}
