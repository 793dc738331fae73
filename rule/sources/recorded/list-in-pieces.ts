/** The text before and after a list in JSON. */
export type Frame = readonly [before: string, after: string];

/**
 * Takes the members of a list in a JSON text, many at a time, and resolves with the text before and after the list. The
 * list is the whole text, or the first list in the object of the text. Rejects where there is no list, or the members are
 * not JSON.
 *
 * A bracket or comma inside of a member may be taken for an end by mistake, but then a piece is not JSON: the text has
 * these members if each piece is JSON, and if the text with any other list in place of the list is JSON too.
 */
export async function takeInPieces(
  chunks: AsyncIterable<Buffer>,
  take: (members: readonly unknown[]) => void,
): Promise<Frame> {
  const scan = makeScanner();
  const [before, after]: [Buffer[], Buffer[]] = [[], []];
  let piece: Buffer[] | undefined;
  let isFirst = true;
  for await (const chunk of chunks) {
    let rest = chunk;
    if (piece === undefined) {
      const { bracket } = scan(rest, startOfList);
      before.push(rest.subarray(0, bracket));
      if (bracket === undefined) continue;
      rest = rest.subarray(bracket + 1);
      piece = [];
    }
    if (after.length === 0) {
      const { bracket, comma } = scan(rest, endOfList);
      const end = bracket ?? comma;
      piece.push(rest.subarray(0, end));
      if (end === undefined) continue;
      const members = membersIn(piece);
      // Only a list that ends at once has no member.
      if (members.length === 0 && !(isFirst && bracket !== undefined)) throw notJson;
      take(members);
      isFirst = false;
      rest = rest.subarray(end + 1);
      piece = [rest];
      if (bracket === undefined) continue;
    }
    after.push(rest);
  }
  if (after.length === 0) throw notJson;
  return [textOf(before), textOf(after)];
}

const notJson = new Error('is not JSON with a list');

const textOf = (pieces: readonly Buffer[]): string =>
  (pieces.length === 1 ? pieces[0] : Buffer.concat(pieces))?.toString('utf8') ?? '';

const membersIn = (piece: readonly Buffer[]): readonly unknown[] =>
  JSON.parse(`[${textOf(piece)}]`) as readonly unknown[];

/** Places in a chunk: the bracket that was wanted, and the last comma outside of strings and of further brackets. */
interface Found {
  readonly bracket: number | undefined;
  readonly comma: number | undefined;
}

/** A bracket under at most so many open brackets. */
interface Wanted {
  readonly bracket: number;
  readonly depth: number;
}

/** Bytes of JSON. Constants of their own are much faster than members of a table. */
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
/** This bit makes a brace of a bracket, and leaves a brace. */
const BRACE = 0x20;
const OPEN = OPEN_LIST | BRACE;
const CLOSE = CLOSE_LIST | BRACE;

/** The text is the list, or an object with the list. */
const startOfList: Wanted = { bracket: OPEN_LIST, depth: 1 };
const endOfList: Wanted = { bracket: CLOSE_LIST, depth: 0 };

/** Scans a JSON text chunk after chunk: first for the opening bracket of the list, then for the closing bracket. */
function makeScanner(): (chunk: Buffer, wanted: Wanted) => Found {
  let [level, isInString, escaped] = [0, false, 0];
  return (chunk, wanted) => {
    // Every byte passes here: local variables are much faster.
    let [depth, inString, at] = [level, isInString, escaped];
    let comma: number | undefined;
    while (at < chunk.length) {
      if (inString) {
        at = endOfString(chunk, at);
        inString = at >= chunk.length;
        if (inString) break;
      } else {
        const byte = chunk[at] ?? 0;
        if (byte === wanted.bracket && depth <= wanted.depth) {
          [level, isInString, escaped] = [0, false, 0];
          return { bracket: at, comma };
        }
        if (byte === QUOTE) inString = true;
        else if (byte === COMMA) comma = depth === 0 ? at : comma;
        else if (byte >= OPEN_LIST) depth += changeOfDepth(byte);
      }
      at++;
    }
    // A backslash at the end escapes the first byte of the next chunk.
    [level, isInString, escaped] = [depth, inString, at - chunk.length];
    return { bracket: undefined, comma };
  };
}

function changeOfDepth(byte: number): number {
  const brace = byte | BRACE;
  if (brace === OPEN) return 1;
  return brace === CLOSE ? -1 : 0;
}

/** The place of the quote that ends a string; without any, the place to go on at, beyond the end. */
function endOfString(chunk: Buffer, from: number): number {
  let at = from;
  while (at < chunk.length) {
    const byte = chunk[at];
    if (byte === QUOTE) return at;
    at += byte === BACKSLASH ? 2 : 1;
  }
  return at;
}
