import { isAmong, type Comparison } from './comparison.ts';
import { knownOf } from './context.ts';
import { isObject, scalars } from './json.ts';
import { lazy } from './lazy.ts';
import { operators } from './operators.ts';
import type { Asked } from './request.ts';
import { anyShape, waysSent, type Sent, type Shape } from './sent.ts';
import { agreedOf, all, any, anyOf, not, type Ternary } from './ternary.ts';

/** An operator applied to a key of a `Condition` element. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly wants: () => readonly string[];
  /** The condition keys behind the answer. */
  readonly keys: readonly string[];
  readonly holds: (asked: Asked) => Ternary;
}

/**
 * Compiles a `Condition` element of any JSON: JSON beyond the grammar of policies becomes an unsure condition.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
 */
export function compileConditions(element: unknown, variables: boolean): readonly Condition[] {
  if (!isObject(element)) return [unreadableCondition('Condition', '', [])];
  return Object.entries(element).flatMap(([operator, block]) =>
    isObject(block)
      ? Object.entries(block).map(([key, value]) =>
          compileCondition(operator, key, { value, variables }),
        )
      : [unreadableCondition(operator, '', [])],
  );
}

const unreadableCondition = (
  operator: string,
  key: string,
  wants: readonly string[],
): Condition => ({
  operator,
  key,
  wants: () => wants,
  keys: key === '' ? [] : [key],
  holds: () => 'unsure',
});

type SetOperator = 'ForAllValues' | 'ForAnyValue';

/** An operator with its qualifiers, by the name in a policy, like `ForAnyValue:StringLikeIfExists`. */
const qualified = new Map(
  [...operators].flatMap(([base, operator]) =>
    ([undefined, 'ForAllValues', 'ForAnyValue'] as const).flatMap((set) =>
      [false, true].map((ifExists) => {
        const name = `${set === undefined ? '' : `${set}:`}${base}${ifExists ? 'IfExists' : ''}`;
        return [name, { ...operator, set, ifExists }] as const;
      }),
    ),
  ),
);

function compileCondition(
  name: string,
  key: string,
  { value, variables }: { value: unknown; variables: boolean },
): Condition {
  const wants = scalars(value);
  if (wants === undefined) return unreadableCondition(name, key, []);
  if (name === 'Null') return nullCondition(key, wants);
  const operator = qualified.get(name);
  if (operator === undefined) return unreadableCondition(name, key, wants);
  const { set, negated, ifExists, compare } = operator;
  const wanted = lazy(() => wants.map((each) => compare(each, variables)));
  const hasVariables = wants.some((each) => each.includes('${'));
  const ifAbsent = answerIfAbsent(set, negated, ifExists);
  return {
    operator: name,
    key,
    wants: () => wants,
    keys: hasVariables ? [key, ...wanted().flatMap(({ keys }) => keys)] : [key],
    holds: (asked) =>
      agreedOf(waysSent(knownOf(asked.context, key)), (sent) =>
        sent.kind === 'absent'
          ? ifAbsent
          : answerIfPresent({ set, negated, wanted: wanted() }, sent, asked),
      ),
  };
}

interface ConditionRules {
  readonly set: SetOperator | undefined;
  readonly negated: boolean;
  readonly wanted: readonly Comparison[];
}

/** An absent key fails a positive operator and meets a negated operator; the qualifiers have their own rules. */
function answerIfAbsent(
  set: SetOperator | undefined,
  negated: boolean,
  ifExists: boolean,
): Ternary {
  // AWS documents "true" for IfExists and "false" for ForAnyValue, but not the combination.
  if (set === 'ForAnyValue') return ifExists ? 'unsure' : false;
  return ifExists || set === 'ForAllValues' || negated;
}

function answerIfPresent(
  { set, negated, wanted }: ConditionRules,
  sent: Exclude<Sent, { kind: 'absent' }>,
  asked: Asked,
): Ternary {
  const holds = (shape: Shape): Ternary => {
    const found = isAmong(wanted, shape, asked);
    return negated ? not(found) : found;
  };
  if (sent.kind === 'one') return holds(sent.shape);
  // AWS does not document how a list is compared without a set operator.
  if (set === undefined) return 'unsure';
  const each = sent.shapes.map(holds);
  const more = sent.open ? [holds(anyShape)] : [];
  if (set === 'ForAllValues') return all([...each, ...weaken(more, true)]);
  return any([...each, ...weaken(more, false)]);
}

/** The effect of further values, perhaps sent: none if the values agree with the empty list, else a doubt. */
const weaken = (answers: readonly Ternary[], ofEmptyList: boolean): readonly Ternary[] =>
  answers.map((answer) => (answer === ofEmptyList ? answer : 'unsure'));

/** `Null` asks only whether the key was sent. */
function nullCondition(key: string, wants: readonly string[]): Condition {
  const wanted = wants.map((each): Ternary => {
    const word = each.toLowerCase();
    return word === 'true' || word === 'false' ? word === 'true' : 'unsure';
  });
  const answer = (isNull: boolean): Ternary =>
    anyOf(wanted, (want) => (want === 'unsure' ? want : want === isNull));
  const answerTo = (sent: Sent): Ternary => {
    if (sent.kind === 'absent') return answer(true);
    // AWS does not document whether an empty list counts as present.
    const isEmpty = sent.kind === 'list' && sent.shapes.length === 0;
    return isEmpty ? agreedOf([true, false], answer) : answer(false);
  };
  const holds = ({ context }: Asked): Ternary =>
    agreedOf(waysSent(knownOf(context, key)), answerTo);
  return { operator: 'Null', key, wants: () => wants, keys: [key], holds };
}
