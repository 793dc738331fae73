import type { Facts, PolicyDocument } from '../../model/facts.ts';
import type { PlannedFlowLog } from '../../model/world.ts';
import { notePolicy } from './policy.ts';

/** Proposed key policies, as far as worlds need them. */
interface Proposed {
  readonly applyTo: (facts: Facts) => Facts;
  readonly documents: readonly PolicyDocument[];
}

/** A planned flow log with proposed key policies in place. Texts of these policies may tell open values apart. */
export const withProposedIn =
  ({ applyTo, documents }: Proposed) =>
  (planned: PlannedFlowLog): PlannedFlowLog => ({
    ...planned,
    factsIn(world) {
      const found = planned.factsIn(world);
      for (const document of documents) notePolicy(document, world);
      return found && { ...found, facts: applyTo(found.facts) };
    },
  });
