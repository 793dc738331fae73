import {
  paginateDescribeFlowLogs,
  type EC2Client,
  type Filter,
  type FlowLog as Described,
} from '@aws-sdk/client-ec2';
import { partitionOf } from '../../model/arn.ts';
import type { FlowLog } from '../../model/facts.ts';
import type { Place } from '../../model/place.ts';
import { readDestination } from '../../model/destination.ts';
import { explained } from './refusal.ts';

/**
 * Lists the flow logs of VPCs, subnets, interfaces and transit gateways, page by page. Rejects when AWS refuses, with the
 * next step, and for an answer without a set of flow logs: the set of an account without flow logs is there, and empty.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeFlowLogs.html
 */
export async function* describeFlowLogs(
  client: EC2Client,
  place: Place,
  filter: readonly Filter[] = [],
): AsyncIterable<FlowLog> {
  const pages = paginateDescribeFlowLogs({ client, pageSize: 1000 }, { Filter: [...filter] });
  try {
    for await (const { FlowLogs } of pages) {
      if (FlowLogs === undefined)
        throw new Error(`EC2 answered without the flow logs of ${place.region}: run again`);
      for (const described of FlowLogs) yield liveFlowLog(described, place);
    }
  } catch (error) {
    throw explained(error, `EC2 in ${place.region}`);
  }
}

function liveFlowLog(described: Described, { accountId, region }: Place): FlowLog {
  const { FlowLogId: id = '', ResourceId: resourceId = '' } = described;
  return {
    id,
    accountId,
    region,
    partition: partitionOf(region),
    resourceId,
    destination: readDestination({
      flowLogId: id,
      type: described.LogDestinationType,
      destination: described.LogDestination,
      logGroupName: described.LogGroupName,
    }),
    tags: Object.fromEntries(
      (described.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]),
    ),
    hivePrefixes: described.DestinationOptions?.HiveCompatiblePartitions ?? false,
    observed: {
      status: unlessEmpty(described.DeliverLogsStatus),
      error: unlessEmpty(described.DeliverLogsErrorMessage),
    },
  };
}

/** EC2 may answer with an element that is there and empty. */
const unlessEmpty = (text: string | undefined): string | undefined =>
  text === '' ? undefined : text;
