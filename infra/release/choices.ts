import { type Json, type JsonObject } from './json.ts';

/** Options as CDK context has them. */
export type Context = Readonly<Record<string, string>>;

/** Options unlike those of the template with everything, and the condition that says if a deployment has these options. */
export interface Choice {
  /** The name of the condition. */
  readonly condition: string;
  /** True if a deployment has these options where the condition is true, false if where the condition is false. */
  readonly isChosenIf: boolean;
  readonly options: Context;
  /** The conditions that hold wherever this condition holds, the nearest first. */
  readonly within?: readonly string[];
  /** The parameter that chooses: choices by one parameter exclude each other. */
  readonly parameter?: string;
}

/** A condition with the choice that follows. The first of the options is the option of the parameter. */
export interface Conditional extends Omit<Choice, 'condition'> {
  readonly expression: Json;
}

export type Conditionals = Readonly<Record<string, Conditional>>;

/** The section Conditions of a template. A condition holds only where the conditions around hold. */
export const expressionsOf = (table: Conditionals): JsonObject =>
  Object.fromEntries(
    Object.entries(table).map(([name, { expression, within = [] }]) => {
      const around = within.find((each) => each in table);
      return [
        name,
        around === undefined ? expression : { 'Fn::And': [{ Condition: around }, expression] },
      ];
    }),
  );

/** Every choice, each alone. */
export const choicesOf = (table: Conditionals): readonly Choice[] =>
  Object.entries(table).map(([condition, conditional]) => ({ condition, ...conditional }));
