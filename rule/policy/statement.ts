import { compileConditions, isObject, scalars } from './condition.ts';
import { arnGlob, glob, literal, lowerCase, match, type Glob } from './glob.ts';
import { knownOf, type Context } from './context.ts';
import { present, unknownValue, type Known } from './known.ts';
import { waysSent, type Sent, type Shape } from './sent.ts';
import { compilePattern, keysOf, resolvable, resolve, type Pattern } from './pattern.ts';
import { agreed, all, any, not, type Ternary } from './ternary.ts';

/** One request of an AWS service, as far as it is known. */
export interface Request {
  /** The service principal that asks, such as `s3.amazonaws.com`. */
  readonly service: string;
  /** Such as `s3:PutObject`. */
  readonly action: string;
  /** The ARN of the resource, or what is known of it. */
  readonly resource: Known;
  readonly context: Context;
}

/** What one element of a statement, or one condition, said to a request. */
export interface Step {
  readonly element: string;
  /** For a condition: its operator and key. */
  readonly operator?: string;
  readonly key?: string;
  readonly holds: Ternary;
  readonly wants: readonly string[];
  readonly sent: Known;
  /** The condition keys whose values it depends on. */
  readonly keys: readonly string[];
}

export type Effect = 'Allow' | 'Deny' | 'unreadable';

/** A statement of a policy, read once. */
export interface Statement {
  readonly index: number;
  readonly sid: string | undefined;
  readonly effect: Effect;
  readonly steps: readonly ((request: Request) => Step)[];
}

const elements = new Set(
  ['Sid', 'Effect', 'Condition'].concat(
    ['Principal', 'Action', 'Resource'].flatMap((name) => [name, `Not${name}`]),
  ),
);

/** Reads one statement of whatever JSON; what AWS would not understand makes it unsure. */
export function compileStatement(raw: unknown, index: number, variables: boolean): Statement {
  if (!isObject(raw) || Object.keys(raw).some((name) => !elements.has(name)))
    return unreadableStatement(index);
  const element = (name: string): unknown => (Object.hasOwn(raw, name) ? raw[name] : undefined);
  const effect = element('Effect');
  const sid = element('Sid');
  const allow = effect !== 'Deny';
  const pair = (name: string, read: (value: unknown) => Reading) =>
    eitherOr({ name, raw, notVouchedFor: allow && name !== 'Action', read });
  return {
    index,
    sid: typeof sid === 'string' && sid !== '' ? sid : undefined,
    effect: effect === 'Allow' || effect === 'Deny' ? effect : 'unreadable',
    steps: [
      pair('Principal', principal),
      pair('Action', action),
      pair('Resource', (value) => resource(value, variables)),
      ...('Condition' in raw ? conditions(element('Condition'), variables) : []),
    ],
  };
}

/** Stands for a piece of a policy that is no statement: it may allow or deny anything. */
export const unreadableStatement = (index: number): Statement => ({
  index,
  sid: undefined,
  effect: 'unreadable',
  steps: [
    () => ({ element: 'Statement', holds: 'unsure', wants: [], sent: unknownValue, keys: [] }),
  ],
});

/** An element's value, read once: what it says to a request, with what was compared. */
type Reading = (request: Request) => {
  readonly holds: Ternary;
  readonly sent: Known;
  readonly keys?: readonly string[];
  /** Whether something in the value may make the whole statement invalid: then it surely applies to nothing. */
  readonly doubtful?: boolean;
};

interface Pair {
  readonly name: string;
  readonly raw: Readonly<Record<string, unknown>>;
  /** AWS does not support the `Not` form in this place: it is unsure where it would match. */
  readonly notVouchedFor: boolean;
  readonly read: (value: unknown) => Reading;
}

