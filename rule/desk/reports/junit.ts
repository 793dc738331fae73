import { groupBy } from '../../basics/lists.ts';
import type { Problem } from '../../model/problem.ts';
import type { Outcome, Verdict } from '../../model/verdict.ts';
import type { Row, Run } from '../../remedy/run.ts';
import { countOutcomes } from './counts-in-words.ts';
import { findingLines } from './finding-lines.ts';
import { tag, xmlText } from './xml.ts';

/**
 * The report for readers of test results: a suite for each account and Region, a test for each flow log. A blocked flow log
 * is a failure. An unknown flow log is an error, the word for a test without a result: no reader counts an error as passed.
 */
export function* junit({ rows, problems }: Run): Generator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `<${tag('testsuites', { name: 'flow-log-key', ...suiteCounts(rows, problems) })}>\n`;
  for (const [place, suite] of groupBy(rows, suiteName)) {
    yield `  <${tag('testsuite', { name: place, ...suiteCounts(suite, []) })}>\n`;
    for (const row of suite) yield* test(row, place);
    yield '  </testsuite>\n';
  }
  if (problems.length > 0) yield* unread(problems);
  yield '</testsuites>\n';
}

function suiteCounts(rows: readonly Row[], problems: readonly Problem[]) {
  return {
    tests: rows.length + problems.length,
    failures: countOutcomes(rows, 'blocked'),
    errors: countOutcomes(rows, 'unknown') + problems.length,
    skipped: countOutcomes(rows, 'exempt'),
  };
}

/** The account and Region as the name of a suite. */
const suiteName = ({ accountId, region }: Row): string =>
  [accountId, region].filter((part) => part !== '').join('.') || 'not-deployed';

/** Readers show the class as the group of a test, and tell tests apart by class and name. */
function* test({ id, resourceId, source, verdict }: Row, place: string): Generator<string> {
  const names = { name: id, classname: place, file: source?.file, line: source?.line };
  yield `    <${tag('testcase', names)}>\n`;
  yield '      <properties>\n';
  const properties = { resource: resourceId, bucket: verdict.bucket, key: verdict.keyArn };
  for (const [name, value] of Object.entries({ outcome: verdict.outcome, ...properties }))
    if (value !== null && value !== '') yield `        <${tag('property', { name, value })}/>\n`;
  yield '      </properties>\n';
  yield* result(verdict);
  yield '    </testcase>\n';
}

function* result(verdict: Verdict): Generator<string> {
  const name = resultTags[verdict.outcome];
  if (name === null) return;
  const lines = findingLines(verdict);
  const [message] = lines;
  if (name === 'skipped') {
    yield `      <${tag(name, { message })}/>\n`;
    return;
  }
  const text = lines.map(xmlText).join('\n');
  yield `      <${tag(name, { type: verdict.reason, message })}>${text}</${name}>\n`;
}

const resultTags: Record<Outcome, 'failure' | 'error' | 'skipped' | null> = {
  blocked: 'failure',
  unknown: 'error',
  exempt: 'skipped',
  deliverable: null,
};

/** Input that could not be read is a suite of errors: nobody knows the flow logs in this input. */
function* unread(problems: readonly Problem[]): Generator<string> {
  const name = 'unreadable-input';
  yield `  <${tag('testsuite', { name, ...suiteCounts([], problems) })}>\n`;
  for (const { file, item, message } of problems) {
    const names = { name: item === null ? file : `${file}: ${item}`, classname: name };
    yield `    <${tag('testcase', names)}>\n`;
    yield `      <${tag('error', { type: name, message })}/>\n`;
    yield '    </testcase>\n';
  }
  yield '  </testsuite>\n';
}
