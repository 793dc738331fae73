import { boundedCache } from '../basics/memory.ts';
import { groupBy } from '../basics/lists.ts';
import { bucketNameOf, learned, notAsked, type Facts, type FlowLog } from '../model/facts.ts';
import { keyBehind } from '../model/key-reference.ts';
import type { Question } from '../model/question.ts';
import type { RecordedSource } from '../model/source.ts';
import { decideOnce } from './decide-once.ts';
import type { Judged, NotJudged } from './survey.ts';

/** Flow logs from records, and the source of their facts. */
export interface Recorded {
  readonly source: RecordedSource;
  readonly flowLogs: Iterable<FlowLog>;
}

/**
 * Judges flow logs by records: no call is needed, so each verdict is there at once. The flow logs of a bucket come one
 * after the other, because most share facts and verdict: a million flow logs in another order need more of both than are
 * remembered.
 */
export function* judgeRecorded(
  { source, flowLogs }: Recorded,
  question: Question,
): Generator<Judged | NotJudged> {
  for (const [name, group] of groupBy(flowLogs, bucketNameOf)) {
    const dependenciesIn = boundedCache<Dependencies>(Infinity);
    const judge = (flowLog: FlowLog): Judged | NotJudged => {
      const { partition } = flowLog;
      try {
        const found = dependenciesIn(partition, () => recordedFacts(source, name, partition));
        const facts: Facts = { flowLog, ...found };
        return { kind: 'judged', flowLog, facts, verdict: decideOnce(facts, question) };
      } catch (failure) {
        return { kind: 'not-judged', flowLog, failure };
      }
    };
    for (const flowLog of group) yield judge(flowLog);
  }
}

type Dependencies = Pick<Facts, 'bucket' | 'key'>;

function recordedFacts(
  source: RecordedSource,
  name: string | undefined,
  partition: string,
): Dependencies {
  if (name === undefined) return { bucket: notAsked, key: notAsked };
  const bucket = source.bucket(name, partition);
  const key = keyBehind(learned(bucket), partition, (arn) => source.key(arn));
  return { bucket, key };
}
