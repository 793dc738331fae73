/** The truth of a statement about a request: true, false, or not settled by the known facts. */
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

/** The answer that all possible cases share; unsure where the cases differ. Needs at least one case. */
export function agreed(cases: readonly Ternary[]): Ternary {
  const [first = 'unsure'] = cases;
  return cases.every((value) => value === first) ? first : 'unsure';
}
