import { nameAndPlace, type Card } from './cards.ts';
import { columnsIn, roomIn, type Columns } from './columns.ts';
import { shape } from './elements.ts';
import { cardInWords, pictureRows, type PictureRow } from './picture-rows.ts';
import { box, rowPicture, ROW_HEIGHT, type Spot } from './row-picture.ts';

/** The gap between cards, in pixels. */
const GAP = 16;

interface CardSpot extends Spot {
  /** The address of the card in the page. */
  readonly href: string;
}

/** Draws flow logs, buckets and keys for this width, the first card at the top. Paper breaks between cards. */
export function picture(cards: readonly Card[], width: number): readonly SVGSVGElement[] {
  const columns = columnsIn(width);
  const drawn = cards.map((card, index) => {
    const rows = pictureRows(card);
    const spot = { columns, y: GAP / 2, href: `#card-${index + 1}` };
    return drawing(width, rows.length * ROW_HEIGHT + GAP, [cardPicture(card, rows, spot)]);
  });
  return [drawing(width, 18, headings(columns)), ...drawn];
}

const drawing = (width: number, height: number, shapes: readonly SVGElement[]): SVGSVGElement =>
  shape('svg', { viewBox: `0 0 ${width} ${height}` }, ...shapes);

/** A screen reader gets the names with each card. */
const headings = ({ flowLogs, bucket, key }: Columns): readonly SVGElement[] =>
  (
    [
      ['flow logs', flowLogs],
      ['bucket', bucket],
      ['key', key],
    ] as const
  ).map(([text, { x }]) =>
    shape('text', { class: 'small', x: String(x), y: '12', 'aria-hidden': 'true' }, text),
  );

/** A card's picture is a link to the card. */
function cardPicture(
  card: Card,
  rows: readonly PictureRow[],
  { columns, y, href }: CardSpot,
): SVGAElement {
  const height = rows.length * ROW_HEIGHT;
  const keyY = y + height / 2;
  const hasKey = card.subject === 'Key' || rows.some(({ link }) => link === 'to-key');
  const back = shape('rect', {
    class: 'back',
    x: '1.5',
    y: String(y - 5),
    width: String(columns.width - 3),
    height: String(height + 10),
    rx: '8',
  });
  return shape(
    'a',
    { href, class: card.outcome, 'aria-label': cardInWords(card) },
    back,
    ...rows.flatMap((row, index) =>
      rowPicture(row, { columns, y: y + (index + 0.5) * ROW_HEIGHT }, hasKey ? keyY : undefined),
    ),
    ...(hasKey ? keyPicture(card, { columns, y: keyY }) : []),
  );
}

/** A link to a key that nobody knows ends at an empty box. */
function keyPicture(card: Card, { columns, y }: Spot): readonly SVGElement[] {
  const [name, place] = nameAndPlace(card);
  const [account = ''] = place.split(' ');
  return card.subject === 'Key'
    ? box(columns.key, y, {
        name,
        remark: place.length > roomIn(columns.key, 11) ? account : place,
      })
    : box(columns.key, y, { name: 'no key', remark: 'is known', kind: 'ghost' });
}
