import { endOfList, makeScanner, startOfList } from './list-scanner.ts';

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
  let scan = makeScanner();
  let separator: Buffer | undefined;
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
      separator = separatorIn(rest);
    }
    if (after.length === 0) {
      const likely = likelyMembers([...piece, rest], separator);
      if (likely !== undefined) {
        take(likely.members);
        isFirst = false;
        rest = likely.rest;
        piece = [];
        scan = makeScanner();
      }
      const { bracket, comma } = scan(rest, endOfList);
      const end = bracket ?? comma;
      piece.push(rest.subarray(0, end));
      if (end === undefined) continue;
      // Only a list that ends at once has no member.
      take(membersIn(piece, { mayBeNone: isFirst && bracket !== undefined }));
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

/** A comma, and the beginning of the first member as far as the first name. */
function separatorIn(list: Buffer): Buffer | undefined {
  const colon = list.subarray(0, 100).indexOf(':');
  return colon === -1 ? undefined : Buffer.concat([Buffer.from(','), list.subarray(0, colon)]);
}

/**
 * The members before the last that begins like the first: items do, and the place is found without a look at each byte.
 * Undefined where there is none, or the text up to the place is not JSON. A member longer than a chunk is left to the scan:
 * every chunk would parse the member from its beginning.
 */
function likelyMembers(pieces: readonly Buffer[], separator: Buffer | undefined) {
  const last = pieces.at(-1);
  const comma = (separator && last?.lastIndexOf(separator)) ?? -1;
  if (last === undefined || comma === -1 || pieces.length > 2) return undefined;
  try {
    const before = [...pieces.slice(0, -1), last.subarray(0, comma)];
    return { members: membersIn(before, { mayBeNone: false }), rest: last.subarray(comma + 1) };
  } catch {
    return undefined;
  }
}

const notJson = new Error('is not JSON with a list');

const textOf = (pieces: readonly Buffer[]): string =>
  (pieces.length === 1 ? pieces[0] : Buffer.concat(pieces))?.toString('utf8') ?? '';

function membersIn(
  piece: readonly Buffer[],
  { mayBeNone }: { readonly mayBeNone: boolean },
): readonly unknown[] {
  const members = JSON.parse(`[${textOf(piece)}]`) as readonly unknown[];
  if (members.length === 0 && !mayBeNone) throw notJson;
  return members;
}
