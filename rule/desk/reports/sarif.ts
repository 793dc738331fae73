import { sum } from '../../basics/lists.ts';
import type { Log, Notification, Run as SarifRun } from 'sarif';
import { version } from '../../../package.json';
import { HOMEPAGE } from '../../model/check-page.ts';
import { problemLine } from '../../model/problem.ts';
import type { Run } from '../../remedy/run.ts';
import { gravest } from './gravest.ts';
import { pieces } from './pieces.ts';
import type { ReportRoot } from './root-path.ts';
import { failingResult, sarifText, unreadResult } from './sarif-result.ts';
import { sarifRules } from './sarif-rules.ts';

/** GitHub shows so many results of an upload. */
const MAX_RESULTS = 5000;

/**
 * The report for code scanning, in SARIF 2.1.0: a result for each input that could not be read, and for each blocked and
 * each unknown flow log, the gravest first. A deliverable or exempt flow log has no result: GitHub would raise an alert.
 */
export function sarif({ causes, problems }: Run, root: ReportRoot): Iterable<string> {
  const unread = problems.slice(0, MAX_RESULTS).map((problem) => unreadResult(problem, root));
  const rows = gravest(causes, MAX_RESULTS - unread.length);
  const all = problems.length + sum(causes, (cause) => cause.rows.length);
  const left = all - unread.length - rows.length;
  const run: SarifRun = {
    tool: {
      driver: {
        name: 'flow-log-key',
        semanticVersion: version,
        informationUri: HOMEPAGE,
        rules: [...sarifRules],
      },
    },
    invocations: [
      {
        executionSuccessful: problems.length === 0,
        toolExecutionNotifications: [
          ...problems
            .slice(0, MAX_RESULTS)
            .map((problem) => notification('error', problemLine(problem))),
          ...(left > 0
            ? [notification('warning', `${left} more results are not shown, --format json has all`)]
            : []),
        ],
      },
    ],
    columnKind: 'utf16CodeUnits',
    results: [...unread, ...rows.map((row) => failingResult(row, root))],
  };
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [run],
  };
  return pieces(log);
}

const notification = (level: Notification.level, text: string): Notification => ({
  level,
  message: { text: sarifText(text) },
});
