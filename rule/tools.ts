import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Tools } from './mend.ts';
import { parseArn } from './model/arn.ts';
import type { Facts } from './model/facts.ts';
import { executionsIn } from './sinks/executions.ts';
import { keyPolicyOf } from './sinks/key-policy.ts';
import { leaseOn } from './sinks/lease.ts';
import { describeFlowLogs, type Place } from './sources/aws-flow-logs.ts';
import { awsSource } from './sources/aws.ts';
import { gently, perRegion, type Clients } from './sources/clients.ts';
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
}

/** What mending works with, in the account of the credentials. */
export function toolsOf(options: ToolsOptions): Tools {
  const { clients, place, table, holder, question } = options;
  const dynamo = perRegion((region) => new DynamoDBClient({ ...gently, region }));
  return {
    ...options,
    look: (ids) => lookAt(ids, options),
    policyOf: (keyArn) => keyPolicyOf(clients.kms(regionIn(keyArn)), keyArn),
    // Where the key is: its flow logs may be in several Regions.
    leaseOn: (keyArn, duration) =>
      leaseOn(dynamo(regionIn(keyArn)), { table, keyArn, holder, duration }),
    executions: executionsIn(dynamo(place.region), table),
    question,
  };
}

const regionIn = (keyArn: string): string => parseArn(keyArn)?.region ?? '';

async function lookAt(
  ids: readonly string[],
  { clients, place, question }: ToolsOptions,
): Promise<readonly Facts[]> {
  const named = [{ Name: 'flow-log-id', Values: [...ids] }];
  const flowLogs = describeFlowLogs(clients.ec2(place.region), place, named);
  const withPolicy = question.alsoCheck.includes('bucket-policy');
  const source = awsSource({ clients, place, withPolicy });
  const found: Facts[] = [];
  for await (const it of survey(flowLogs, source, question)) {
    if ('failure' in it) throw it.failure;
    found.push(it.facts);
  }
  return found;
}
