import { boundedCache } from '../basics/memory.ts';
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

/** Judges flow logs by records: no call is needed, so each verdict is there at once. */
export function* judgeRecorded(
  { source, flowLogs }: Recorded,
  question: Question,
): Generator<Judged | NotJudged> {
  const dependenciesOf = recordedDependencies(source);
  const judge = (flowLog: FlowLog): Judged | NotJudged => {
    try {
      const { bucket, key } = dependenciesOf(flowLog);
      const facts: Facts = { flowLog, bucket, key };
      return { kind: 'judged', flowLog, facts, verdict: decideOnce(facts, question) };
    } catch (failure) {
      return { kind: 'not-judged', flowLog, failure };
    }
  };
  for (const flowLog of flowLogs) yield judge(flowLog);
}

type Dependencies = Pick<Facts, 'bucket' | 'key'>;

/** Bounds the memory: many flow logs deliver to few destinations. */
const MAX_DESTINATIONS = 10_000;

/** Looks up the bucket of a flow log and the key of the bucket, once for each destination: flow logs share destinations. */
function recordedDependencies(source: RecordedSource): (flowLog: FlowLog) => Dependencies {
  type InPartition = (
    destination: FlowLog['destination'],
    make: () => Dependencies,
  ) => Dependencies;
  const partitions = boundedCache<InPartition>(Infinity);
  return ({ partition, destination }) => {
    const known = partitions(partition, () => boundedCache(MAX_DESTINATIONS));
    return known(destination, () => {
      const name = bucketNameOf({ destination });
      if (name === undefined) return { bucket: notAsked, key: notAsked };
      const bucket = source.bucket(name, partition);
      const key = keyBehind(learned(bucket), partition, (arn) => source.key(arn));
      return { bucket, key };
    });
  };
}
