import { deliveryService, sourceArn } from '../../model/delivery-service.ts';
import type { Open, World } from '../../model/world.ts';
import type { MadeUp } from './made-up.ts';
import type { WorldPlace } from './place.ts';

/** A text that only the deployment knows: a parameter without a value, an import from elsewhere, a dynamic reference. */
interface OpenText {
  /** Like "parameter Env". */
  readonly name: string;
  readonly settledBy: string;
  /** The place of the delivery that the text may name. */
  readonly place: (world: World) => WorldPlace;
  /** All possible values, where the input lists these. */
  readonly allowed?: readonly string[] | undefined;
}

/** Tries a text that is like no other, and each text that a policy may compare with the delivery. */
export function openText({ name, settledBy, place, allowed }: OpenText, madeUp: MadeUp): Open {
  const other = madeUp.open(name, settledBy);
  return {
    kind: 'other',
    id: [name, ...(allowed ?? [])].join(' '),
    name,
    settledBy,
    candidates(world) {
      if (allowed !== undefined && allowed.length > 0) return allowed;
      const at = place(world);
      return [other, at.accountId, at.region, deliveryService, sourceArn(at)];
    },
    inWords: (value) => (value === other ? `with another ${name}` : `with ${name} = ${value}`),
  };
}

/** Something that is true or false, such as a condition. */
export const openAnswer = (
  id: string,
  { name, settledBy }: { readonly name: string; readonly settledBy: string },
): Open => ({
  kind: 'other',
  id,
  name,
  settledBy,
  candidates: () => ['true', 'false'],
  inWords: (value) => (value === 'true' ? `if ${name} holds` : `unless ${name} holds`),
});
