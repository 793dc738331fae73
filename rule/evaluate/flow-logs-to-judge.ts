import { Readable } from 'node:stream';
import type { Filter } from '@aws-sdk/client-ec2';
import { dependents } from '../judge/survey.ts';
import type { FlowLog } from '../model/facts.ts';
import type { Source } from '../model/source.ts';
import { describeFlowLogs } from '../sources/aws/flow-logs.ts';
import { awsSource } from '../sources/aws/source.ts';
import type { RuleRequest } from './event.ts';
import type { Member } from './member.ts';
import { flowLogsWithResults } from './old-results.ts';

export interface FlowLogsToJudge {
  readonly flowLogs: AsyncIterable<FlowLog>;
  readonly source: Source;
  /** Flow logs with a result in AWS Config. A deleted or redirected flow log among these needs a new, empty result. */
  readonly idsWithResult: ReadonlySet<string>;
}

/** Lists the flow logs of a request: all, a single flow log, or the dependents of a bucket or key. */
export async function flowLogsToJudge(
  { subject, accountId, ruleName }: RuleRequest,
  { clients, config, across }: Member,
  { region }: { readonly region: string },
): Promise<FlowLogsToJudge> {
  const place = { accountId, region };
  const source = awsSource({ clients, place, across });
  const list = (filter: readonly Filter[]): AsyncIterable<FlowLog> =>
    describeFlowLogs(clients.ec2(region), place, filter);
  const noIds = new Set<string>();
  switch (subject.kind) {
    case 'nothing':
    case 'not-applicable':
      return { flowLogs: Readable.from([]), source, idsWithResult: noIds };
    case 'flow-log': {
      const flowLogs = list([{ Name: 'flow-log-id', Values: [subject.id] }]);
      return { flowLogs, source, idsWithResult: new Set([subject.id]) };
    }
    case 'bucket':
    case 'key': {
      const toS3 = list([{ Name: 'log-destination-type', Values: ['s3'] }]);
      return { flowLogs: dependents(toS3, subject, source), source, idsWithResult: noIds };
    }
    case 'everything': {
      // Results before flow logs: a flow log made in between has no result yet, and does not look deleted.
      const idsWithResult = await flowLogsWithResults(config, ruleName);
      return { flowLogs: list([]), source, idsWithResult };
    }
  }
}
