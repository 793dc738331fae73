/** The end of a mend or a take-back. The message tells the person on call the result, and says if the policy was written. */
export type Ending = Changed | NothingToDo | Failed<Written>;

/** An ending before any put. */
export type Unwritten = NothingToDo | Failed<'no'>;

interface Changed {
  readonly kind: 'changed';
  readonly written: 'yes';
  readonly message: string;
}

export interface NothingToDo {
  readonly kind: 'nothing-to-do';
  readonly written: 'no';
  readonly message: string;
}

export interface Failed<W extends Written> {
  readonly kind: 'failed';
  readonly written: W;
  readonly message: string;
}

/** The answer to the question whether KMS has a new policy of ours. */
export type Written = 'no' | 'yes' | 'not known';

export const nothingToDo = (message: string): NothingToDo => ({
  kind: 'nothing-to-do',
  written: 'no',
  message,
});

/** A failure. The message begins with the answer for `written`: nothing was written unless the caller says otherwise. */
export function failed(why: string): Failed<'no'>;
export function failed<W extends Written>(why: string, written: W): Failed<W>;
export function failed(why: string, written: Written = 'no'): Failed<Written> {
  return { kind: 'failed', written, message: `${writtenInWords[written]}: ${why}` };
}

const writtenInWords: Record<Written, string> = {
  no: 'nothing was written',
  yes: 'the policy was written',
  'not known': 'whether the policy was written is not known',
};
