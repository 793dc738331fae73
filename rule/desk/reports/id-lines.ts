import { groupBy } from '../../basics/lists.ts';
import type { Row } from '../../remedy/run.ts';
import { numeral } from '../../basics/text.ts';
import { foldWords } from './fold.ts';

interface IdLinesOptions {
  readonly width: number;
  readonly maxLines: number;
}

/** The ids of flow logs by account and Region, in lines of at most this width; at the end the number left out. */
export function idLines(
  rows: readonly Row[],
  { width, maxLines }: IdLinesOptions,
): readonly string[] {
  const lines: string[] = [];
  let shown = 0;
  for (const [place, group] of groupBy(rows, placeInWords))
    for (const [index, words] of foldWords([`${place}:`, ...group.map(idOf)], width).entries()) {
      if (lines.length === maxLines)
        return [...lines, `... and ${numeral(rows.length - shown)} more, all in --format json`];
      lines.push(words.join(' '));
      // The first line of a place begins with the place.
      shown += words.length - (index === 0 ? 1 : 0);
    }
  return lines;
}

const idOf = ({ id }: Row): string => id;

/** The account and Region, or the place in a file in the form that editors and terminals open. */
export const placeInWords = ({ accountId, region, source }: Row): string =>
  source === null ? `${accountId} ${region}` : `${source.file}:${source.line}:${source.column}`;
