/** What can be said of a proposition: it holds, it does not, or what is known does not settle it. */
export type Ternary = true | false | 'unsure';

export const not = (value: Ternary): Ternary => (value === 'unsure' ? value : !value);

/** Kleene conjunction; true of nothing. */
export function all(values: Iterable<Ternary>): Ternary {
  let result: Ternary = true;
  for (const value of values) {
    if (value === false) return false;
    if (value === 'unsure') result = 'unsure';
  }
  return result;
}

/** Kleene disjunction; false of nothing. */
export function any(values: Iterable<Ternary>): Ternary {
  let result: Ternary = false;
  for (const value of values) {
    if (value === true) return true;
    if (value === 'unsure') result = 'unsure';
  }
  return result;
}

/** What holds in every one of the possible cases; unsure where they differ. At least one case. */
export function agreed(cases: readonly Ternary[]): Ternary {
  const [first = 'unsure'] = cases;
  return cases.every((value) => value === first) ? first : 'unsure';
}
