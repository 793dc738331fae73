import { once } from 'node:events';
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';

/** How many characters are written at a time. */
const CHUNK = 65_536;

/** The same text in fewer pieces. */
function* inChunks(pieces: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

/** Writes to a file or to standard output, no faster than it is read: little of it waits in memory. */
export async function write(pieces: Iterable<string>, output: string | undefined): Promise<void> {
  const chunks = inChunks(pieces);
  if (output === undefined) {
    for (const chunk of chunks)
      if (!process.stdout.write(chunk) && !(await drained(process.stdout))) return;
    return;
  }
  const existing = await stat(output).catch(() => undefined);
  // A pipe or a device is written to as it is.
  if (existing !== undefined && !existing.isFile()) return writeFile(output, chunks);
  // Whoever reads the file never sees half of it.
  const part = `${output}.${process.pid}.part`;
  try {
    await writeFile(part, chunks);
    await rename(part, existing === undefined ? output : await realpath(output));
  } finally {
    await rm(part, { force: true });
  }
}

/** Whether more can be written: not where nobody reads on. */
async function drained(stream: NodeJS.WriteStream): Promise<boolean> {
  try {
    await once(stream, 'drain');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return false;
    throw error;
  }
}
