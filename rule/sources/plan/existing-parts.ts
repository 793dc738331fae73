import { parseArn } from '../../model/arn.ts';
import type { Instance } from './instances.ts';
import { argumentOf, isUntold, lacks, unclear, type Joined, type PartType } from './joins.ts';
import { filledText } from './json-path.ts';
import { textOfCandidate } from './names.ts';
import { candidatesAt } from './references.ts';
import { plannedResources, worldPlaceOf, type PlanWorld } from './universe.ts';

/** A bucket by its name, or a key by its ARN, that no plan makes. */
interface ExistingTarget {
  readonly part: PartType;
  readonly name: string;
}

/** The resource that sets a part of an existing bucket or key: the plan wins over the account. */
export function partOfExisting(target: ExistingTarget, planWorld: PlanWorld): Joined {
  const { part, name } = target;
  const { universe } = planWorld;
  const argument = argumentOf(part);
  const isFor = (text: string, setting: Instance): boolean =>
    text === name || (part === 'aws_kms_key_policy' && isIdOf(name, text, { setting, planWorld }));
  const sets = (each: Instance): boolean =>
    candidatesAt(each, [argument]).some(
      (candidate) =>
        candidate.kind !== 'open' && isFor(textOfCandidate(candidate, planWorld, 'id'), each),
    );
  const [found, another] = plannedResources(part, universe).filter(sets);
  if (found !== undefined && another !== undefined)
    return unclear(`${universe.labelOf(found)} and ${universe.labelOf(another)} both set it`);
  if (found !== undefined) return { kind: 'one', part: found };
  const possible = plannedResources(part, universe).find((each) =>
    candidatesAt(each, [argument]).some(isUntold),
  );
  if (possible !== undefined)
    return unclear(
      `${universe.labelOf(possible)} may set it: its ${argument} is known after apply`,
    );
  const removed = universe.plans
    .flatMap((plan) => plan.removed)
    .find((each) => each.type === part && isFor(filledText(each.values[argument]) ?? '', each));
  if (removed !== undefined)
    return unclear(`${removed.address} is removed, and the plan does not show the rest`);
  return universe.plans.some((plan) => lacks(plan, part))
    ? unclear(`the plan is not whole, and may lack a resource of type ${part}`)
    : { kind: 'none' };
}

/** Whether a text is the id of a key, in the place of the resource with the text. */
function isIdOf(
  keyArn: string,
  text: string,
  { setting, planWorld }: { readonly setting: Instance; readonly planWorld: PlanWorld },
): boolean {
  const { region, accountId, resource } = parseArn(keyArn) ?? {};
  const place = worldPlaceOf(setting, planWorld);
  return resource === `key/${text}` && place.region === region && place.accountId === accountId;
}
