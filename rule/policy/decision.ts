import { knownOf } from './context.ts';
import { isSettled } from './known.ts';
import type { Asked } from './request.ts';
import { appliesTo, elementsOf, type Effect, type Statement } from './statement.ts';
import { all, anyOf, not, type Ternary } from './ternary.ts';

/** The answer of a policy to a request: the same for every possible value of the unknown parts, or `unsure`. */
export interface Decision {
  readonly outcome: 'allowed' | 'denied' | 'unsure';
  /** Whether each statement applies, in the order of the policy. */
  readonly applies: readonly Ternary[];
}

/** Decides a request as it stands, without a look at the cases of each unsure key. */
export function decideWhole(statements: readonly Statement[], asked: Asked): Decision {
  const applies = statements.map((statement) => appliesTo(statement, asked));
  return { outcome: combine(statements, applies).outcome, applies };
}

interface Combined {
  readonly isAllowed: Ternary;
  readonly isDenied: Ternary;
  readonly outcome: 'allowed' | 'denied' | 'unsure';
}

function combine(statements: readonly Statement[], applies: readonly Ternary[]): Combined {
  const some = (wanted: Effect): Ternary =>
    anyOf(statements, ({ effect }, index) => {
      const answer = applies[index] ?? 'unsure';
      if (effect === wanted) return answer;
      return effect === 'unreadable' && answer !== false ? 'unsure' : false;
    });
  const isAllowed = some('Allow');
  const isDenied = some('Deny');
  return {
    isAllowed,
    isDenied,
    outcome: outcomes.get(all([isAllowed, not(isDenied)])) ?? 'unsure',
  };
}

const outcomes = new Map<Ternary, Decision['outcome']>([
  [true, 'allowed'],
  [false, 'denied'],
  ['unsure', 'unsure'],
]);

/** The deciding statements; for a refusal without a Deny, every Allow, as no Allow applied. */
export function decisiveStatements(
  statements: readonly Statement[],
  { applies }: Decision,
): readonly Statement[] {
  const { isAllowed, isDenied, outcome } = combine(statements, applies);
  const those = (wanted: Effect, ...answers: readonly Ternary[]): readonly Statement[] =>
    statements.filter(
      ({ effect }, index) => effect === wanted && answers.includes(applies[index] ?? 'unsure'),
    );
  switch (outcome) {
    case 'allowed':
      return those('Allow', true);
    case 'denied':
      return isDenied === true ? those('Deny', true) : those('Allow', true, false, 'unsure');
    case 'unsure': {
      const unsureAllows = isAllowed === true ? [] : those('Allow', 'unsure');
      return [...those('unreadable', true, 'unsure'), ...those('Deny', 'unsure'), ...unsureAllows];
    }
  }
}

/** The condition keys to learn, to settle an unsure decision; in the policy's own spelling. */
export function unsettledKeys(decisive: readonly Statement[], asked: Asked): readonly string[] {
  const elements = decisive.flatMap(elementsOf);
  const unsure = elements.filter(({ holds }) => holds(asked) === 'unsure');
  const keys = new Set(unsure.flatMap((element) => element.keys));
  return [...keys].filter((key) => !isSettled(knownOf(asked.context, key)));
}
