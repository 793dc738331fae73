import { readFileSync } from 'node:fs';
import { whyUnreadable } from '../../basics/file-error.ts';
import { STANDARD_INPUT } from '../../model/problem.ts';

/**
 * Reads a text file at once: a plugin of the CDK may not wait. Takes UTF-8 and UTF-16, with a byte order mark or without.
 * Throws an Error with the reason why the file cannot be read.
 */
export function readText(path: string): string {
  const bytes = readBytes(path);
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return bytes.subarray(2).toString('utf16le');
  if (first === 0xfe && second === 0xff)
    return Buffer.from(bytes.subarray(2, bytes.length & ~1))
      .swap16()
      .toString('utf16le');
  if (second === 0 && first !== undefined) return bytes.toString('utf16le');
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path === STANDARD_INPUT ? 0 : path);
  } catch (error) {
    throw new Error(whyUnreadable(error), { cause: error });
  }
}
