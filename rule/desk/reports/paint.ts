import type { Outcome } from '../../model/verdict.ts';

/** Sets text off on a terminal. Without colours every function returns the text. */
export type Paint = Readonly<Record<'dim' | 'red' | 'yellow' | 'green', (text: string) => string>>;

export const painterOf = (outcome: Outcome, paint: Paint): ((text: string) => string) =>
  ({ blocked: paint.red, unknown: paint.yellow, deliverable: paint.green, exempt: paint.dim })[
    outcome
  ];

export const uncoloured: Paint = { dim: String, red: String, yellow: String, green: String };
