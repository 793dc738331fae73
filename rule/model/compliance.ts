import type { Outcome } from './verdict.ts';

/** AWS Config's words for a reported verdict. */
export type Compliance = 'COMPLIANT' | 'NON_COMPLIANT' | 'NOT_APPLICABLE';

/** How an unknown verdict may be reported: never as COMPLIANT. */
export const unknownAs = ['NON_COMPLIANT', 'NOT_APPLICABLE'] as const;
export type UnknownAs = (typeof unknownAs)[number];

export function complianceOf(outcome: Outcome, unknown: UnknownAs = 'NON_COMPLIANT'): Compliance {
  const words: Record<Outcome, Compliance> = {
    deliverable: 'COMPLIANT',
    blocked: 'NON_COMPLIANT',
    unknown,
    exempt: 'NOT_APPLICABLE',
  };
  return words[outcome];
}
