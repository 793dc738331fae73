import type { Asked } from './request.ts';
import type { Effect, Statement, Step } from './statement.ts';
import { all, any, not, type Ternary } from './ternary.ts';

/** The answer of a statement to a request. */
export interface StatementResult {
  readonly index: number;
  readonly sid: string | undefined;
  readonly effect: Effect;
  /** Whether all elements of the statement hold. */
  readonly applies: Ternary;
  readonly steps: readonly Step[];
}

/** The answer of a policy to a request: the same for every possible value of the unknown parts, or `unsure`. */
export interface Decision {
  readonly outcome: 'allowed' | 'denied' | 'unsure';
  /** The deciding statements; for a refusal without a Deny, every Allow, as no Allow applied. */
  readonly decisive: readonly StatementResult[];
  readonly statements: readonly StatementResult[];
}

/** Decides a request as it stands, without a look at the cases of each unsure key. */
export function decideWhole(statements: readonly Statement[], asked: Asked): Decision {
  const results = statements.map((statement) => resultOf(statement, asked));
  const allows = results.filter(({ effect }) => effect === 'Allow');
  const denies = results.filter(({ effect }) => effect === 'Deny');
  const unreadable = results.filter(
    ({ effect, applies }) => effect === 'unreadable' && applies !== false,
  );
  const doubt = unreadable.length > 0 ? ['unsure' as const] : [];
  const isAllowed = any([...allows.map(({ applies }) => applies), ...doubt]);
  const isDenied = any([...denies.map(({ applies }) => applies), ...doubt]);
  const outcome = outcomes.get(all([isAllowed, not(isDenied)])) ?? 'unsure';
  return { outcome, decisive: decisive(), statements: results };

  function decisive(): readonly StatementResult[] {
    switch (outcome) {
      case 'allowed':
        return resultsBy(allows, true);
      case 'denied':
        return isDenied === true ? resultsBy(denies, true) : allows;
      case 'unsure': {
        const unsureAllows = isAllowed === true ? [] : resultsBy(allows, 'unsure');
        return [...unreadable, ...resultsBy(denies, 'unsure'), ...unsureAllows];
      }
    }
  }
}

function resultOf({ index, sid, effect, steps }: Statement, asked: Asked): StatementResult {
  const answers = steps.map((step) => step(asked));
  return { index, sid, effect, applies: all(answers.map(({ holds }) => holds)), steps: answers };
}

const outcomes = new Map<Ternary, Decision['outcome']>([
  [true, 'allowed'],
  [false, 'denied'],
  ['unsure', 'unsure'],
]);

const resultsBy = (
  results: readonly StatementResult[],
  applies: Ternary,
): readonly StatementResult[] => results.filter((each) => each.applies === applies);

/** The condition keys to learn, to settle an unsure decision; in the policy's own spelling. */
export function unsettledKeys({ decisive }: Decision): readonly string[] {
  const steps = decisive.flatMap((statement) => statement.steps);
  return [...new Set(steps.filter(({ holds }) => holds === 'unsure').flatMap(({ keys }) => keys))];
}
