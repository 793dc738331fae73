import { open, readFile, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { parseJson } from '../../basics/text.ts';
import { decodedJson } from './json-field.ts';
import { takeInPieces } from './list-in-pieces.ts';

/**
 * The names of a list of items: in snapshots and histories, in answers of BatchGetResourceConfig, of
 * BatchGetAggregateResourceConfig, and of SelectResourceConfig.
 */
const listNames = [
  'configurationItems',
  'baseConfigurationItems',
  'BaseConfigurationItems',
  'Results',
] as const;

/** The name of a single item in answers of GetAggregateResourceConfig, and in events. */
const itemNames = ['ConfigurationItem', 'configurationItem'] as const;

const jsonObject = v.record(v.string(), v.unknown());

/** Makes a value of an item. */
type ReadItem<T> = (raw: unknown) => T;

/**
 * Reads a file with recorded items, plain or gzipped, and keeps a value of each item. A large file is read in pieces, so
 * that the items never are in memory together. Throws an Error with the problem of the file.
 */
export async function readSnapshotFile<T>(path: string, read: ReadItem<T>): Promise<readonly T[]> {
  try {
    if (await isRegularFile(path)) return await readInPieces(path, read);
  } catch {
    // Whatever is wrong, the whole text tells with its place; a single item is no list.
  }
  return itemsInText(await readTextFile(path)).map(read);
}

/** The items in the text of a file. Throws an Error with the problem of the text. */
export function itemsInText(text: string): readonly unknown[] {
  if (text.trim() === '') throw new Error('is empty');
  return itemsIn(parseJson(text)).map(decodedItem);
}

/** Whether a file can be read a second time: a pipe cannot. */
export const isRegularFile = async (path: string): Promise<boolean> => (await stat(path)).isFile();

/** Throws for any file whose items are not in one list, and for every problem. */
async function readInPieces<T>(path: string, read: ReadItem<T>): Promise<readonly T[]> {
  const values: T[] = [];
  const [before, after] = await takeInPieces(await bytesOf(path), (items) => {
    for (const item of items) values.push(read(decodedItem(item)));
  });
  // No text beside the list is as long as this one.
  const mark = 'x'.repeat(before.length + after.length);
  const content: unknown = JSON.parse(`${withoutByteOrderMark(before)}["${mark}"]${after}`);
  // Another list in the file may be the list that counts.
  if (itemsIn(content)[0] !== mark) throw new Error('has its items elsewhere');
  return values;
}

/** In bytes: a few hundred items. */
const CHUNK_SIZE = 1 << 18;

/** The bytes of a file, unzipped. */
async function bytesOf(path: string): Promise<AsyncIterable<Buffer>> {
  const file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
  const bytes = file.createReadStream({ start: 0, highWaterMark: CHUNK_SIZE });
  if (!isZipped(buffer)) return bytes;
  const { createGunzip } = await import('node:zlib');
  return pipeline(bytes, createGunzip({ chunkSize: CHUNK_SIZE }), () => undefined);
}

async function unzip(bytes: Buffer): Promise<Buffer> {
  const { gunzip } = await import('node:zlib');
  return promisify(gunzip)(bytes);
}

const isZipped = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

const withoutByteOrderMark = (text: string): string => text.replace(/^\uFEFF/, '');

/** The items in the content of a file: a list, an object with a list or an item, or an item itself. */
function itemsIn(content: unknown): readonly unknown[] {
  if (Array.isArray(content)) return content;
  const object = v.is(jsonObject, content) ? content : {};
  const listName = listNames.find((name) => name in object);
  if (listName !== undefined) {
    const list = object[listName];
    if (Array.isArray(list)) return list;
    throw new Error(`is not an AWS Config snapshot: "${listName}" is no list`);
  }
  const itemName = itemNames.find((name) => name in object);
  if (itemName !== undefined) return [object[itemName]];
  if ('resourceType' in object) return [object];
  throw new Error(
    `is not an AWS Config snapshot: it has no list "configurationItems", and is no item`,
  );
}

/** SelectResourceConfig answers with each item as JSON in a string. Other text stays, for a problem with its number. */
function decodedItem(item: unknown): unknown {
  try {
    return decodedJson(item);
  } catch {
    return item;
  }
}

/** Reads a text file, plain or gzipped. Throws an Error with the reason why the file cannot be read. */
export async function readTextFile(path: string): Promise<string> {
  try {
    const bytes = await readFile(path);
    return withoutByteOrderMark((isZipped(bytes) ? await unzip(bytes) : bytes).toString('utf8'));
  } catch (error) {
    const code = v.is(fileError, error) ? error.code : '';
    throw new Error(fileErrors.get(code) ?? String(error), { cause: error });
  }
}

const fileError = v.object({ code: v.string() });

const TOO_LARGE =
  'cannot be read item by item, as it has no list of items or is damaged, and is too large to be read as a whole';

/** Reasons in plain words, by the code of Node's error. */
const fileErrors = new Map([
  ['ENOENT', 'does not exist'],
  ['EISDIR', 'is a directory, not a file'],
  ['EACCES', 'may not be read'],
  ['ERR_STRING_TOO_LONG', TOO_LARGE],
  ['ERR_FS_FILE_TOO_LARGE', TOO_LARGE],
  ['Z_BUF_ERROR', 'is a gzip file that was cut off'],
  ['Z_DATA_ERROR', 'is a damaged gzip file'],
]);
