import { partitionOf } from '../../model/arn.ts';
import type { Open, World, WorldPlace } from '../../model/world.ts';
import type { MadeUp } from './made-up.ts';
import { plainTexts } from './comparison.ts';
import { accountsToldApart, regionsToldApart } from './telling-apart.ts';

/** The account and Region of a stack or provider, as far as these are known before the deployment. */
export interface PlannedPlace {
  readonly account: string | Open;
  readonly region: string | Open;
}

/** The partition is `aws` unless a known Region says otherwise. */
export function placeInWorld({ account, region }: PlannedPlace, world: World): WorldPlace {
  const name = valueIn(region, world);
  const partition = partitionOf(name);
  return {
    accountId: valueIn(account, world),
    region: name,
    partition: partition === 'unknown' && typeof region !== 'string' ? 'aws' : partition,
  };
}

const valueIn = (value: string | Open, world: World): string =>
  typeof value === 'string' ? value : world.valueOf(value);

/** Makes the places of one input. Each open account or Region may be any of the others too. */
export interface Places {
  /**
   * A place of which the account, the Region, or both are told. `id` differs for places that may differ; places may share
   * their account and not their Region.
   */
  readonly place: (
    id: string | { readonly account: string; readonly region: string },
    told: { readonly account?: string | undefined; readonly region?: string | undefined },
  ) => PlannedPlace;
}

/** `labels` are the words for an open account and Region in the language of the source. */
export function makePlaces(
  madeUp: MadeUp,
  labels: { readonly account: string; readonly region: string },
): Places {
  const accounts = new Set<string>();
  const regions = new Set<string>();
  const openAccount = (id: string): Open => {
    const another = madeUp.account(labels.account, id);
    accounts.add(another);
    return {
      kind: 'account',
      id: `account ${id}`,
      name: 'the account',
      settledBy: 'give --account',
      candidates: ({ literals }) => [
        ...new Set([another, ...accountsToldApart(plainTexts(literals), another), ...accounts]),
      ],
      inWords: (value) => (value === another ? 'in another account' : `in account ${value}`),
    };
  };
  const openRegion = (id: string): Open => {
    const another = madeUp.region(labels.region, id);
    regions.add(another);
    return {
      kind: 'region',
      id: `region ${id}`,
      name: 'the Region',
      settledBy: 'give --region',
      candidates: ({ literals }) => [
        ...new Set([another, ...regionsToldApart(plainTexts(literals)), ...regions]),
      ],
      inWords: (value) => (value === another ? 'in another Region' : `in Region ${value}`),
    };
  };
  return {
    place(id, { account, region }) {
      if (account !== undefined) accounts.add(account);
      if (region !== undefined) regions.add(region);
      const ids = typeof id === 'string' ? { account: id, region: id } : id;
      return {
        account: account ?? openAccount(ids.account),
        region: region ?? openRegion(ids.region),
      };
    },
  };
}
