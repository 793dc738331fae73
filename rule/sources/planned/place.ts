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
  const accounts = openPart('account', {
    noun: 'account',
    another: (id) => madeUp.account(labels.account, id),
    toldApart: accountsToldApart,
  });
  const regions = openPart('region', {
    noun: 'Region',
    another: (id) => madeUp.region(labels.region, id),
    toldApart: regionsToldApart,
  });
  return {
    place(id, { account, region }) {
      const ids = typeof id === 'string' ? { account: id, region: id } : id;
      return { account: accounts(ids.account, account), region: regions(ids.region, region) };
    },
  };
}

interface PartOfPlace {
  readonly noun: string;
  /** A made-up value for an id. */
  readonly another: (id: string) => string;
  /** The values that literals tell apart from `another`. */
  readonly toldApart: (literals: readonly string[], another: string) => readonly string[];
}

/** The accounts or the Regions of one input: told, or open. An open one may be each of the others. */
function openPart(kind: 'account' | 'region', { noun, another, toldApart }: PartOfPlace) {
  const all = new Set<string>();
  return (id: string, told: string | undefined): string | Open => {
    const first = told ?? another(id);
    all.add(first);
    if (told !== undefined) return told;
    return {
      kind,
      id: `${kind} ${id}`,
      name: `the ${noun}`,
      settledBy: `give --${kind}`,
      candidates: ({ literals }) => [
        ...new Set([first, ...toldApart(plainTexts(literals), first), ...all]),
      ],
      inWords: (value) => (value === first ? `in another ${noun}` : `in ${noun} ${value}`),
    };
  };
}
