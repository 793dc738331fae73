import { cacheOf } from '../../basics/memory.ts';
import { keyArnBehind, parseArn } from '../../model/arn.ts';
import { ImpossibleWorld } from '../../model/world.ts';
import type { Instance, Plan } from './instances.ts';
import {
  arnOfKey,
  chosenIn,
  idOfKey,
  isKey,
  keyTypes,
  nameOfAlias,
  textOfCandidate,
} from './names.ts';
import { candidatesAt } from './references.ts';
import { plannedResources, worldPlaceOf, type PlanWorld, type Universe } from './universe.ts';

const keysByIdIn = cacheOf((universe: Universe) => {
  const keys = new Map<string, Instance[]>();
  for (const each of keyTypes.flatMap((type) => plannedResources(type, universe))) {
    const id = idOfKey(each, universe);
    keys.set(id, [...(keys.get(id) ?? []), each]);
  }
  return keys;
});

/** The resource of the key with this ARN. */
export function keyHere(arn: string, first: Plan, planWorld: PlanWorld): Instance | undefined {
  const id = parseArn(arn)?.resource.replace(/^key\//, '') ?? '';
  const keys = keysByIdIn(planWorld.universe).get(id) ?? [];
  const found = keys.filter((each) => arnOfKey(each, planWorld) === arn);
  const own = found.filter(({ plan }) => plan === first);
  const [key, another] = own.length > 0 ? own : found;
  if (another !== undefined)
    throw new ImpossibleWorld(`${key?.address} and ${another.address} are one key in one Region`);
  return key;
}

/** The ARN of the key behind an alias; undefined where no plan has the alias. */
export function targetOfAlias(arn: string, first: Plan, planWorld: PlanWorld): string | undefined {
  const { universe } = planWorld;
  const { region, accountId, resource } = parseArn(arn) ?? {};
  for (const alias of plannedResources('aws_kms_alias', universe, first)) {
    if (nameOfAlias(alias, universe) !== resource) continue;
    const place = worldPlaceOf(alias, planWorld);
    if (place.region !== region || place.accountId !== accountId) continue;
    const candidates = candidatesAt(alias, ['target_key_id']);
    const chosen = chosenIn(candidates, `target of ${universe.labelOf(alias)}`, planWorld);
    if (chosen.kind === 'attribute' && isKey(chosen.instance))
      return arnOfKey(chosen.instance, planWorld);
    return keyArnBehind(arn, textOfCandidate(chosen, planWorld));
  }
  return undefined;
}
