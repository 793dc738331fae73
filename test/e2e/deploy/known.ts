import { region } from '../organization-world.ts';
import { refusedTypes, type Place, type Resource, type Stack, type Template } from './stacks.ts';
import { valuesOf } from './values.ts';

/** A stack as far as ministack can deploy it. */
export interface Deployable {
  readonly stack: Stack;
  /** The number of resources by type that are left out; of alarms with an expression, which watch a plain metric instead. */
  readonly lacking: Readonly<Record<string, number>>;
}

/** Leaves out the types that ministack refuses, as ministack says, and the outputs about these. */
export async function deployable(place: Place, stack: Stack): Promise<Deployable> {
  const { template } = stack;
  const refused = await refusedTypes(place, stack);
  const values = valuesOf(stack, place.where ?? region);
  // ministack names no type that a condition leaves out.
  const entries = Object.entries(template.Resources).filter(
    ([, { Condition = '' }]) => values[Condition] !== 'false',
  );
  const gone = entries.filter(([, { Type }]) => refused.includes(Type)).map(([id]) => id);
  const kept = entries.filter(([id]) => !gone.includes(id));
  const left = kept.find(([, each]) => refersTo(gone, each));
  if (left !== undefined) throw new Error(`${left[0]} refers to what is left out`);
  const lacking = [
    ...entries.map(([, { Type }]) => Type).filter((type) => refused.includes(type)),
    ...kept.filter(([, each]) => hasExpression(each)).map(() => ALARM_WITH_EXPRESSION),
  ];
  // ministack does not know its Region in conditions.
  const conditions = JSON.stringify(template.Conditions ?? {});
  const here = conditions.replaceAll(
    '{"Ref":"AWS::Region"}',
    JSON.stringify(place.where ?? region),
  );
  const known: Template = {
    ...template,
    Conditions: JSON.parse(here) as Readonly<Record<string, unknown>>,
    Resources: Object.fromEntries(kept.map(([id, each]) => [id, inKnownWords(each, gone)])),
    Outputs: Object.fromEntries(
      Object.entries(template.Outputs ?? {}).filter(([, each]) => !refersTo(gone, each)),
    ),
  };
  return {
    stack: { ...stack, template: known },
    lacking: Object.fromEntries(
      lacking.map((each) => [each, lacking.filter((other) => other === each).length]),
    ),
  };
}

const ALARM_WITH_EXPRESSION = 'AWS::CloudWatch::Alarm with an expression';

const hasExpression = ({ Type, Properties = {} }: Resource): boolean =>
  Type === 'AWS::CloudWatch::Alarm' && 'Metrics' in Properties;

/** A resource in words that ministack knows. */
function inKnownWords(resource: Resource, gone: readonly string[]): Resource {
  const { DependsOn = [], Properties = {}, ...rest } = resource;
  const dependsOn = [DependsOn].flat().filter((each) => !gone.includes(each));
  const metric = { Namespace: 'Test', MetricName: 'Expression', Statistic: 'Sum', Period: 60 };
  const plain = Object.entries(Properties).filter(([name]) => name !== 'Metrics');
  return {
    ...rest,
    ...(dependsOn.length > 0 && { DependsOn: dependsOn }),
    Properties: hasExpression(resource)
      ? { ...Object.fromEntries(plain), ...metric }
      : (withKnownConditions(Properties) as Readonly<Record<string, unknown>>),
  };
}

/**
 * Conditions of policies for ministack, where aws:ResourceOrgID is no key, and aws:PrincipalArn is the session of a role
 * and not the role.
 */
function withKnownConditions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withKnownConditions);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, of]) => {
      if (name === 'aws:ResourceOrgID') return [];
      if (name === 'aws:PrincipalArn') return [[name, [of].flat().map(sessionsOf)]];
      return [[name, withKnownConditions(of)]];
    }),
  );
}

/** The sessions of a role, by the ARN of the role. */
const sessionsOf = (arn: unknown): unknown =>
  JSON.parse(
    JSON.stringify(arn)
      .replace(':iam::', ':sts::')
      .replace(/:role\/([\w-]+)/, ':assumed-role/$1/*'),
  );

function refersTo(ids: readonly string[], value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { Ref, 'Fn::GetAtt': attribute } = value as Readonly<Record<string, unknown>>;
  const [to = Ref] = [attribute].flat();
  if (ids.includes(String(to).split('.')[0] ?? '')) return true;
  return Object.values(value).some((each) => refersTo(ids, each));
}
