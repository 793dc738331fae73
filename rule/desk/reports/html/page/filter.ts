import type { PageData, PageFlowLog } from '../page-data.ts';

/** The choices of a reader. An empty choice lets everything through. */
export interface Filter {
  readonly account: string;
  readonly region: string;
  readonly cause: string;
  readonly outcomes: ReadonlySet<string>;
  /** A part of an id, of an account, or of the name of a bucket or key. */
  readonly text: string;
}

/** The flow logs that a filter lets through. */
export function filtered(
  { flowLogs, groups, places }: PageData,
  { account, region, cause, outcomes, text }: Filter,
): readonly PageFlowLog[] {
  const wanted = text.trim().toLowerCase();
  const placeFits = places.map(
    ([accountId, name]) => isChoice(account, accountId) && isChoice(region, name),
  );
  const groupFits = groups.map(
    ({ outcome, check }) => outcomes.has(outcome) && (cause === '' || cause === check),
  );
  const has = (name: string | null | undefined): boolean =>
    name?.toLowerCase().includes(wanted) ?? false;
  const placeHas = places.map(([accountId]) => has(accountId));
  const groupHas = groups.map(({ bucket, keyArn }) => has(bucket) || has(keyArn));
  return flowLogs.filter(
    ([id, group, place, resourceId]) =>
      placeFits[place] === true &&
      groupFits[group] === true &&
      (placeHas[place] === true || groupHas[group] === true || has(id) || has(resourceId)),
  );
}

/** An account or Region that only a deployment tells has the choice of this name. */
export const NOT_KNOWN = 'not known';

const isChoice = (choice: string, value: string): boolean =>
  choice === '' || choice === (value === '' ? NOT_KNOWN : value);
