import { parseJson } from '../../basics/text.ts';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import * as v from 'valibot';
import { decodedJson } from './json-field.ts';

const unzip = promisify(gunzip);

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

/** Reads the items of a file with recorded items, plain or gzipped. Throws an Error with the problem of the file. */
export async function readSnapshotFile(path: string): Promise<readonly unknown[]> {
  const text = await readTextFile(path);
  if (text.trim() === '') throw new Error('is empty');
  return itemsIn(parseJson(text)).map(decodedItem);
}

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
    const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return (zipped ? await unzip(bytes) : bytes).toString('utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const code = v.is(fileError, error) ? error.code : '';
    throw new Error(fileErrors.get(code) ?? String(error), { cause: error });
  }
}

const fileError = v.object({ code: v.string() });

/** Reasons in plain words, by the code of Node's error. */
const fileErrors = new Map([
  ['ENOENT', 'does not exist'],
  ['EISDIR', 'is a directory, not a file'],
  ['EACCES', 'may not be read'],
  ['Z_BUF_ERROR', 'is a gzip file that was cut off'],
  ['Z_DATA_ERROR', 'is a damaged gzip file'],
]);
