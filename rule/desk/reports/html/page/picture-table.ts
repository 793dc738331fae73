import { numeral } from '../../../../basics/text.ts';
import type { DeliveryLink } from '../page-data.ts';
import { isBroken, nameAndPlace, type Card } from './cards.ts';
import { badge, inCode, scrollingTable, tableRow } from './elements.ts';

/** The links of the picture, in words. */
const linksInWords: Record<DeliveryLink, string> = {
  'to-bucket': 'to the bucket',
  'to-key': 'from the bucket to the key',
};

/** The picture as a table. */
export function pictureTable(cards: readonly Card[]): HTMLElement {
  const rows = cards.flatMap((card) =>
    card.lines.map(({ group, flowLogs }) =>
      tableRow([
        badge(group.outcome),
        numeral(flowLogs.length),
        inCode(group.bucket ?? ''),
        inCode(card.subject === 'Key' ? nameAndPlace(card)[0] : ''),
        isBroken(group) && group.link !== null ? linksInWords[group.link] : '',
        group.check ?? '',
      ]),
    ),
  );
  const columns = ['Outcome', 'Flow logs', 'Bucket', 'Key', 'Broken or in doubt', 'Cause'];
  return scrollingTable('The picture as a table', columns, rows);
}
