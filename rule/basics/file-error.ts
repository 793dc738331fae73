import { errorText } from './text.ts';

/** The reason why a file cannot be read, with the next step, by the code of Node's error. */
export const whyUnreadable = (error: unknown): string => wordsFor(error, readingReasons, 'read');

/** The reason why a file cannot be written, with the next step, by the code of Node's error. */
export const whyUnwritable = (error: unknown): string => wordsFor(error, writingReasons, 'written');

function wordsFor(error: unknown, words: ReadonlyMap<string, string>, verb: string): string {
  const isCoded = typeof error === 'object' && error !== null && 'code' in error;
  const code = isCoded ? String(error.code) : undefined;
  if (code === undefined) return errorText(error);
  return words.get(code) ?? `cannot be ${verb} (${code}): give another file`;
}

const TOO_LARGE =
  'cannot be read item by item, as it has no list of items or is damaged, and is too large to be read as a whole';

const readingReasons: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'does not exist: look at its path'],
  ['ENOTDIR', 'does not exist: look at its path'],
  ['ENAMETOOLONG', 'does not exist: look at its path'],
  ['EISDIR', 'is a directory, not a file: give the files in it'],
  ['EACCES', 'may not be read: look at its permissions'],
  ['EPERM', 'may not be read: look at its permissions'],
  ['ERR_STRING_TOO_LONG', TOO_LARGE],
  ['ERR_FS_FILE_TOO_LARGE', TOO_LARGE],
  ['Z_BUF_ERROR', 'is a gzip file that was cut off: copy it again'],
  ['Z_DATA_ERROR', 'is a damaged gzip file: copy it again'],
]);

const PERMISSIONS = 'may not be written: look at the permissions of its folder';

const writingReasons: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'is in a folder that does not exist: make the folder first'],
  ['ENOTDIR', 'is in a folder that does not exist: make the folder first'],
  ['EISDIR', 'is a directory: give the name of a file in it'],
  ['EACCES', PERMISSIONS],
  ['EPERM', PERMISSIONS],
  ['EROFS', PERMISSIONS],
  ['ENOSPC', 'has no space left to be written: free some, or give a file elsewhere'],
  ['EDQUOT', 'has no space left to be written: free some, or give a file elsewhere'],
]);
