import type { Context } from '../../rule/policy/context.ts';
import {
  absent,
  atLeast,
  oneLike,
  manyLike,
  maybe,
  maybeOutside,
  present,
  unknownValue,
  type Known,
} from '../../rule/policy/known.ts';

type Value = string | number | boolean;

/** Knowledge about one condition key, as the judged policy cases write it. */
type KnownJson =
  | { readonly present: Value | readonly Value[]; readonly open?: boolean }
  | { readonly like: string | readonly string[]; readonly many?: boolean }
  | { readonly maybe: Value | readonly Value[] }
  | { readonly maybeOutside: readonly string[] }
  | { readonly absent: true }
  | { readonly unknown: true };

export type ContextJson = Readonly<Record<string, KnownJson>>;

/** Reads the context of a judged policy case. */
export const contextFrom = (json: ContextJson): Context =>
  Object.fromEntries(Object.entries(json).map(([key, known]) => [key, knownFrom(known)]));

function knownFrom(json: KnownJson): Known {
  if ('present' in json)
    return json.open ? atLeast(...[json.present].flat()) : present(json.present);
  if ('like' in json) return (json.many ? manyLike : oneLike)(...[json.like].flat());
  if ('maybe' in json) return maybe(json.maybe);
  if ('maybeOutside' in json) return maybeOutside(...json.maybeOutside);
  return 'absent' in json ? absent : unknownValue;
}
