import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';

/** The first moment that a zip file can have, in the time zone of this machine: the file has no time zone. */
const epoch = new Date(1980, 0, 1);

/** A built function as a zip file for Lambda: code and notices without source maps, in the order of the names. */
export function archive(folder: string): Buffer {
  const names = readdirSync(folder)
    .filter((name) => /\.cjs$|^THIRD-PARTY-NOTICES\.txt$/.test(name))
    .sort();
  const entries = names.map(
    (name) => [name, new Uint8Array(readFileSync(join(folder, name)))] as const,
  );
  return Buffer.from(zipSync(Object.fromEntries(entries), { level: 9, mtime: epoch }));
}

export const sha256 = (content: string | Buffer): string =>
  createHash('sha256').update(content).digest('hex');