/** `Principal` or `NotPrincipal`, and so on: neither matches nothing, both is not documented. */
function eitherOr({ name, raw, notVouchedFor, read }: Pair): (request: Request) => Step {
  const negated = `Not${name}`;
  const has = Object.hasOwn(raw, name);
  const hasNot = Object.hasOwn(raw, negated);
  const value = has ? raw[name] : raw[negated];
  const wants = wordsOf(value);
  const reading = read(value);
  const element = hasNot && !has ? negated : name;
  return (request) => {
    const { holds, sent, keys = [], doubtful = false } = reading(request);
    const step = { element, wants, sent, keys };
    if (has === hasNot) return { ...step, holds: has ? 'unsure' : false };
    const answer = has ? holds : not(holds);
    const vouchedFor = !doubtful && (has || !notVouchedFor);
    return { ...step, holds: answer === true && !vouchedFor ? 'unsure' : answer };
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
function principal(value: unknown): Reading {
  const holds = (service: string): Ternary =>
    isObject(value)
      ? any(
          Object.entries(value).flatMap(([type, names]) =>
            listOf(names).map((name) => named(type, name, service)),
          ),
        )
      : any(listOf(value).map((each) => each === '*' || 'unsure'));
  return ({ service }) => ({ holds: holds(service), sent: present(service) });
}

function named(type: string, name: unknown, service: string): Ternary {
  if (typeof name !== 'string') return 'unsure';
  switch (type) {
    case 'AWS':
      return name === '*';
    case 'Service':
      if (name === service) return true;
      // AWS documents no wildcard here, and not what one would do.
      return match(glob(name), literal(service)) === false ? false : 'unsure';
    case 'Federated':
    case 'CanonicalUser':
      return false;
    default:
      return 'unsure';
  }
}

/** Action names are compared without regard to case. */
function action(value: unknown): Reading {
  const patterns = listOf(value).map((each) =>
    typeof each === 'string' ? lowerCase(glob(each)) : undefined,
  );
  return (request) => {
    const asked = literal(request.action.toLowerCase());
    const matches = patterns.map((pattern) => (pattern ? match(pattern, asked) : 'unsure'));
    return { holds: any(matches), sent: present(request.action) };
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html */
function resource(value: unknown, variables: boolean): Reading {
  const patterns = listOf(value).map((each) =>
    typeof each === 'string' ? compilePattern(each, { variables, wildcards: true }) : undefined,
  );
  const keys = patterns.flatMap((pattern) => (pattern ? keysOf(pattern) : []));
  return ({ resource: sent, context }) => {
    const shapes = waysSent(sent).flatMap(shapesOf);
    const matches = shapes.map((shape) =>
      any(patterns.map((pattern) => (pattern ? covered(pattern, shape, context) : 'unsure'))),
    );
    const doubtful = patterns.some((each) => each !== undefined && !resolvable(each, context));
    return { holds: agreed(matches), sent, keys, doubtful };
  };
}

function shapesOf(sent: Sent): readonly Shape[] {
  if (sent.kind === 'absent') return [];
  return sent.kind === 'one' ? [sent.shape] : sent.shapes;
}

function covered(pattern: Pattern, shape: Shape, context: Context): Ternary {
  const resolved = resolve(pattern, context);
  if (resolved.kind === 'nothing') return false;
  const answer = shape.kind === 'outside' ? 'unsure' : names(resolved.glob, shape.glob);
  return resolved.kind === 'exactly' || answer === false ? answer : 'unsure';
}

/**
 * `*` is every resource. Whether a wildcard crosses the fields of an ARN, and whether an incomplete ARN is
 * completed, is not documented for resource policies: sure is only what does not depend on it.
 */
function names(pattern: Glob, shape: Glob): Ternary {
  if (pattern.length === 1 && match(pattern, shape) === true) return true;
  const completed = [...pattern, ':', ...glob('*')];
  if (any([match(pattern, shape), match(completed, shape)]) === false) return false;
  const fields = arnGlob(pattern);
  return fields !== undefined && match(fields, shape) === true ? true : 'unsure';
}

const conditions = (element: unknown, variables: boolean): Statement['steps'] =>
  compileConditions(element, variables).map(
    ({ operator, key, wants, keys, test }) =>
      ({ context }: Request): Step => ({
        element: 'Condition',
        operator,
        key,
        holds: test(context),
        wants,
        sent: knownOf(context, key),
        keys,
      }),
  );

/** Whether the statement applies to the request: all of its elements hold. */
export const applies = (steps: readonly Step[]): Ternary => all(steps.map(({ holds }) => holds));

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** An element's value for a reader: its texts, those of a principal with their type. */
function wordsOf(value: unknown): readonly string[] {
  if (!isObject(value)) return scalars(value) ?? [];
  return Object.entries(value).flatMap(([type, names]) =>
    (scalars(names) ?? []).map((name) => `${type}: ${name}`),
  );
}
