import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { takeInPieces } from '../../../rule/sources/recorded/list-in-pieces.ts';
import { itemsInText, readSnapshotFile } from '../../../rule/sources/recorded/snapshot-file.ts';

/** The bytes in chunks of this size. */
async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size)
    yield await Promise.resolve(bytes.subarray(at, at + size));
}

/** The JSON text that was read in pieces; undefined where a piece is not JSON. */
async function readInPieces(text: string, size: number): Promise<unknown> {
  const members: unknown[] = [];
  const mark = 'the mark in place of the list';
  try {
    const [before, after] = await takeInPieces(chunksOf(Buffer.from(text), size), (some) => {
      members.push(...some);
    });
    return JSON.parse(`${before}["${mark}"]${after}`, (_, value: unknown) =>
      Array.isArray(value) && value[0] === mark ? members : value,
    );
  } catch {
    return undefined;
  }
}

/** JSON as in a file: lone surrogates are replaced. */
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(Buffer.from(text).toString());
  } catch {
    return undefined;
  }
};

const hard = fc.constantFrom(
  '"',
  '\\',
  '\\"',
  ']',
  '[',
  '{',
  '}',
  ',',
  '\\\\',
  'é',
  '\u{1f980}',
  '\ud800',
  '\u2028',
);
const texts = fc.oneof(
  fc.string(),
  fc.array(hard, { maxLength: 4 }).map((parts) => parts.join('')),
);
/** Members that begin alike, as items do: some hold others that begin alike too. */
const alike = fc.array(
  fc.record({ a: fc.oneof(texts, fc.array(fc.record({ a: texts }))), b: texts }),
  { maxLength: 9 },
);
const members = fc.oneof(
  fc.array(fc.oneof(fc.jsonValue(), texts, fc.array(texts), fc.dictionary(texts, texts)), {
    maxLength: 6,
  }),
  alike,
);
const indents = fc.constantFrom(undefined, 1, '\t');
/** The name of the list before or behind other members; alike for a list alone. */
const names = [
  ['configurationItems', 'configurationItems'],
  ['configurationItems', ''],
  ['', 'configurationItems'],
  ['Results', ''],
  ['', 'baseConfigurationItems'],
  ['Results', 'configurationItems'],
  ['configurationItems', 'Results'],
  ['other', 'Results'],
  ['other', ''],
] as const;
const chunkSizes = fc.oneof(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 64, max: 256 }));

/** Texts with a list: alone, and in an object behind and before other members. */
const wholeTexts = fc
  .tuple(members, fc.dictionary(texts, texts), indents, fc.constantFrom(...names))
  .map(([list, others, indent, [before, after]]) => {
    const object = {
      ...(before && { [before]: list }),
      ...others,
      ...(after && { [after]: list }),
    };
    return JSON.stringify(before === after ? list : object, null, indent);
  });

/** Texts with one change: a piece cut out, put in or said twice. */
const brokenTexts = fc
  .tuple(
    wholeTexts,
    fc.nat(),
    fc.nat(3),
    fc.constantFrom('', ',', ']', '[', '"', '}', '{', '\\', ' ', '1', '[]', ',,'),
  )
  .map(([text, at, length, put]) => {
    const from = at % (text.length + 1);
    return text.slice(0, from) + put + text.slice(from + length);
  });

