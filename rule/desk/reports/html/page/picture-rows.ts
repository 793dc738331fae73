import type { PageGroup } from '../page-data.ts';
import { groupedBy, nameAndPlace, type Card, type CardLine } from './cards.ts';

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
      ? lines.map((line) => [line])
      : groupedBy(lines, ({ group: { outcome, check, link } }) =>
          JSON.stringify([outcome, check, link]),
        ).values();
  return [...groups].flatMap(rowOfLines);
}

const rowOfLines = (lines: readonly CardLine[]): readonly PictureRow[] =>
  lines.slice(0, 1).map(({ group: { outcome, check, link } }) => ({
    outcome,
    check,
    link,
    count: lines.reduce((sum, { flowLogs }) => sum + flowLogs.length, 0),
    buckets: lines.map(({ group }) => group.bucket),
  }));

/** A number with its noun, such as "1,254 flow logs". */
export const countOf = (count: number, noun = 'flow log'): string =>
  `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;

/** The picture of a card, for a screen reader. */
export function cardInWords(card: Card): string {
  const rows = pictureRows(card).map(({ outcome, check, count, buckets }) => {
    const [bucket = null] = buckets;
    const place = buckets.length > 1 ? countOf(buckets.length, 'bucket') : `bucket ${bucket ?? ''}`;
    const cause = check === null ? '' : ` by ${check}`;
    return `${countOf(count)}${bucket === null ? '' : ` in ${place}`} ${outcome}${cause}`;
  });
  return `${card.subject} ${nameAndPlace(card)[0]}: ${rows.join('; ')}`;
}
