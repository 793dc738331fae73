import type { World } from '../../model/world.ts';
import { openAnswer } from '../planned/open-values.ts';
import type { Instance } from './instances.ts';
import { filledText, isMarked, listAt, objectOf, type PlanObject } from './json-path.ts';
import { NOT_IN_PLAN } from './names.ts';
import type { PlanWorld } from './universe.ts';

/** A statement of a policy document, with what the configuration says. */
export interface PlannedStatement {
  readonly document: Instance;
  readonly values: PlanObject;
  readonly marks: unknown;
  /** Undefined where a dynamic block makes the statement. */
  readonly block: unknown;
  /** Like `statement 1 of data.aws_iam_policy_document.logs`. */
  readonly name: string;
  readonly planWorld: PlanWorld;
}

/** Whether something that a plan does not tell is so in this world. */
export const isSoIn = (name: string, world: World): boolean =>
  world.valueOf({
    ...openAnswer(name, { name: `whether ${name}`, settledBy: NOT_IN_PLAN }),
    inWords: (value) => (value === 'true' ? `if ${name}` : `if not ${name}`),
  }) === 'true';

/** Principals: a missing ARN belongs to a new role or user, other missing principals are tried. */
export function principalIn(
  member: string,
  { values, marks, name, planWorld }: PlannedStatement,
): unknown {
  const blocks = listAt(values[member]).map(objectOf);
  if (blocks.length === 0) return undefined;
  const principals: Record<string, readonly string[]> = {};
  for (const [index, { type, identifiers }] of blocks.entries()) {
    const isLost = isMarked(marks, [member, index, 'identifiers']) && identifiers === undefined;
    const texts = (isLost ? [null] : listAt(identifiers)).map((each) =>
      each === null
        ? missingPrincipal(String(type), `${member} of ${name}`, planWorld)
        : (filledText(each) ?? ''),
    );
    if (type === '*') return '*';
    principals[String(type)] = [...(principals[String(type)] ?? []), ...texts];
  }
  const { AWS: aws = [] } = principals;
  return Object.keys(principals).length === 1 && aws.length === 1 && aws[0] === '*'
    ? { AWS: '*' }
    : principals;
}

/** A service that is missing may be the delivery service. */
function missingPrincipal(type: string, name: string, { universe, world }: PlanWorld): string {
  const other = universe.madeUp.nameOf(name);
  if (type === 'AWS') {
    const nobody = universe.madeUp.account('an account', 'nobody');
    return `arn:aws:iam::${nobody}:role/${other}`;
  }
  return isSoIn(`delivery.logs.amazonaws.com is among ${name}`, world)
    ? 'delivery.logs.amazonaws.com'
    : `${other}.amazonaws.com`;
}

/** The conditions of a statement; undefined if a condition with a missing value does not hold in this world. */
export function conditionIn({ values, marks, name, planWorld }: PlannedStatement) {
  const conditions: Record<string, Record<string, unknown>> = {};
  for (const [index, { test, variable, values: wanted }] of listAt(values.condition)
    .map(objectOf)
    .entries()) {
    const isKnown =
      Array.isArray(wanted) &&
      !wanted.includes(null) &&
      typeof test === 'string' &&
      typeof variable === 'string' &&
      !isMarked(marks, ['condition', index]);
    if (!isKnown) {
      const subject = `condition ${filledText(variable) ?? index + 1} of ${name} holds`;
      if (!isSoIn(subject, planWorld.world)) return undefined;
      continue;
    }
    const group = conditions[test] ?? {};
    conditions[test] = { ...group, [variable]: [...listAt(group[variable]), ...listAt(wanted)] };
  }
  return conditions;
}
