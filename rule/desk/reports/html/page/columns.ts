/** A column of the picture, in pixels. */
export interface Column {
  readonly x: number;
  readonly width: number;
}

export interface Columns {
  /** The width of the picture. */
  readonly width: number;
  readonly flowLogs: Column;
  readonly bucket: Column;
  readonly key: Column;
}

const MARGIN = 9;

/** The columns of a picture of this width: names get the room that the links leave. */
export function columnsIn(width: number): Columns {
  const isNarrow = width < 480;
  const [first, link] = isNarrow ? [82, 26] : [112, 52];
  const names = Math.max(120, width - 2 * MARGIN - first - 2 * link);
  const bucketX = MARGIN + first + link;
  const bucketWidth = Math.round(names * 0.52);
  return {
    width,
    flowLogs: { x: MARGIN, width: first },
    bucket: { x: bucketX, width: bucketWidth },
    key: { x: bucketX + bucketWidth + link, width: names - bucketWidth },
  };
}

/** The width of a letter of code, in parts of its size. */
const LETTER = 0.605;

/** The letters that a box of a column has room for. */
export const roomIn = ({ width }: Column, fontSize: number): number =>
  Math.floor((width - 14) / (fontSize * LETTER));

/** Leaves the middle of a name out: names of one house begin alike, and end unlike. */
export function cutMiddle(name: string, room: number): string {
  if (name.length <= room) return name;
  const end = Math.ceil((room - 1) / 2);
  return `${name.slice(0, room - 1 - end)}…${name.slice(-end)}`;
}
