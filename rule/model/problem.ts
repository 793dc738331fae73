/** The path of standard input. */
export const STANDARD_INPUT = '-';

/** A failure to read input. */
export interface Problem {
  readonly file: string;
  /** The item in the file; null for the whole file. */
  readonly item: string | null;
  readonly message: string;
}

/** The problem on one line. */
export const problemLine = ({ file, item, message }: Problem): string =>
  [file === STANDARD_INPUT ? 'standard input' : file, item, message]
    .filter((part) => part !== null)
    .join(': ');