describe('a list that is read in pieces', () => {
  it('has the members that JSON.parse finds', async () => {
    await fc.assert(
      fc.asyncProperty(wholeTexts, chunkSizes, async (text, size) => {
        expect(await readInPieces(text, size)).toEqual(parsed(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('is read only where JSON.parse reads the text, and then equally', async () => {
    let readable = 0;
    await fc.assert(
      fc.asyncProperty(brokenTexts, chunkSizes, async (text, size) => {
        const read = await readInPieces(text, size);
        if (read === undefined) return;
        readable++;
        expect(read).toEqual(parsed(text));
      }),
      { numRuns: 5000 },
    );
    expect(readable).toBeGreaterThan(500);
  });
});

describe('a snapshot file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pieces-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const file = join(folder, 'snapshot.json');

  /** The items or the error of a file, and of its whole text. */
  async function bothWays(bytes: Buffer, text: string) {
    writeFileSync(file, bytes);
    return [
      await readSnapshotFile(file, (item) => item).catch(String),
      await Promise.resolve(text).then(itemsInText).catch(String),
    ];
  }
  const withoutMark = (bytes: Buffer): string => bytes.toString('utf8').replace(/^\uFEFF/, '');

  it('has the items and the errors of its whole text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(wholeTexts, brokenTexts), fc.boolean(), async (text, isZipped) => {
        const bytes = Buffer.from(text);
        const [read, expected] = await bothWays(
          isZipped ? gzipSync(bytes) : bytes,
          withoutMark(bytes),
        );
        expect(read).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  const snapshot = (count: number): string =>
    JSON.stringify({
      fileVersion: '1.0',
      configurationItems: Array.from({ length: count }, (_, n) => ({
        n,
        text: '"\\{[,é'.repeat(40),
      })),
    });
  const large = snapshot(5000);
  it.each<[string, Buffer]>([
    ['larger than a chunk', Buffer.from(large)],
    ['one long item', Buffer.from(`[{"text":"${'x'.repeat(2_000_000)}"}]`)],
    ['with a mark of byte order', Buffer.from(`\uFEFF${large}`)],
    ['with two marks of byte order', Buffer.from(`\uFEFF\uFEFF${large}`)],
    ['in UTF-16', Buffer.from(`\uFEFF${large}`, 'utf16le')],
    ['with bytes that are no UTF-8', Buffer.from(large.replaceAll('é', '\u00ff'), 'latin1')],
    ['cut off', Buffer.from(large.slice(0, -7))],
    ['cut off in an item', Buffer.from(large.slice(0, -77))],
    ['with a comma too many', Buffer.from(large.replace(/\]\}$/, ' , ]}'))],
    ['with a comma before the items', Buffer.from(large.replace('[', '[ ,'))],
    ['with two commas far in', Buffer.from(large.replace(',{"n":4000', ',,{"n":4000'))],
    ['with text behind', Buffer.from(`${large} x`)],
    ['with the list closed by a brace', Buffer.from(large.replace(/\]\}$/, '}]'))],
    ['with the list twice', Buffer.from(large.replace(/\}$/, ',"configurationItems":[1]}'))],
    ['with a list of another name first', Buffer.from(large.replace('{', '{"a":[1],'))],
    ['deep', Buffer.from(`{"configurationItems":[${'['.repeat(999)}${']'.repeat(999)}]}`)],
    ['of one item', Buffer.from('{"resourceType":"AWS::EC2::FlowLog","tags":[]}')],
    ['of no item', Buffer.from('{"configurationItems":[ ]}')],
    ['of items in strings', Buffer.from(JSON.stringify({ Results: ['{"a":1}', 'text', '"1"'] }))],
    ['with no list', Buffer.from('{"configurationItems":7}')],
    ['empty', Buffer.from('')],
    ['of spaces', Buffer.from(' \n\u00a0')],
  ])('%s is read as its whole text', async (_, bytes) => {
    for (const stored of [bytes, gzipSync(bytes)]) {
      const [read, expected] = await bothWays(stored, withoutMark(bytes));
      expect(read).toEqual(expected);
    }
  });

  it('is never kept as a whole if its items are in one list', async () => {
    const wholes = jest.spyOn(Buffer.prototype, 'toString');
    await bothWays(Buffer.from(large), '[]');
    const longest = Math.max(...wholes.mock.results.map(({ value }) => String(value).length));
    wholes.mockRestore();
    expect(longest).toBeLessThan(large.length / 2);
  });
});
