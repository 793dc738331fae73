import { errorText } from '../../basics/text.ts';
import type { Existing, ExistingSource } from '../../model/existing.ts';
import { unknown, type Unknown } from '../../model/facts.ts';

/** The facts of an account for the judgement of templates or plans, which is synchronous. */
export interface AskedExisting {
  /** For the reader of the templates or plans. */
  readonly existing: Existing;
  /**
   * Looks, asks the account for everything that the look missed, and looks again, until a look misses nothing. `look`
   * judges what was read with `existing`.
   */
  readonly settle: <T>(look: () => T) => Promise<T>;
  /** The questions that failed. A question that AWS refused is a fact, and no failure. */
  readonly failures: () => readonly string[];
}

/** An answer may name the next thing: a parameter the bucket, the bucket the alias of a key. */
const MAX_LOOKS = 8;

const MAX_QUESTIONS = 5000;

/** All questions of a round are asked together: the source bounds how many wait for AWS at once. */
export function askExisting(source: ExistingSource): AskedExisting {
  const answers = new Map<string, unknown>();
  const wanted = new Map<string, () => Promise<unknown>>();
  const failures = new Set<string>();
  let isClosed = false;

  const atOnce =
    <A extends readonly string[], T>(kind: string, ask: (...texts: A) => Promise<T>) =>
    (...texts: A): T | Unknown | undefined => {
      const name = [kind, ...texts].join(' ');
      if (answers.has(name)) return answers.get(name) as T | Unknown;
      if (isClosed || wanted.size >= MAX_QUESTIONS)
        return unknown(`${kind} ${texts[0]} was not asked for: there are too many questions`);
      wanted.set(name, () => ask(...texts));
      return undefined;
    };

  async function answer(name: string, ask: () => Promise<unknown>): Promise<void> {
    try {
      answers.set(name, await ask());
    } catch (error) {
      const why = errorText(error);
      failures.add(why);
      answers.set(name, unknown(why));
    }
  }

  return {
    existing: {
      accountId: source.accountId,
      bucket: atOnce('bucket', source.bucket),
      key: atOnce('key', source.key),
      grants: atOnce('grants of key', source.grants),
      organization: atOnce('organization of account', source.organization),
      exported: atOnce('export', source.exported),
      parameter: atOnce('parameter', source.parameter),
    },
    async settle(look) {
      for (let round = 1; ; round++) {
        isClosed = round > MAX_LOOKS;
        const result = look();
        if (wanted.size === 0) return result;
        const questions = [...wanted];
        wanted.clear();
        await Promise.all(questions.map(([name, ask]) => answer(name, ask)));
      }
    },
    failures: () => [...failures],
  };
}
