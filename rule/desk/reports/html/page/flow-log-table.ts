import { numeral } from '../../../../basics/text.ts';
import type { PageData, PageFlowLog } from '../page-data.ts';
import { nameAndPlace } from './cards.ts';
import { badge, button, inCode, element, scrollingTable, tableRow } from './elements.ts';

const PAGE_LENGTH = 100;

/** The flow logs as a table, in pages. */
export function flowLogTable(data: PageData, flowLogs: readonly PageFlowLog[]): HTMLElement {
  const holder = element('div');
  const hasFiles = flowLogs.some(([, , , , file]) => file !== undefined);
  const columns = hasFiles ? [...flowLogColumns, 'File'] : flowLogColumns;
  const turnTo = (page: number): void => {
    const first = page * PAGE_LENGTH;
    const shown = flowLogs.slice(first, first + PAGE_LENGTH);
    holder.replaceChildren(
      scrollingTable(
        captionOf(first, shown.length, flowLogs.length),
        columns,
        shown.map((each) => tableRow(cellsOf(each, data).slice(0, columns.length))),
      ),
      ...(flowLogs.length > PAGE_LENGTH ? [pager(page)] : []),
    );
  };
  const pager = (page: number): HTMLElement => {
    const turns = (
      [
        ['Previous', page - 1],
        ['Next', page + 1],
      ] as const
    ).map(([label, other]) => {
      const turn = button(`${label} ${PAGE_LENGTH}`, () => {
        turnTo(other);
        holder.querySelector<HTMLElement>('.scrolling')?.focus();
      });
      turn.disabled = other < 0 || other * PAGE_LENGTH >= flowLogs.length;
      return turn;
    });
    return element('p', { class: 'acts' }, ...turns);
  };
  turnTo(0);
  return holder;
}

const flowLogColumns = [
  'Flow log',
  'Outcome',
  'Cause',
  'Account',
  'Region',
  'Bucket',
  'Key',
  'Logged resource',
];

const captionOf = (first: number, length: number, all: number): string =>
  all === 0
    ? 'No flow log'
    : `Flow logs ${numeral(first + 1)} to ${numeral(first + length)} of ${numeral(all)}`;

function cellsOf(
  [id, group, place, resourceId, file = '']: PageFlowLog,
  { groups, places }: PageData,
): readonly (Node | string)[] {
  const [account = '', region = ''] = places[place] ?? [];
  const { outcome, check, bucket, keyArn } = groups[group] ?? noGroup;
  return [
    inCode(id),
    badge(outcome),
    check ?? '',
    account,
    region,
    inCode(bucket ?? ''),
    inCode(keyIdIn(keyArn ?? '')),
    inCode(resourceId),
    inCode(file),
  ];
}

const noGroup = { outcome: '', check: null, bucket: null, keyArn: null };

const keyIdIn = (arn: string): string => nameAndPlace({ subject: 'Key', name: arn })[0];
