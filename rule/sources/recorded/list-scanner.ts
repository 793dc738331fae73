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
export const startOfList: Wanted = { bracket: OPEN_LIST, depth: 1 };
export const endOfList: Wanted = { bracket: CLOSE_LIST, depth: 0 };

/** Scans a JSON text chunk after chunk: first for the opening bracket of the list, then for the closing bracket. */
export function makeScanner(): (chunk: Buffer, wanted: Wanted) => Found {
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
