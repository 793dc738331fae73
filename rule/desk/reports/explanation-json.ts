import type { Explanation, ExplainedWorlds } from '../../judge/explanation-of.ts';
import type { Problem } from '../../model/problem.ts';
import type { Verdict } from '../../model/verdict.ts';
import { pieces } from './pieces.ts';

/** Explanations as JSON: the fields of the report on each flow log, and its worlds. */
export const explanationJson = (
  explanations: readonly Explanation[],
  problems: readonly Problem[],
): Iterable<string> =>
  pieces({
    schemaVersion: 1,
    flowLogs: explanations.map(({ flowLog, source, verdict, worlds }) => ({
      flowLogId: flowLog.id,
      accountId: flowLog.accountId === '' ? null : flowLog.accountId,
      region: flowLog.region === '' ? null : flowLog.region,
      resourceId: flowLog.resourceId,
      bucket: verdict.bucket,
      keyArn: verdict.keyArn,
      source,
      ...verdictJson(verdict),
      worlds: worlds.map(worldsJson),
    })),
    problems: problems.map(({ file, item, message }) => ({ file, item, message })),
  });

const verdictJson = ({ outcome, reason, message, findings, advice }: Verdict) => ({
  outcome,
  reason,
  message,
  findings,
  advice,
});

const worldsJson = ({ where, count, verdict, facts, requests }: ExplainedWorlds) => ({
  where,
  count,
  ...verdictJson(verdict),
  facts,
  requests,
});
