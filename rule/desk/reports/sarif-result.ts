import { createHash } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Location, Result } from 'sarif';
import { printable } from '../../basics/text.ts';
import { problemLine, type Problem } from '../../model/problem.ts';
import type { FailingRow } from '../../remedy/run.ts';
import { findingParts } from './finding-lines.ts';
import { rootPath, type ReportRoot } from './root-path.ts';
import { sarifRules, UNREADABLE } from './sarif-rules.ts';

export function failingResult(row: FailingRow, root: ReportRoot): Result {
  const { id, accountId, region, source, verdict } = row;
  const { what, where, next } = findingParts(verdict);
  const file = source === null ? '' : rootPath(source.file, root);
  return {
    ...rule(verdict.reason),
    level: verdict.outcome === 'blocked' ? 'error' : 'warning',
    message: {
      text: [
        `Flow log ${id} is ${verdict.outcome}: ${what}`,
        where.bucket && `Bucket: ${where.bucket}`,
        where.key && `Key: ${where.key}`,
        next && `Next: ${next}`,
      ]
        .filter((sentence) => typeof sentence === 'string')
        .map((sentence) => `${sarifText(sentence)}.`)
        .join(' '),
    },
    locations: [locationOf(row, file)],
    partialFingerprints: fingerprints([verdict.reason, file, id]),
    properties: {
      outcome: verdict.outcome,
      accountId: accountId || null,
      region: region || null,
      ...where,
    },
  };
}

export function unreadResult(problem: Problem, root: ReportRoot): Result {
  const file = rootPath(problem.file, root);
  return {
    ...rule(UNREADABLE),
    level: 'error',
    message: { text: `Input could not be read: ${sarifText(problemLine(problem))}.` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: uriOfFile(file) }, region: { startLine: 1 } },
      },
    ],
    partialFingerprints: fingerprints([UNREADABLE, file, problem.item ?? '']),
  };
}

const rule = (ruleId: string) => ({
  ruleId,
  ruleIndex: sarifRules.findIndex(({ id }) => id === ruleId),
});

function locationOf({ id, accountId, region, source }: FailingRow, file: string): Location {
  const names = [accountId, region, id].filter((name) => name !== '');
  return {
    physicalLocation:
      source === null
        ? { artifactLocation: { uri: uriOfParts(['aws', ...names]) }, region: { startLine: 1 } }
        : {
            artifactLocation: { uri: uriOfFile(file) },
            region: { startLine: source.line, startColumn: source.column },
          },
    logicalLocations: [
      { name: printable(id), fullyQualifiedName: printable(names.join('/')), kind: 'resource' },
    ],
  };
}

const uriOfFile = (path: string): string =>
  isAbsolute(path) ? pathToFileURL(path).href : uriOfParts(path.split('/'));

/**
 * GitHub refuses a whole upload for one result without a file, and for a URI of a scheme such as `arn:`. So a flow log
 * without a file has a path of account, Region and id.
 */
const uriOfParts = (parts: readonly string[]): string =>
  parts.map((part) => encodeURIComponent(printable(part))).join('/');

/**
 * The identity of a result, without message, line or account: the same flow log stays the same alert after an edit. GitHub
 * reads the second name only.
 */
function fingerprints(identity: readonly string[]): Record<string, string> {
  const hash = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32);
  return { 'flowLog/v1': hash, primaryLocationLineHash: hash };
}

/** Text of a message: braces would be placeholders, and a bracket before a parenthesis a link. */
export const sarifText = (text: string): string =>
  printable(text).replace(/[{}]/g, '$&$&').replaceAll('](', '] (');
