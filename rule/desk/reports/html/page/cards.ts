import { groupBy, sum } from '../../../../basics/lists.ts';
import {
  outcomesByGravity,
  type PageData,
  type PageFlowLog,
  type PageGroup,
} from '../page-data.ts';

/** A key, or a bucket without a known key, with the flow logs that depend on this key or bucket. */
export interface Card {
  readonly outcome: PageGroup['outcome'];
  readonly subject: 'Key' | 'Bucket' | 'Destination';
  /** The ARN of the key, or the name of the bucket. */
  readonly name: string;
  readonly lines: readonly CardLine[];
}

/** A group in a card. */
export interface CardLine {
  readonly group: PageGroup;
  readonly flowLogs: readonly PageFlowLog[];
}

/** Cards of these flow logs: the worst outcome first, and then most flow logs first. */
export function cardsOf(
  { groups }: Pick<PageData, 'groups'>,
  flowLogs: readonly PageFlowLog[],
): readonly Card[] {
  const byGroup = groupBy(flowLogs, ([, group]) => groups[group]);
  const lines = [...byGroup].flatMap(([group, found]) =>
    group === undefined ? [] : [{ group, flowLogs: found }],
  );
  const byCard = groupBy(lines, ({ group: { keyArn, bucket } }) =>
    JSON.stringify([keyArn, keyArn ?? bucket]),
  );
  return [...byCard.values()].map(cardOf).sort(compareCards);
}

function cardOf(lines: readonly [CardLine, ...CardLine[]]): Card {
  const sorted: [CardLine, ...CardLine[]] = [...lines];
  sorted.sort(
    (a, b) => cardRank(a.group) - cardRank(b.group) || b.flowLogs.length - a.flowLogs.length,
  );
  const [
    {
      group: { outcome, keyArn, bucket },
    },
  ] = sorted;
  return {
    outcome,
    subject: keyArn !== null ? 'Key' : bucket !== null ? 'Bucket' : 'Destination',
    name: keyArn ?? bucket ?? 'not an S3 bucket, or not known',
    lines: sorted,
  };
}

/** All flow logs, the worst first. */
export const sortedByGravity = ({ groups, flowLogs }: PageData): readonly PageFlowLog[] => {
  const ranks = groups.map(cardRank);
  return [...flowLogs].sort(([, a], [, b]) => (ranks[a] ?? 0) - (ranks[b] ?? 0));
};

const cardRank = ({ outcome }: Pick<PageGroup, 'outcome'>): number =>
  outcomesByGravity.indexOf(outcome);

const compareCards = (a: Card, b: Card): number =>
  cardRank(a) - cardRank(b) || countWorst(b) - countWorst(a) || (a.name < b.name ? -1 : 1);

/** The number of flow logs with the outcome of the card. */
const countWorst = ({ outcome, lines }: Card): number =>
  sum(
    lines.filter(({ group }) => group.outcome === outcome),
    ({ flowLogs }) => flowLogs.length,
  );

/** Broken, or in doubt. */
export const isBroken = ({ outcome }: Pick<PageGroup, 'outcome'>): boolean =>
  outcome === 'blocked' || outcome === 'unknown';

/** The key's id in an ARN, and its account and Region. Other names have no place. */
export function nameAndPlace({
  subject,
  name,
}: Pick<Card, 'subject' | 'name'>): readonly [string, string] {
  if (subject !== 'Key') return [name, ''];
  const [, , , region = '', account = '', ...resource] = name.split(':');
  return resource.length === 0
    ? [name, '']
    : [resource.join(':').replace(/^key\//, ''), [account, region].join(' ').trim()];
}
