import { MAX_KEY_POLICY_BYTES } from '../../model/kms.ts';
import { gravestFinding } from '../../model/verdict.ts';
import type { StatementLanguage } from '../../model/world.ts';
import type { Cause, StatementForKey } from '../../remedy/run.ts';
import { fold } from './fold.ts';
import { idLines } from './id-lines.ts';
import { layOutJson } from './lay-out-json.ts';
import { writeStatement } from '../../remedy/write-statement.ts';

/** A label, and the lines beside the label. An entry without lines is left out of the table. */
export type LabelledLines = readonly [label: string, lines: readonly string[]];

export interface CauseEntriesOptions {
  /** The columns for lines. */
  readonly room: number;
  /** The language of the statement to add. */
  readonly language: StatementLanguage;
  /** A line about all causes of the key. */
  readonly keyTotal: string | undefined;
  /** True where an earlier cause of the key has shown the statement. */
  readonly isStatementShown: boolean;
}

/** Says why the flow logs of a cause fail, and which statement settles the cause. */
export function causeEntries(
  { keyArn, bucket, rows, remedy }: Cause,
  { room, language, keyTotal, isStatementShown }: CauseEntriesOptions,
): readonly LabelledLines[] {
  const finding = gravestFinding(rows[0].verdict);
  const others = new Set(rows.map(({ verdict }) => verdict.message)).size - 1;
  return [
    ['key', [keyArn, keyTotal].filter((line) => typeof line === 'string')],
    ['s3', bucket === null ? [] : [bucket]],
    ['why', fold(finding?.what ?? '', room)],
    ['do', fold(finding?.next ?? '', room)],
    ['', others > 0 ? [`(${others} more messages like this, each in --format json)`] : []],
    ['add', remedy === null ? [] : additionLines(remedy, { room, language, isStatementShown })],
    ['ids', idLines(rows, room)],
  ];
}

function additionLines(
  { statement, replaces }: StatementForKey,
  { room, language, isStatementShown }: Omit<CauseEntriesOptions, 'keyTotal'>,
): readonly string[] {
  if (isStatementShown) return ['the same statement as above, once'];
  if (JSON.stringify(statement).length > MAX_KEY_POLICY_BYTES)
    return fold(
      'one statement for the whole organization, as no key policy has room for all of these accounts: flow-log-key statement --organization-id o-...',
      room,
    );
  const lines =
    language === 'json'
      ? layOutJson(statement, room)
      : writeStatement(statement, language).trimEnd().split('\n');
  return replaces ? [`in place of statement ${statement.Sid}, which grows:`, ...lines] : lines;
}
