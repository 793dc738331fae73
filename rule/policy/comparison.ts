import type { Budget } from './budget.ts';
import type { Asked } from './request.ts';
import { onlyText, type Shape } from './sent.ts';
import { anyOf, type Ternary } from './ternary.ts';

/** The comparison of a sent value with a wanted value of a policy, compiled once. */
export interface Comparison {
  readonly test: (sent: Shape, asked: Asked) => Ternary;
  /** The condition keys in the wanted value: variables like `${aws:SourceAccount}`. */
  readonly keys: readonly string[];
}

/** Compiles a wanted value. `variables`: the policy's version knows variables. */
export type Compare = (wanted: string, variables: boolean) => Comparison;

/** A comparison with a value without variables. */
export const constant = (test: (sent: Shape, budget: Budget) => Ternary): Comparison => ({
  test: (sent, { budget }) => test(sent, budget),
  keys: [],
});

/** A comparison for which a shape is not enough: only the very value settles the answer. */
export const ofOnlyText = (test: (value: string) => Ternary): Comparison =>
  constant((sent) => {
    const value = onlyText(sent);
    return value === undefined ? 'unsure' : test(value);
  });

/** The wanted value cannot be read. AWS does not document how an unreadable value compares. */
export const unreadableValue: Comparison = constant(() => 'unsure');

/** Whether the sent value equals a wanted value, by the operator. */
export const isAmong = (wanted: readonly Comparison[], sent: Shape, asked: Asked): Ternary =>
  anyOf(wanted, ({ test }) => test(sent, asked));
