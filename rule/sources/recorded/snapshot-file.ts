import { parseJson } from '../../basics/text.ts';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import * as v from 'valibot';

const unzip = promisify(gunzip);

/** Snapshots and histories list items under the first name, BatchGetResourceConfig under the second. */
const snapshotSchema = v.union([
  v.pipe(
    v.object({ configurationItems: v.array(v.unknown()) }),
    v.transform((snapshot) => snapshot.configurationItems),
  ),
  v.pipe(
    v.object({ baseConfigurationItems: v.array(v.unknown()) }),
    v.transform((answer) => answer.baseConfigurationItems),
  ),
]);

/** Reads the items of an AWS Config snapshot file, plain or gzipped. Throws an Error with the problem of the file. */
export async function readSnapshotFile(path: string): Promise<readonly unknown[]> {
  const text = await readTextFile(path);
  if (text.trim() === '') throw new Error('is empty');
  const items = v.safeParse(snapshotSchema, parseJson(text));
  if (items.success) return items.output;
  throw new Error('is not an AWS Config snapshot: it has no list "configurationItems"');
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
