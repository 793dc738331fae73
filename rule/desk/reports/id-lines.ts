import type { SourceLine } from '../../model/world.ts';
import type { Row } from '../../remedy/run.ts';
import { foldWords } from './fold.ts';

/** People read some lines of ids; machines read the others in the JSON report. */
const MAX_ID_LINES = 20;

/** The ids of flow logs by account and Region, in lines of at most this width; at the end the number left out. */
export function idLines(rows: readonly Row[], width: number): readonly string[] {
  const lines: string[] = [];
  let shown = 0;
  for (const [place, ids] of idsByPlace(rows))
    for (const [index, words] of foldWords([`${place}:`, ...ids], width).entries()) {
      if (lines.length === MAX_ID_LINES)
        return [...lines, `... and ${rows.length - shown} more, all in --format json`];
      lines.push(words.join(' '));
      // The first line of a place begins with the place.
      shown += words.length - (index === 0 ? 1 : 0);
    }
  return lines;
}

/** In the form that editors and terminals open. */
const placeInFile = ({ file, line, column }: SourceLine): string => `${file}:${line}:${column}`;

function idsByPlace(rows: readonly Row[]): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, string[]>();
  for (const { accountId, region, id, source } of rows) {
    const place = source === null ? `${accountId} ${region}` : placeInFile(source);
    const ids = places.get(place);
    if (ids === undefined) places.set(place, [id]);
    else ids.push(id);
  }
  return places;
}
