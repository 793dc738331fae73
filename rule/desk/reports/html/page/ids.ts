import { groupBy } from '../../../../basics/lists.ts';
import type { PageData, PageFlowLog } from '../page-data.ts';

/** Some ids of flow logs, by account and Region. */
export function someIds(
  { places }: PageData,
  flowLogs: readonly PageFlowLog[],
): readonly (readonly [place: string, ids: readonly string[]])[] {
  const shown = groupBy(flowLogs.slice(0, MAX_IDS_ON_CARD), ([, , place]) => place);
  return [...shown].map(([place, found]) => [
    (places[place] ?? []).filter((part) => part !== '').join(' '),
    found.map(([id]) => id),
  ]);
}

export const MAX_IDS_ON_CARD = 6;
