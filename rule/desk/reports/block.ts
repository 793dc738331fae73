import { printable, numeral } from '../../basics/text.ts';
import type { Outcome } from '../../model/verdict.ts';
import type { Row } from '../../remedy/run.ts';
import { countOutcomes, flowLogsInWords } from './counts-in-words.ts';
import { painterOf, type Paint } from './paint.ts';

/** Flow logs of a table that belong together, and the lines on these flow logs. */
export interface Block {
  readonly outcome: Outcome;
  /** Words after the outcome; may be empty. */
  readonly title: string;
  readonly rows: readonly Row[];
  readonly entries: readonly LabelledLines[];
}

/** A label, and the lines beside the label. An entry without lines is left out of the table. */
export type LabelledLines = readonly [label: string, lines: readonly string[]];

export const LABEL_COLUMNS = 4;

export function blockLines(
  { outcome, title, rows, entries }: Block,
  paint: Paint,
): readonly string[] {
  const unknown = outcome === 'blocked' ? countOutcomes(rows, 'unknown') : 0;
  const doubt = unknown === 0 ? '' : `, ${numeral(unknown)} of them unknown`;
  const heading = painterOf(outcome, paint)(`${outcome.toUpperCase()}  ${title}`.trimEnd());
  const lines = entries.flatMap(([label, texts]) =>
    texts.map(
      (text, index) =>
        paint.dim((index === 0 ? label : '').padEnd(LABEL_COLUMNS)) + printable(text),
    ),
  );
  return [`${heading}  ${flowLogsInWords(rows)}${doubt}`, ...lines];
}
