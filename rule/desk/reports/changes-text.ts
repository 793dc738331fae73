import { sum } from '../../basics/lists.ts';
import { outcomeChanges } from '../../remedy/changes.ts';
import type { Run } from '../../remedy/run.ts';
import { numeral } from '../../basics/text.ts';
import { idLines } from './id-lines.ts';

const INDENT = '    ';
const MAX_CHANGED_ID_LINES = 20;

/** The changes by proposed key policies, for people; no text for any other run. */
export function* changesText({ rows }: Run, { width }: { readonly width: number }) {
  const changes = outcomeChanges(rows);
  if (changes === undefined) return;
  yield '\nWith the proposed key policy:\n';
  for (const { from, to, rows: changed } of changes) {
    yield `  ${numeral(changed.length)} ${from} would become ${to}\n`;
    for (const line of idLines(changed, {
      width: width - INDENT.length,
      maxLines: MAX_CHANGED_ID_LINES,
    }))
      yield `${INDENT}${line}\n`;
  }
  const same = rows.length - sum(changes, (each) => each.rows.length);
  yield `  ${numeral(same)} would stay as ${same === 1 ? 'it is' : 'they are'}\n`;
}
