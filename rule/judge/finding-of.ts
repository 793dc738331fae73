import type { CheckAnswer, CheckCode, Finding, Where } from '../model/verdict.ts';

/** A finding of a check, and every part of the finding on one line. */
export function findingAt(
  check: CheckCode,
  { outcome, what, next }: Pick<CheckAnswer, 'outcome' | 'what' | 'next'>,
  where: Where,
): Finding {
  const names = outcome === 'exempt' ? [] : namesLackingIn(what, where);
  const message = [withNext(what, next), ...names].join('; ');
  return { check, outcome, what: withoutNames(what, where), where, next, message };
}

const withNext = (what: string, next: string | null): string =>
  next === null ? what : `${what}${what.includes(': ') ? ';' : ':'} ${next}`;

/** The key and the bucket, unless the cause names these: nothing is said twice. */
const namesLackingIn = (what: string, { key, bucket }: Where): readonly string[] => [
  ...(key === null || what.includes(key) ? [] : [`key ${key}`]),
  ...(bucket === null || what.includes(bucket) ? [] : [`bucket ${bucket}`]),
];

/** The cause without the names that stand beside the cause in a report. Most causes name nothing, and need no pattern. */
const withoutNames = (what: string, { key, bucket }: Where): string =>
  [key, bucket].reduce<string>(
    (text, name) =>
      name === null || !text.includes(name)
        ? text
        : text.replaceAll(` (${name})`, '').replaceAll(nameAfterNoun(name), '$1'),
    what,
  );

/** A name after a noun, but not the beginning of a longer name. */
const nameAfterNoun = (name: string): RegExp =>
  new RegExp(
    `\\b(key|alias|bucket) ${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-]|\\.\\w)`,
    'g',
  );
