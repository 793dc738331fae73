import type { PageData, PageFlowLog } from '../page-data.ts';
import { groupedBy } from './cards.ts';

/** Some ids of flow logs, after their account and Region. */
export function idsInWords(
  { places }: PageData,
  flowLogs: readonly PageFlowLog[],
): readonly (readonly [place: string, ids: string])[] {
  const shown = groupedBy(flowLogs.slice(0, MAX_IDS_SHOWN), ([, , place]) => place);
  return [...shown].map(([place, found]) => [
    (places[place] ?? []).filter((part) => part !== '').join(' '),
    found.map(([id]) => id).join(' '),
  ]);
}

export const MAX_IDS_SHOWN = 6;
