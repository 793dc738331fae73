import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { region } from '../organization-world.ts';
import { rootOf } from './ministack.ts';
import type { Place } from './stacks.ts';

/** Asks a service of AWS for which no client is installed. */
async function ask(
  { cloud, accountId, where = region }: Place,
  service: string,
  { path = '/', headers = {}, body }: { path?: string; headers?: object; body?: string },
): Promise<string> {
  const response = await fetch(`${cloud.endpoint}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${accountId}/20261126/${where}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
      'x-amz-date': '20261126T000000Z',
      ...headers,
    },
    ...(body !== undefined && { body }),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${service} answers ${response.status}: ${answer}`);
  return answer;
}

const asked = (place: Place, service: string, Action: string, Version: string) =>
  ask(place, service, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ Action, Version }).toString(),
  });

const all = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, name = '']) => name);

/** The names of all that stacks of ours may leave in an account and Region, by kind. */
export async function resourcesIn(place: Place): Promise<Record<string, readonly string[]>> {
  const { cloud, accountId, where } = place;
  const dynamo = new DynamoDBClient(rootOf(cloud, accountId, where));
  const { TableNames = [] } = await dynamo.send(new ListTablesCommand({}));
  const groups = await ask(place, 'logs', {
    headers: {
      'x-amz-target': 'Logs_20140328.DescribeLogGroups',
      'content-type': 'application/x-amz-json-1.1',
    },
    body: '{}',
  });
  const found = {
    tables: TableNames,
    logGroups: all(groups, /"logGroupName": ?"([^"]+)"/g),
    functions: all(
      await ask(place, 'lambda', { path: '/2015-03-31/functions' }),
      /"FunctionName": ?"([^"]+)"/g,
    ),
    roles: all(await asked(place, 'iam', 'ListRoles', '2010-05-08'), /<RoleName>([^<]+)</g),
    queues: all(await asked(place, 'sqs', 'ListQueues', '2012-11-05'), /<QueueUrl>([^<]+)</g),
    alarms: all(
      await asked(place, 'monitoring', 'DescribeAlarms', '2010-08-01'),
      /<AlarmName>([^<]+)</g,
    ),
  };
  return Object.fromEntries(Object.entries(found).filter(([, names]) => names.length > 0));
}
