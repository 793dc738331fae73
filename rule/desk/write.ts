import { once } from 'node:events';
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { outputError } from './bad-usage.ts';

/** In characters: small pieces are written together, large reports never as a whole. */
const MIN_CHUNK_LENGTH = 65_536;

/** Writes to a file or to standard output, as fast as the reader reads: little text waits in memory. */
export async function write(pieces: Iterable<string>, output: string | undefined): Promise<void> {
  const chunks = chunksOf(pieces);
  return output === undefined ? writeToStandardOutput(chunks) : writeToFile(chunks, output);
}

/** The same text in fewer pieces. */
function* chunksOf(pieces: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < MIN_CHUNK_LENGTH) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

async function writeToStandardOutput(chunks: Iterable<string>): Promise<void> {
  for (const chunk of chunks)
    if (!process.stdout.write(chunk) && !(await hasDrained(process.stdout))) return;
}

async function writeToFile(chunks: Iterable<string>, output: string): Promise<void> {
  const existing = await stat(output).catch(() => undefined);
  // The rename comes last: nobody ever reads half a report.
  const part = `${output}.${process.pid}.part`;
  try {
    // A pipe or a device cannot be replaced by a file.
    const isReplaced = existing === undefined || existing.isFile();
    await writeFile(isReplaced ? part : output, chunks);
    if (!isReplaced) return;
    await rename(part, existing === undefined ? output : await realpath(output));
  } catch (error) {
    throw outputError(output, error);
  } finally {
    await rm(part, { force: true });
  }
}

/** Waits until a stream takes more text. False after the reader has closed the pipe. */
async function hasDrained(stream: NodeJS.WriteStream): Promise<boolean> {
  try {
    await once(stream, 'drain');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return false;
    throw error;
  }
}
