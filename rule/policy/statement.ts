import { compileConditions } from './condition.ts';
import { knownOf } from './context.ts';
import { actionTest, principalTest, resourceTest, type ElementTest } from './elements.ts';
import { isObject, scalars } from './json.ts';
import { unknownValue, type Known } from './known.ts';
import { keysNamed, matchesAnyResource } from './keys-named.ts';
import { lazy } from './lazy.ts';
import type { Asked, Request } from './request.ts';
import { allOf, not, type Ternary } from './ternary.ts';

/** A compiled element of a statement, or a compiled condition. */
export interface Element {
  readonly element: string;
  /** For a condition: the operator and the key. */
  readonly operator?: string;
  readonly key?: string;
  readonly wants: () => readonly string[];
  /** The condition keys behind the answer, in the policy's own spelling. */
  readonly keys: readonly string[];
  readonly holds: (asked: Asked) => Ternary;
  /** The part of the request that is compared. */
  readonly sent: (request: Request) => Known;
}

export type Effect = 'Allow' | 'Deny' | 'unreadable';

/** A compiled statement of a policy. */
export interface Statement {
  readonly index: number;
  readonly sid: string | undefined;
  readonly effect: Effect;
  /** Every condition key that the statement names. */
  readonly keys: readonly string[];
  /** True for `*`, which every resource matches. */
  readonly isForAnyResource: boolean;
  readonly principal: Element;
  /** The other elements, compiled when first asked for: most decisions end at the principal. */
  readonly others: () => readonly Element[];
}

export const elementsOf = ({ principal, others }: Statement): readonly Element[] => [
  principal,
  ...others(),
];

/** Whether all elements of the statement hold; looks no further than the first that fails. */
export function appliesTo({ principal, others }: Statement, asked: Asked): Ternary {
  const answer = principal.holds(asked);
  if (answer === false) return false;
  const rest = allOf(others(), ({ holds }) => holds(asked));
  return answer === true || rest === false ? rest : answer;
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
  const pair = (name: string, compile: (value: unknown) => ElementTest): Element =>
    eitherElement({ name, raw, notUnsupported: isAllow && name !== 'Action', compile });
  return {
    index,
    sid: typeof sid === 'string' && sid !== '' ? sid : undefined,
    effect: effect === 'Allow' || effect === 'Deny' ? effect : 'unreadable',
    keys: keysNamed(raw, variables),
    isForAnyResource: matchesAnyResource(raw),
    principal: pair('Principal', principalTest),
    others: lazy(() => [
      pair('Action', actionTest),
      pair('Resource', (value) => resourceTest(value, variables)),
      ...(Object.hasOwn(raw, 'Condition') ? conditions(element('Condition'), variables) : []),
    ]),
  };
}

/** Stands for JSON without the form of a statement: the JSON may allow or deny anything. */
export const unreadableStatement = (index: number): Statement => ({
  index,
  sid: undefined,
  effect: 'unreadable',
  keys: [],
  isForAnyResource: true,
  principal: unreadableElement,
  others: () => [],
});

const unreadableElement: Element = {
  element: 'Statement',
  wants: () => [],
  keys: [],
  holds: () => 'unsure',
  sent: () => unknownValue,
};

interface ElementPair {
  readonly name: string;
  readonly raw: Readonly<Record<string, unknown>>;
  /** AWS does not support the `Not` form in this place: a match is unsure. */
  readonly notUnsupported: boolean;
  readonly compile: (value: unknown) => ElementTest;
}

/** Compiles `Principal` or `NotPrincipal`, and so on: neither matches nothing; AWS does not document both at once. */
function eitherElement({ name, raw, notUnsupported, compile }: ElementPair): Element {
  const negated = `Not${name}`;
  const has = Object.hasOwn(raw, name);
  const hasNot = Object.hasOwn(raw, negated);
  const value = has ? raw[name] : raw[negated];
  const { holds, sent, keys = [], isDoubtful = () => false } = compile(value);
  const base = {
    element: hasNot && !has ? negated : name,
    wants: () => wantsInWords(value),
    keys,
    sent,
  };
  if (has === hasNot) return { ...base, holds: () => (has ? 'unsure' : false) };
  return {
    ...base,
    holds(asked) {
      const found = holds(asked);
      const answer = has ? found : not(found);
      if (answer !== true) return answer;
      return isDoubtful(asked) || (hasNot && notUnsupported) ? 'unsure' : true;
    },
  };
}

const conditions = (element: unknown, variables: boolean): readonly Element[] =>
  compileConditions(element, variables).map((condition) => ({
    element: 'Condition',
    ...condition,
    sent: ({ context }) => knownOf(context, condition.key),
  }));

/** The texts of an element; a text in a principal follows the type, as in `AWS: *`. */
function wantsInWords(value: unknown): readonly string[] {
  if (!isObject(value)) return scalars(value) ?? [];
  return Object.entries(value).flatMap(([type, names]) =>
    (scalars(names) ?? []).map((name) => `${type}: ${name}`),
  );
}
