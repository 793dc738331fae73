import type { Ids, Stack, Template } from './stacks.ts';

/** References become physical ids, conditions are decided, and AWS::NoValue is left out. */
export function resolved(value: unknown, ids: Ids): unknown {
  if (Array.isArray(value))
    return value.map((each) => resolved(each, ids)).filter((each) => each !== undefined);
  if (typeof value !== 'object' || value === null) return value;
  const [[name, of] = ['', undefined]] = Object.entries(value) as [string, unknown][];
  const known = functions[name];
  if (known !== undefined) return known(of, ids);
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, each]) => [key, resolved(each, ids)] as const)
      .filter(([, each]) => each !== undefined),
  );
}

const idIn = (reference: string, ids: Ids): string | undefined =>
  ids[reference.split('.')[0] ?? ''];

const functions: Readonly<Record<string, (of: unknown, ids: Ids) => unknown>> = {
  Ref: (of, ids) => (of === 'AWS::NoValue' ? undefined : (ids[String(of)] ?? String(of))),
  'Fn::GetAtt': (of, ids) => idIn([of].flat().join('.'), ids),
  'Fn::Sub': (of, ids) =>
    String(of).replaceAll(/\$\{([\w:.]+)\}/g, (_, id: string) => idIn(id, ids) ?? id),
  'Fn::If'(of, ids) {
    const [condition, then, otherwise] = of as readonly [string, unknown, unknown];
    return resolved(ids[condition] === 'false' ? otherwise : then, ids);
  },
  'Fn::Join'(of, ids) {
    const [by, parts] = resolved(of, ids) as [string, string[]];
    return parts.join(by);
  },
};

/** The functions in conditions, of values that are known. */
const inConditions: Readonly<Record<string, (given: readonly unknown[]) => unknown>> = {
  'Fn::Equals': ([one, other]) => one === other,
  'Fn::Not': ([each]) => each !== true,
  'Fn::And': (given) => given.every((each) => each === true),
  'Fn::Or': (given) => given.some((each) => each === true),
  'Fn::Split': ([by, text]) => String(text).split(String(by)),
  'Fn::Join': ([by, parts]) => [parts].flat().join(String(by)),
};

/** The conditions of a template, by parameters and other values. */
function conditionsIn({ Conditions = {} }: Template, values: Ids): Ids {
  const decide = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    const [[name, of] = ['', undefined]] = Object.entries(value) as [string, unknown][];
    if (name === 'Ref') return values[String(of)] ?? '';
    if (name === 'Condition') return decide(Conditions[String(of)]);
    const compute = inConditions[name];
    if (compute === undefined) throw new Error(`${name} in a condition is not known`);
    return compute([of].flat().map(decide));
  };
  return Object.fromEntries(
    Object.keys(Conditions).map((name) => [name, String(decide(Conditions[name]))]),
  );
}

/** The parameters of a stack, with defaults, and whether the conditions of the template hold. */
export function valuesOf({ template, parameters = {} }: Stack, where: string): Ids {
  const definitions = (template.Parameters ?? {}) as Readonly<
    Record<string, { readonly Default?: string | number }>
  >;
  const defaults = Object.entries(definitions).flatMap(([name, { Default }]) =>
    Default === undefined ? [] : [[name, String(Default)] as const],
  );
  const values = { 'AWS::Region': where, ...Object.fromEntries(defaults), ...parameters };
  return { ...values, ...conditionsIn(template, values) };
}
