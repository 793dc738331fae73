import { type Json, type JsonObject } from './json.ts';
import type { Release, Synthesised } from './release-input.ts';
import { rules } from './rules.ts';

/** The section Conditions of a template. */
export type Conditions = Readonly<Record<string, Json>>;

/** Adds the sections before the resources, with the conditions, parameters and rules that the template uses. */
export function assemble(
  { Description = '', Parameters = {} }: Synthesised,
  {
    body,
    conditions,
    groups,
  }: { readonly body: JsonObject; readonly conditions: Conditions } & Pick<Release, 'groups'>,
): JsonObject {
  const used = usedConditions(body, conditions);
  const inUse = JSON.stringify([body, used]);
  const isUsed = (name: string): boolean => isReferred(inUse, name);
  const definitions = Object.entries(groups).map(
    ([label, all]) => [label, Object.entries(all).filter(([name]) => isUsed(name))] as const,
  );
  const own = Object.keys(Parameters);
  const names = [...own, ...definitions.flatMap(([, all]) => all.map(([name]) => name))];
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description,
    Metadata: {
      'AWS::CloudFormation::Interface': {
        ParameterGroups: [['Organization', own.map((name) => [name])] as const, ...definitions]
          .filter(([, all]) => all.length > 0)
          .map(([label, all]) => ({
            Label: { default: label },
            Parameters: all.map(([name = '']) => name),
          })),
      },
    },
    Parameters: { ...Parameters, ...Object.fromEntries(definitions.flatMap(([, all]) => all)) },
    Rules: rulesAbout(names),
    Conditions: used,
    ...body,
  };
}

const isReferred = (text: string, name: string): boolean =>
  text.includes(`{"Ref":"${name}"}`) || text.includes(`\${${name}}`);

/** The conditions in the body, and the conditions inside these. */
function usedConditions(body: Json, conditions: Conditions): JsonObject {
  const found = new Set<string>();
  const look = (json: Json): void => {
    const text = JSON.stringify(json);
    for (const [name, expression] of Object.entries(conditions)) {
      if (found.has(name)) continue;
      if (!text.includes(`"Condition":"${name}"`) && !text.includes(`{"Fn::If":["${name}",`))
        continue;
      found.add(name);
      look(expression);
    }
  };
  look(body);
  return Object.fromEntries(Object.entries(conditions).filter(([name]) => found.has(name)));
}

/** The rules whose parameters are all there. */
const rulesAbout = (names: readonly string[]): JsonObject =>
  Object.fromEntries(
    Object.entries(rules as unknown as JsonObject).filter(([, rule]) =>
      [...JSON.stringify(rule).matchAll(/"Ref":"(\w+)"/g)].every(([, name = '']) =>
        names.includes(name),
      ),
    ),
  );
