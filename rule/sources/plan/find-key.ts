import { groupBy } from '../../basics/lists.ts';
import { cacheOf } from '../../basics/memory.ts';
import { keyArnBehind, parseArn } from '../../model/arn.ts';
import type { Instance, Plan } from './instances.ts';
import {
  arnOfKey,
  chosenIn,
  idOfKey,
  isKey,
  keyTypes,
  nameOfAlias,
  oneNamed,
  textOfCandidate,
} from './names.ts';
import { candidatesAt } from './references.ts';
import { plannedResources, worldPlaceOf, type PlanWorld, type Universe } from './universe.ts';

const keysByIdIn = cacheOf((universe: Universe) =>
  groupBy(
    keyTypes.flatMap((type) => plannedResources(type, universe)),
    (each) => idOfKey(each, universe),
  ),
);

/** The resource of the key with this ARN. */
export function keyHere(arn: string, first: Plan, planWorld: PlanWorld): Instance | undefined {
  const id = parseArn(arn)?.resource.replace(/^key\//, '') ?? '';
  const keys = keysByIdIn(planWorld.universe).get(id) ?? [];
  const found = keys.filter((each) => arnOfKey(each, planWorld) === arn);
  const own = found.filter(({ plan }) => plan === first);
  return oneNamed([...own, ...found.filter(({ plan }) => plan !== first)], arn, planWorld);
}

/** The ARN of the key behind an alias; undefined where no plan has the alias. */
export function targetOfAlias(arn: string, first: Plan, planWorld: PlanWorld): string | undefined {
  const { universe } = planWorld;
  const { region, accountId, resource } = parseArn(arn) ?? {};
  const found = plannedResources('aws_kms_alias', universe, first).filter((each) => {
    if (nameOfAlias(each, universe) !== resource) return false;
    const place = worldPlaceOf(each, planWorld);
    return place.region === region && place.accountId === accountId;
  });
  const own = found.filter(({ plan }) => plan === first);
  const alias = oneNamed(own.length > 0 ? own : found, resource ?? '', planWorld);
  if (alias === undefined) return undefined;
  const candidates = candidatesAt(alias, ['target_key_id']);
  const chosen = chosenIn(candidates, `target of ${universe.labelOf(alias)}`, planWorld);
  return chosen.kind === 'attribute' && isKey(chosen.instance)
    ? arnOfKey(chosen.instance, planWorld)
    : keyArnBehind(arn, textOfCandidate(chosen, planWorld));
}
