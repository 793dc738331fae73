import { counted, numeral } from '../../../../basics/text.ts';
import { isBroken } from './cards.ts';
import { cutMiddle, roomIn, type Column, type Columns } from './columns.ts';
import { shape } from './elements.ts';
import type { PictureRow } from './picture-rows.ts';

/** The heights of a row and of a box, in pixels. */
export const ROW_HEIGHT = 46;
const BOX_HEIGHT = 38;

/** The middle of a line, or the top of a card. */
export interface Spot {
  readonly columns: Columns;
  readonly y: number;
}

/** Draws flow logs, their bucket, and the links; the key has its middle at `keyY`. */
export function rowPicture(
  row: PictureRow,
  { columns, y }: Spot,
  keyY?: number,
): readonly SVGElement[] {
  const { check, outcome, count, buckets } = row;
  const [bucket = null] = buckets;
  const weight = 1.5 + Math.log10(count);
  const [first, second] = linkKinds(row);
  const toBucket = wayBetween([columns.flowLogs, y], [columns.bucket, y]);
  return [
    ...linkPicture(toBucket, first, weight),
    ...(keyY === undefined
      ? []
      : linkPicture(wayBetween([columns.bucket, y], [columns.key, keyY]), second, weight)),
    ...box(columns.flowLogs, y, {
      name: counted(count, columns.flowLogs.width < 100 ? 'log' : 'flow log'),
      remark: check ?? outcome,
      kind: outcome,
    }),
    ...box(columns.bucket, y, {
      name: bucket ?? 'no bucket',
      remark: bucket === null ? 'another destination' : moreBuckets(buckets.length - 1),
      ...(bucket === null && { kind: 'ghost' }),
    }),
  ];
}

const moreBuckets = (count: number): string => (count === 0 ? '' : `and ${numeral(count)} more`);

/** The looks of both links: nothing is known to pass the second where the first fails. */
function linkKinds(row: PictureRow): readonly [toBucket: string, toKey: string] {
  const { outcome, link } = row;
  if (!isBroken(row)) return [outcome, outcome];
  return link === 'to-bucket' ? [outcome, 'not-reached'] : ['passed', outcome];
}

interface BoxText {
  readonly name: string;
  readonly remark: string;
  /** An outcome, or `ghost` for something that is not known. */
  readonly kind?: string;
}

/** A box with a name, and a remark below. A long name without a remark has two lines. */
export function box(
  column: Column,
  y: number,
  { name, remark, kind = 'plain' }: BoxText,
): readonly SVGElement[] {
  const { x, width } = column;
  const [large, small] = [roomIn(column, 12.5), roomIn(column, 11)];
  const isLong = remark === '' && name.length > large;
  const end = breakIn(name, large);
  const text = (content: string, textClass: string, baseline: number) =>
    shape('text', { class: textClass, x: String(x + 8), y: String(y + baseline) }, content);
  const lines = isLong
    ? [text(name.slice(0, end), 'name', -3), text(cutMiddle(name.slice(end), large), 'name', 12)]
    : [
        text(cutMiddle(name, large), 'name', remark === '' ? 4.5 : -2),
        text(cutMiddle(remark, small), 'small', 13),
      ];
  const frame = {
    class: `box ${kind}`,
    x: String(x),
    y: String(y - BOX_HEIGHT / 2),
    width: String(width),
    height: String(BOX_HEIGHT),
    rx: '5',
  };
  return [shape('rect', frame), ...lines];
}

/** The length of a first line of a name: to the last hyphen or dot with room. */
const breakIn = (name: string, room: number): number =>
  /^.{3,}[-._/]/.exec(name.slice(0, room))?.[0].length ?? room;

interface Way {
  readonly path: string;
  readonly middle: readonly [x: number, y: number];
}

type End = readonly [column: Column, y: number];

function wayBetween([from, y1]: End, [to, y2]: End): Way {
  const [x1, x2] = [from.x + from.width, to.x];
  const middle = (x1 + x2) / 2;
  return {
    path: `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`,
    middle: [middle, (y1 + y2) / 2],
  };
}

/** The sign on a link that does not hold for sure. */
const signs: Readonly<Record<string, string>> = { blocked: '✕', unknown: '?' };

function linkPicture({ path, middle: [x, y] }: Way, kind: string, weight: number): SVGElement[] {
  const line = shape('path', { class: `link ${kind}`, d: path, 'stroke-width': weight.toFixed(1) });
  const sign = signs[kind];
  if (sign === undefined) return [line];
  return [
    line,
    shape('circle', { class: `sign ${kind}`, cx: String(x), cy: String(y), r: '9' }),
    shape('text', { class: `mark ${kind}`, x: String(x), y: String(y + 4.5) }, sign),
  ];
}
