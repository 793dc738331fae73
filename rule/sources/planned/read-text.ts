import { readFileSync } from 'node:fs';

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
    return readFileSync(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new Error(reasons.get(code) ?? `cannot be read (${code})`, { cause: error });
  }
}

const reasons = new Map([
  ['ENOENT', 'does not exist'],
  ['EISDIR', 'is a directory, not a file'],
  ['EACCES', 'may not be read'],
]);
