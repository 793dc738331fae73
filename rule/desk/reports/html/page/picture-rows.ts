import { groupBy, sum } from '../../../../basics/lists.ts';
import { counted } from '../../../../basics/text.ts';
import type { PageGroup } from '../page-data.ts';
import { nameAndPlace, type Card, type CardLine } from './cards.ts';

/** A row of the picture: the flow logs of a line, or of all lines of a card that are broken alike. */
export interface PictureRow extends Pick<PageGroup, 'outcome' | 'check' | 'link'> {
  readonly count: number;
  /** The bucket with most flow logs is the first. */
  readonly buckets: readonly (string | null)[];
}

/** A card with more lines is drawn by cause. */
const MAX_LINES = 3;

/** The rows of a card, the worst first. */
export function pictureRows({ lines }: Card): readonly PictureRow[] {
  const groups =
    lines.length <= MAX_LINES
      ? lines.map((line) => [line] as const)
      : groupBy(lines, ({ group: { outcome, check, link } }) =>
          JSON.stringify([outcome, check, link]),
        ).values();
  return [...groups].map(rowOfLines);
}

function rowOfLines(lines: readonly [CardLine, ...CardLine[]]): PictureRow {
  const [
    {
      group: { outcome, check, link },
    },
  ] = lines;
  return {
    outcome,
    check,
    link,
    count: sum(lines, ({ flowLogs }) => flowLogs.length),
    buckets: lines.map(({ group }) => group.bucket),
  };
}

/** The picture of a card, for a screen reader. */
export function cardInWords(card: Card): string {
  const rows = pictureRows(card).map(({ outcome, check, count, buckets }) => {
    const [bucket = null] = buckets;
    const place = buckets.length > 1 ? counted(buckets.length, 'bucket') : `bucket ${bucket ?? ''}`;
    const cause = check === null ? '' : ` by ${check}`;
    return `${counted(count, 'flow log')}${bucket === null ? '' : ` in ${place}`} ${outcome}${cause}`;
  });
  return `${card.subject} ${nameAndPlace(card)[0]}: ${rows.join('; ')}`;
}
