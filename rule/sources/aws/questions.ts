import { withTimeLimit } from '../../basics/time-limit.ts';
import { turns } from '../../basics/turns.ts';
import { atOnce, waitLimits } from '../../basics/wait-limits.ts';

/** Looks on while a question waits for AWS. */
export type Watch = <T>(answer: Promise<T>, subject: string) => Promise<T>;

/** Limits for all questions of a source. */
export interface QuestionLimits {
  /** The end of waiting for answers, in milliseconds since 1970. */
  readonly deadline?: number | undefined;
  readonly maxAtOnce?: number | undefined;
  readonly watch?: Watch | undefined;
}

/** Asks AWS about a subject: one call after the other. */
export type Ask = <T>(subject: string, question: () => Promise<T>) => Promise<T>;

/**
 * Asks a few questions at once, the others in order. A question without an answer rejects at the time limit. The limit
 * counts from the question's turn: in a large account a question may stand in the queue for long.
 */
export function askInTurn({
  deadline = Infinity,
  maxAtOnce = atOnce.questions,
  watch = (answer) => answer,
}: QuestionLimits): Ask {
  const inTurn = turns(maxAtOnce);
  return (subject, question) =>
    inTurn(() => {
      const leftMs = deadline - Date.now();
      const { questionMs } = waitLimits;
      // A question after the deadline would go on in the next run of a Lambda function.
      if (leftMs <= 0) throw new Error(`time limit is near, and ${subject} was not asked for`);
      const answer = withTimeLimit(question, Math.min(questionMs, leftMs), () =>
        leftMs < questionMs
          ? `time limit is near, and ${subject} has not answered`
          : `${subject} has not answered for ${questionMs / 1000} s: run again, and look at the network path to AWS`,
      );
      return watch(answer, subject);
    });
}
