import { compileConditions } from './condition.ts';
import { knownOf, type Context } from './context.ts';
import { actionTest, principalTest, resourceTest, type ElementTest } from './elements.ts';
import { isObject, scalars } from './json.ts';
import { isSettled, unknownValue, type Known } from './known.ts';
import type { Asked } from './request.ts';
import { not, type Ternary } from './ternary.ts';

/** The answer of an element of a statement, or of a condition, to a request. */
export interface Step {
  readonly element: string;
  /** For a condition: the operator and the key. */
  readonly operator?: string;
  readonly key?: string;
  readonly holds: Ternary;
  readonly wants: readonly string[];
  readonly sent: Known;
  /** For an unsure answer: the condition keys behind the answer whose values are not known. */
  readonly keys: readonly string[];
}

export type Effect = 'Allow' | 'Deny' | 'unreadable';

/** A compiled statement of a policy. */
export interface Statement {
  readonly index: number;
  readonly sid: string | undefined;
  readonly effect: Effect;
  readonly steps: readonly ((asked: Asked) => Step)[];
}

const elementNames = new Set(
  ['Sid', 'Effect', 'Condition'].concat(
    ['Principal', 'Action', 'Resource'].flatMap((name) => [name, `Not${name}`]),
  ),
);

/** Compiles a statement of any JSON: JSON beyond the grammar of policies makes the statement unsure. */
export function compileStatement(raw: unknown, index: number, variables: boolean): Statement {
  if (!isObject(raw) || Object.keys(raw).some((name) => !elementNames.has(name)))
    return unreadableStatement(index);
  const element = (name: string): unknown => (Object.hasOwn(raw, name) ? raw[name] : undefined);
  const effect = element('Effect');
  const sid = element('Sid');
  const isAllow = effect !== 'Deny';
  const pair = (name: string, compile: (value: unknown) => ElementTest) =>
    eitherElement({ name, raw, notUnsupported: isAllow && name !== 'Action', compile });
  return {
    index,
    sid: typeof sid === 'string' && sid !== '' ? sid : undefined,
    effect: effect === 'Allow' || effect === 'Deny' ? effect : 'unreadable',
    steps: [
      pair('Principal', principalTest),
      pair('Action', actionTest),
      pair('Resource', (value) => resourceTest(value, variables)),
      ...(Object.hasOwn(raw, 'Condition') ? conditions(element('Condition'), variables) : []),
    ],
  };
}

/** Stands for JSON without the form of a statement: the JSON may allow or deny anything. */
export const unreadableStatement = (index: number): Statement => ({
  index,
  sid: undefined,
  effect: 'unreadable',
  steps: [
    () => ({ element: 'Statement', holds: 'unsure', wants: [], sent: unknownValue, keys: [] }),
  ],
});

interface ElementPair {
  readonly name: string;
  readonly raw: Readonly<Record<string, unknown>>;
  /** AWS does not support the `Not` form in this place: a match is unsure. */
  readonly notUnsupported: boolean;
  readonly compile: (value: unknown) => ElementTest;
}

/** Compiles `Principal` or `NotPrincipal`, and so on: neither matches nothing; AWS does not document both at once. */
function eitherElement({ name, raw, notUnsupported, compile }: ElementPair) {
  const negated = `Not${name}`;
  const has = Object.hasOwn(raw, name);
  const hasNot = Object.hasOwn(raw, negated);
  const value = has ? raw[name] : raw[negated];
  const wants = wantsInWords(value);
  const test = compile(value);
  const element = hasNot && !has ? negated : name;
  return (asked: Asked): Step => {
    const { holds, sent, keys = [], doubtful = false } = test(asked);
    const step = { element, wants, sent, keys };
    const say = (said: Ternary): Step => stepOf({ ...step, holds: said }, asked.context);
    if (has === hasNot) return say(has ? 'unsure' : false);
    const answer = has ? holds : not(holds);
    const isSure = !doubtful && (has || !notUnsupported);
    return say(answer === true && !isSure ? 'unsure' : answer);
  };
}

/** The step, with only the keys worth learning. */
const stepOf = (step: Step, context: Context): Step => ({
  ...step,
  keys: step.holds === 'unsure' ? step.keys.filter((key) => !isSettled(knownOf(context, key))) : [],
});

const conditions = (element: unknown, variables: boolean): Statement['steps'] =>
  compileConditions(element, variables).map(
    ({ operator, key, wants, keys, test }) =>
      (asked: Asked): Step =>
        stepOf(
          {
            element: 'Condition',
            operator,
            key,
            holds: test(asked),
            wants,
            sent: knownOf(asked.context, key),
            keys,
          },
          asked.context,
        ),
  );

/** The texts of an element; a text in a principal follows the type, as in `AWS: *`. */
function wantsInWords(value: unknown): readonly string[] {
  if (!isObject(value)) return scalars(value) ?? [];
  return Object.entries(value).flatMap(([type, names]) =>
    (scalars(names) ?? []).map((name) => `${type}: ${name}`),
  );
}
