import { type JsonObject, omit } from '../../infra/release/json.ts';

type Values = Readonly<Record<string, string>>;

/** A template with the values of its parameters. */
interface Deployment {
  readonly template: JsonObject;
  readonly values: Values;
}

interface Definition {
  readonly Default?: string | number;
  readonly AllowedPattern?: string;
  readonly AllowedValues?: readonly (string | number)[];
  readonly MaxLength?: number;
}

const definitionsOf = ({ Parameters = {} }: JsonObject) =>
  Parameters as unknown as Readonly<Record<string, Definition>>;

/** The given values, and the defaults of the other parameters. */
const allValues = (template: JsonObject, given: Values): Values => ({
  'AWS::Partition': 'aws',
  ...Object.fromEntries(
    Object.entries(definitionsOf(template)).map(([name, { Default }]) => [
      name,
      given[name] ?? String(Default ?? `<${name}>`),
    ]),
  ),
});

/** The reasons for which CloudFormation refuses the values, as far as the template says. */
export function refusals(template: JsonObject, given: Values): readonly string[] {
  const values = allValues(template, given);
  const strangers = Object.keys(given).filter((name) => !(name in values));
  const bad = Object.entries(definitionsOf(template)).flatMap(([name, definition]) =>
    fits(definition, values[name] ?? '') ? [] : [`${name}=${values[name] ?? ''}`],
  );
  const rules = (template.Rules ?? {}) as Readonly<Record<string, JsonObject>>;
  const broken = Object.entries(rules).flatMap(([name, rule]) => {
    const { RuleCondition = true, Assertions } = resolve(rule, { template, values }) as {
      RuleCondition?: boolean;
      Assertions: readonly { Assert: boolean }[];
    };
    return RuleCondition && Assertions.some(({ Assert }) => !Assert) ? [name] : [];
  });
  return [...strangers.map((name) => `no parameter ${name}`), ...bad, ...broken];
}

function fits(definition: Definition, value: string): boolean {
  const { AllowedPattern = '', AllowedValues, MaxLength = 4096 } = definition;
  if (AllowedValues !== undefined && !AllowedValues.map(String).includes(value)) return false;
  return value.length <= MaxLength && new RegExp(AllowedPattern).test(value);
}

/** Resources and outputs as a deployment has them: names in angle brackets stand for what only AWS knows. */
export function resolved(
  template: JsonObject,
  given: Values = {},
): Readonly<Record<string, unknown>> {
  const deployment = { template, values: allValues(template, given) };
  const section = (name: string) =>
    Object.fromEntries(
      Object.entries((template[name] ?? {}) as Readonly<Record<string, JsonObject>>)
        .filter(
          ([, { Condition }]) => typeof Condition !== 'string' || holds(Condition, deployment),
        )
        .map(([id, part]) => [id, resolve(omit(part, 'Condition', 'Metadata'), deployment)]),
    );
  return { Resources: section('Resources'), Outputs: section('Outputs') };
}

const holds = (condition: string, deployment: Deployment): boolean => {
  const { [condition]: expression } = deployment.template.Conditions as JsonObject;
  if (expression === undefined) throw new Error(`no condition ${condition}`);
  return resolve(expression, deployment) as boolean;
};

const NOTHING = Symbol('AWS::NoValue');

function resolve(json: unknown, deployment: Deployment, at = ''): unknown {
  if (Array.isArray(json)) {
    const items = json.map((each) => resolve(each, deployment)).filter((each) => each !== NOTHING);
    // A list of one resource means the same as the resource.
    return at === 'Resource' && items.length === 1 ? items[0] : items;
  }
  if (typeof json === 'string') return text(json, at);
  // CloudFormation makes the numbers of the values of parameters.
  if (typeof json === 'number') return String(json);
  if (typeof json !== 'object' || json === null) return json;
  const called = calling(json, deployment);
  if (called !== undefined) return typeof called === 'string' ? text(called, at) : called;
  return Object.fromEntries(
    Object.entries(json)
      .map(([each, value]) => [each, resolve(value, deployment, each)] as const)
      // A role without a path has this path.
      .filter(([each, value]) => value !== NOTHING && !(each === 'Path' && value === '/')),
  );
}

/** The value of a function; undefined for every other object. */
function calling(json: object, deployment: Deployment): unknown {
  const [[name, of] = ['', undefined], ...others] = Object.entries(json);
  return others.length === 0 ? functions[name]?.(of as never, deployment) : undefined;
}

/** JSON inside a text counts as JSON. Empty parameters of the rule mean the same as parameters that are left out. */
function text(value: string, at: string): unknown {
  const json = parsed(value);
  if (json === undefined) return value;
  return at === 'RULE_PARAMETERS'
    ? Object.fromEntries(Object.entries(json).filter(([, each]) => each !== ''))
    : resolve(json, { template: {}, values: {} });
}

/** The object or list in a text. */
function parsed(value: string): object | undefined {
  if (!/^[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value) as object;
  } catch {
    return undefined;
  }
}

type Args<T extends readonly unknown[]> = readonly [...T];

const functions: Readonly<Record<string, (of: never, deployment: Deployment) => unknown>> = {
  Ref: (name: string, { values }) =>
    name === 'AWS::NoValue' ? NOTHING : (values[name] ?? `<${name}>`),
  'Fn::GetAtt': (of: readonly string[]) => `<${of.join('.')}>`,
  'Fn::Sub': (of: string, { values }) =>
    of.replace(/\$\{(\w[\w:.]*)\}/g, (_, name: string) => values[name] ?? `<${name}>`),
  'Fn::Join': ([by, items]: Args<[string, unknown]>, deployment) =>
    (plain(items, deployment) as readonly string[]).join(by),
  'Fn::Split': ([by, of]: Args<[string, unknown]>, deployment) =>
    (plain(of, deployment) as string).split(by),
  'Fn::Select': ([nth, items]: Args<[number, unknown]>, deployment) =>
    (plain(items, deployment) as readonly string[])[nth],
  'Fn::If': ([condition, yes, no]: Args<[string, unknown, unknown]>, deployment) =>
    plain(holds(condition, deployment) ? yes : no, deployment),
  'Fn::Equals': ([a, b]: Args<[unknown, unknown]>, deployment) =>
    plain(a, deployment) === plain(b, deployment),
  'Fn::Not': ([of]: Args<[unknown]>, deployment) => plain(of, deployment) !== true,
  'Fn::And': (of: readonly unknown[], deployment) =>
    of.every((each) => plain(each, deployment) === true),
  'Fn::Or': (of: readonly unknown[], deployment) =>
    of.some((each) => plain(each, deployment) === true),
  Condition: (name: unknown, deployment) =>
    typeof name === 'string' ? holds(name, deployment) : { Condition: resolve(name, deployment) },
};

/** A value with JSON inside a text as text. */
function plain(json: unknown, deployment: Deployment): unknown {
  if (typeof json === 'string') return json;
  if (Array.isArray(json)) return json.map((each) => plain(each, deployment));
  const called = typeof json === 'object' && json !== null ? calling(json, deployment) : undefined;
  return called ?? resolve(json, deployment);
}
