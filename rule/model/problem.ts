/** A failure to read input. */
export interface Problem {
  readonly file: string;
  /** The item in the file; null for the whole file. */
  readonly item: string | null;
  readonly message: string;
}
