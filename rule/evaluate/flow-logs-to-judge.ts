import { Readable } from 'node:stream';
import type { Filter } from '@aws-sdk/client-ec2';
import { memoize } from '../basics/memory.ts';
import { dependents, dependsOn } from '../judge/dependence.ts';
import type { Judged } from '../judge/survey.ts';
import type { Dependency } from '../model/dependency.ts';
import { isUnknown, type FlowLog } from '../model/facts.ts';
import type { Source } from '../model/source.ts';
import { describeFlowLogs } from '../sources/aws/flow-logs.ts';
import { awsSource } from '../sources/aws/source.ts';
import type { RuleRequest } from './event.ts';
import type { Member } from './member.ts';
import { flowLogsWithResults, type ResultsById, type ResultsQuery } from './old-results.ts';
import { flowLogOfEvent } from './recorded-flow-log.ts';

interface RunLimits {
  readonly region: string;
  /** The end of judging, in milliseconds since 1970. */
  readonly deadline: number;
}

export interface FlowLogsToJudge {
  readonly flowLogs: AsyncIterable<FlowLog>;
  readonly source: Source;
  /** Flow logs with a result in AWS Config. A deleted or redirected flow log among these needs a new, empty result. */
  readonly idsWithResult: ReadonlySet<string>;
  /** Flow logs that are COMPLIANT in AWS Config before a scheduled run; empty for other requests. */
  readonly compliantIds: ReadonlySet<string>;
  /** Why no result can be cleared; empty where results can be cleared. */
  readonly problems: readonly string[];
  /** False for a verdict that changes no result in AWS Config. */
  readonly isNews: (judged: Judged) => Promise<boolean>;
}

/** Lists the flow logs of a request: all, a single flow log, or the dependents of a bucket or key. */
export async function flowLogsToJudge(
  { subject, accountId, ruleName, orderingTime }: RuleRequest,
  { clients, config, across }: Member,
  { region, deadline }: RunLimits,
): Promise<FlowLogsToJudge> {
  const place = { accountId, region };
  const source = awsSource({ clients, place, across, deadline });
  const list = (filter: readonly Filter[]): AsyncIterable<FlowLog> =>
    describeFlowLogs(clients.ec2(region), place, filter);
  const common = {
    source,
    idsWithResult: new Set<string>(),
    compliantIds: new Set<string>(),
    problems: [],
    isNews: () => Promise.resolve(true),
  };
  const results = { config, ruleName, deadline };
  switch (subject.kind) {
    case 'nothing':
    case 'not-applicable':
      return { ...common, flowLogs: Readable.from([]) };
    case 'flow-log': {
      const { id } = subject;
      const find = () => list([{ Name: 'flow-log-id', Values: [id] }]);
      const flowLogs = flowLogOfEvent(find, { id, recordedAt: orderingTime });
      return { ...common, flowLogs, idsWithResult: new Set([id]) };
    }
    case 'bucket':
    case 'key': {
      const toS3 = list([{ Name: 'log-destination-type', Values: ['s3'] }]);
      const isNews = newsOf(subject, source, results);
      return { ...common, flowLogs: dependents(toS3, subject, source), isNews };
    }
    case 'everything': {
      // Results before flow logs: a flow log made in between has no result yet, and does not look deleted.
      const compliances = ['COMPLIANT', 'NON_COMPLIANT'] as const;
      const found = await flowLogsWithResults({ ...results, compliances });
      if (!isUnknown(found)) return { ...common, flowLogs: list([]), ...idsIn(found) };
      const problem = `results of deleted flow logs were not cleared: ${found.why}`;
      return { ...common, flowLogs: list([]), problems: [problem] };
    }
  }
}

const idsIn = (results: ResultsById): Pick<FlowLogsToJudge, 'idsWithResult' | 'compliantIds'> => ({
  idsWithResult: new Set(results.keys()),
  compliantIds: new Set([...results].flatMap(([id, word]) => (word === 'COMPLIANT' ? [id] : []))),
});

/**
 * Unknown again for a flow log that perhaps does not depend on the edit: news only against COMPLIANT, else each edit of
 * any key would pay for each unreadable bucket. AWS Config is asked once; without an answer everything is news.
 */
function newsOf(
  dependency: Dependency,
  source: Source,
  results: Omit<ResultsQuery, 'compliances'>,
): FlowLogsToJudge['isNews'] {
  const compliant = memoize(() => flowLogsWithResults({ ...results, compliances: ['COMPLIANT'] }));
  return async ({ flowLog, verdict }) => {
    if (verdict.outcome !== 'unknown') return true;
    if ((await dependsOn(flowLog, dependency, source)) === true) return true;
    const ids = await compliant();
    return isUnknown(ids) || ids.has(flowLog.id);
  };
}
