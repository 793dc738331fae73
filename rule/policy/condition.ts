import { knownOf, type Context } from './context.ts';
import { anyShape, waysSent, type Sent, type Shape } from './sent.ts';
import { among, operators, type Comparison } from './operators.ts';
import { agreed, all, any, not, type Ternary } from './ternary.ts';

/** One operator applied to one key of a `Condition` element. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly wants: readonly string[];
  /** The condition keys whose values it depends on. */
  readonly keys: readonly string[];
  readonly test: (context: Context) => Ternary;
}

/**
 * Reads a `Condition` element of whatever JSON: what AWS would not understand becomes a condition that is unsure.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
 */
export function compileConditions(element: unknown, variables: boolean): readonly Condition[] {
  if (!isObject(element)) return [unreadable('Condition', '', [])];
  return Object.entries(element).flatMap(([operator, block]) =>
    isObject(block)
      ? Object.entries(block).map(([key, value]) => compile(operator, key, { value, variables }))
      : [unreadable(operator, '', [])],
  );
}

const unreadable = (operator: string, key: string, wants: readonly string[]): Condition => ({
  operator,
  key,
  wants,
  keys: key === '' ? [] : [key],
  test: () => 'unsure',
});

const QUALIFIED = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/;

function compile(
  name: string,
  key: string,
  { value, variables }: { value: unknown; variables: boolean },
): Condition {
  const wants = scalars(value);
  if (wants === undefined) return unreadable(name, key, []);
  if (name === 'Null') return nullCondition(key, wants);
  const [, set, base = '', ifExists] = QUALIFIED.exec(name) ?? [];
  const operator = operators.get(base);
  if (operator === undefined) return unreadable(name, key, wants);
  const wanted = wants.map((each) => operator.compare(each, variables));
  const missing = whenAbsent(set, operator.negated, ifExists !== undefined);
  const reading = { set, negated: operator.negated, wanted, missing };
  return {
    operator: name,
    key,
    wants,
    keys: [key, ...wanted.flatMap(({ keys }) => keys)],
    test(context) {
      const answer = agreed(
        waysSent(knownOf(context, key)).map((sent) =>
          sent.kind === 'absent' ? missing : whenPresent(reading, sent, context),
        ),
      );
      const doubtful = answer === true && !wanted.every((each) => each.resolvable(context));
      return doubtful ? 'unsure' : answer;
    },
  };
}

interface ReadCondition {
  readonly set: string | undefined;
  readonly negated: boolean;
  readonly wanted: readonly Comparison[];
  /** What it says of a key that is not sent. */
  readonly missing: Ternary;
}

/** A key that is not sent fails a positive operator and meets a negated one; the qualifiers have their own rules. */
function whenAbsent(set: string | undefined, negated: boolean, ifExists: boolean): Ternary {
  // AWS documents "true" for IfExists and "false" for ForAnyValue, and not which of the two goes first.
  if (set === 'ForAnyValue') return ifExists ? 'unsure' : false;
  return ifExists || set === 'ForAllValues' || negated;
}

function whenPresent(
  { set, negated, wanted, missing }: ReadCondition,
  sent: Exclude<Sent, { kind: 'absent' }>,
  context: Context,
): Ternary {
  const holds = (shape: Shape): Ternary => {
    const found = among(wanted, shape, context);
    return negated ? not(found) : found;
  };
  // How AWS compares several values without a set operator is not documented: only what holds for any value is sure.
  if (set === undefined) {
    if (sent.kind === 'one') return holds(sent.shape);
    // Nor whether a list without values counts as there.
    return agreed(sent.shapes.length > 0 ? [holds(anyShape)] : [missing, holds(anyShape)]);
  }
  if (sent.kind === 'one') return holds(sent.shape);
  const each = sent.shapes.map(holds);
  const more = sent.open ? [holds(anyShape)] : [];
  if (set === 'ForAllValues') return all([...each, ...weaken(more, true)]);
  return any([...each, ...weaken(more, false)]);
}

/** What values that may or may not be there add: nothing if they agree with the empty list, else a doubt. */
const weaken = (answers: readonly Ternary[], ofNothing: boolean): readonly Ternary[] =>
  answers.map((answer) => (answer === ofNothing ? answer : 'unsure'));

/** `Null` asks only whether the key is there. */
function nullCondition(key: string, wants: readonly string[]): Condition {
  const wanted = wants.map((each): Ternary => {
    const word = each.toLowerCase();
    return word === 'true' || word === 'false' ? word === 'true' : 'unsure';
  });
  const answer = (isNull: boolean): Ternary =>
    any(wanted.map((want) => (want === 'unsure' ? want : want === isNull)));
  const test = (context: Context): Ternary =>
    agreed(
      waysSent(knownOf(context, key)).map((sent) => {
        if (sent.kind === 'absent') return answer(true);
        // Whether a list without values counts as there is not documented.
        return sent.kind === 'one' || sent.shapes.length > 0
          ? answer(false)
          : agreed([answer(true), answer(false)]);
      }),
    );
  return { operator: 'Null', key, wants, keys: [key], test };
}

/** The values of an element, as text: one or a list of strings, numbers or booleans; undefined for anything else. */
export function scalars(value: unknown): readonly string[] | undefined {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  const texts = values.flatMap((each) =>
    typeof each === 'string' || typeof each === 'number' || typeof each === 'boolean'
      ? [String(each)]
      : [],
  );
  return texts.length === values.length ? texts : undefined;
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
