import { parseJson } from '../../basics/text.ts';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import * as v from 'valibot';

const unzip = promisify(gunzip);

/** Snapshots and histories list their items under the first name, BatchGetResourceConfig under the second. */
const content = v.union([
  v.pipe(
    v.object({ configurationItems: v.array(v.unknown()) }),
    v.transform((it) => it.configurationItems),
  ),
  v.pipe(
    v.object({ baseConfigurationItems: v.array(v.unknown()) }),
    v.transform((it) => it.baseConfigurationItems),
  ),
]);

/** The items of an AWS Config snapshot file, plain or gzipped. Throws an Error that says what is wrong with it. */
export async function itemsOf(file: string): Promise<readonly unknown[]> {
  const text = await textOf(file);
  if (text.trim() === '') throw new Error('is empty');
  const items = v.safeParse(content, parseJson(text));
  if (items.success) return items.output;
  throw new Error('is not an AWS Config snapshot: it has no list "configurationItems"');
}

/** The text of a file, plain or gzipped. Throws an Error that says why it cannot be had. */
export async function textOf(file: string): Promise<string> {
  try {
    const bytes = await readFile(file);
    const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return (zipped ? await unzip(bytes) : bytes).toString('utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const code = v.is(failure, error) ? error.code : '';
    throw new Error(reasons.get(code) ?? String(error), { cause: error });
  }
}

const failure = v.object({ code: v.string() });

const reasons = new Map([
  ['ENOENT', 'does not exist'],
  ['EISDIR', 'is a directory, not a file'],
  ['EACCES', 'may not be read'],
  ['Z_BUF_ERROR', 'is a gzip file that was cut off'],
  ['Z_DATA_ERROR', 'is a damaged gzip file'],
]);
