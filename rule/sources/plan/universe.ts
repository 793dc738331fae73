import { groupBy } from '../../basics/lists.ts';
import type { Existing } from '../../model/existing.ts';
import type { WorldPlace } from '../../model/world.ts';
import { cacheOf } from '../../basics/memory.ts';
import type { World } from '../../model/world.ts';
import type { Beside } from '../planned/existing-facts.ts';
import type { MadeUp } from '../planned/made-up.ts';
import { placeInWorld, type PlannedPlace } from '../planned/place.ts';
import type { Instance, Plan } from './instances.ts';

/** All plans, and the places and names of their resources. */
export interface Universe {
  readonly plans: readonly Plan[];
  readonly madeUp: MadeUp;
  /** The address, with the file in front where two plans have this address. */
  readonly labelOf: (instance: Instance) => string;
  readonly placeOf: (instance: Instance) => PlannedPlace;
  /** The account beside the plans; undefined where no account is asked. */
  readonly existing: Existing | undefined;
}

/** All plans in one world. */
export interface PlanWorld {
  readonly universe: Universe;
  readonly world: World;
}

export const worldPlaceOf = (instance: Instance, { universe, world }: PlanWorld): WorldPlace =>
  placeInWorld(universe.placeOf(instance), world);

/** The account beside the plans, in this world. */
export const besidePlans = ({ universe: { existing, madeUp }, world }: PlanWorld): Beside => ({
  existing,
  madeUp,
  world,
});

const byType = cacheOf((plan: Plan) =>
  groupBy(
    [...plan.instances.values()].filter(({ isData }) => !isData),
    ({ type }) => type,
  ),
);

/** The resources of a type in all plans, those of the given plan first. */
export const plannedResources = (
  type: string,
  { plans }: Pick<Universe, 'plans'>,
  first?: Plan,
): readonly Instance[] =>
  (first === undefined ? plans : [first, ...plans.filter((plan) => plan !== first)]).flatMap(
    (plan) => byType(plan).get(type) ?? [],
  );
