/** The truth of a statement about a request: true, false, or not settled by the known facts. */
export type Ternary = true | false | 'unsure';

export const not = (value: Ternary): Ternary => (value === 'unsure' ? value : !value);

/** Kleene conjunction of the answers about each member, up to the first false; true of no members. */
export function allOf<T>(
  members: readonly T[],
  ask: (member: T, index: number) => Ternary,
): Ternary {
  let result: Ternary = true;
  for (let index = 0; index < members.length; index++) {
    const answer = ask(members[index] as T, index);
    if (answer === false) return false;
    if (answer === 'unsure') result = 'unsure';
  }
  return result;
}

/** Kleene disjunction of the answers about each member, up to the first true; false of no members. */
export function anyOf<T>(
  members: readonly T[],
  ask: (member: T, index: number) => Ternary,
): Ternary {
  let result: Ternary = false;
  for (let index = 0; index < members.length; index++) {
    const answer = ask(members[index] as T, index);
    if (answer === true) return true;
    if (answer === 'unsure') result = 'unsure';
  }
  return result;
}

const itself = (answer: Ternary): Ternary => answer;

/** Kleene conjunction; true of nothing. */
export const all = (answers: readonly Ternary[]): Ternary => allOf(answers, itself);

/** Kleene disjunction; false of nothing. */
export const any = (answers: readonly Ternary[]): Ternary => anyOf(answers, itself);

/** The answer about every member, if all are the same; unsure where the answers differ, and for no members. */
export function agreedOf<T>(members: readonly T[], ask: (member: T) => Ternary): Ternary {
  if (members.length === 0) return 'unsure';
  const first = ask(members[0] as T);
  for (let index = 1; index < members.length && first !== 'unsure'; index++)
    if (ask(members[index] as T) !== first) return 'unsure';
  return first;
}
