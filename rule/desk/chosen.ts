import type { Verdict } from '../model/verdict.ts';
import type { Run } from '../remedy/run.ts';
import { complainOf } from './terminal.ts';

/** The ids and options that choose the flow logs to judge: a flow log has to be named by each list that is given. */
export interface ChoosingOptions {
  readonly ids?: readonly string[];
  readonly bucket?: readonly string[];
  readonly key?: readonly string[];
}

/** Tells which flow logs are chosen, by one name after the other: ids are known first, keys last. */
export interface Chosen {
  readonly hasId: (id: string) => boolean;
  readonly hasBucket: (bucket: string | null | undefined) => boolean;
  /** The keys are made only where keys choose: a run may have a million verdicts. */
  readonly hasKey: (keysOf: () => readonly (string | null)[]) => boolean;
  /** The given names that no flow log has had until now. */
  readonly unmatched: () => readonly string[];
}

export function chosenBy({ ids = [], bucket = [], key = [] }: ChoosingOptions): Chosen {
  const unmatched = new Set<string>();
  const matcher = (given: readonly string[], option: string) => {
    for (const name of given) unmatched.add(option + name);
    return (namesOf: () => readonly (string | null | undefined)[]): boolean => {
      if (given.length === 0) return true;
      const names = namesOf();
      // The id of a key is enough, as an annotation has no more.
      const found = given.filter((name) =>
        names.some((each) => each === name || each?.endsWith(`:key/${name}`)),
      );
      for (const name of found) unmatched.delete(option + name);
      return found.length > 0;
    };
  };
  const [hasId, hasBucket, hasKey] = [
    matcher(ids, ''),
    matcher(bucket, '--bucket '),
    matcher(key, '--key '),
  ];
  return {
    hasId: (id) => hasId(() => [id]),
    hasBucket: (name) => hasBucket(() => [name]),
    hasKey,
    unmatched: () => [...unmatched],
  };
}

/** The name in the ARN or address of a bucket; any other text is a name. */
export const bucketNameIn = (text: string): string =>
  text.replace(/^(?:arn:[^:]*:s3:::|s3:\/\/)([^/]*).*$/, '$1');

/** The key of a verdict, or the alias where nobody knows the key. */
export const keysIn = ({ keyArn, findings }: Verdict): readonly (string | null)[] => [
  keyArn,
  ...findings.map(({ where }) => where.key),
];

/** The sentence on names that no flow log has. */
const unmatchedText = (names: readonly string[]): string =>
  `no flow log matches ${names.join(', ')}: check without names shows all, or add the source of its account and Region`;

/** The run with a problem for names that nothing matches. Throws an Error where nothing at all matches. */
export function withUnmatched(run: Run, chosen: Chosen): Run {
  const unmatched = chosen.unmatched();
  if (unmatched.length === 0) return run;
  const message = unmatchedText(unmatched);
  if (run.rows.length > 0)
    return { ...run, problems: [...run.problems, { file: 'check', item: null, message }] };
  complainOf(run.problems);
  throw new Error(message);
}
