import { groupBy } from '../../../../basics/lists.ts';
import { counted, numeral } from '../../../../basics/text.ts';
import type { PageData, PageGroup } from '../page-data.ts';
import { nameAndPlace, type Card, type CardLine } from './cards.ts';
import { badge, button, inCode, element, withCode } from './elements.ts';
import { someIds, MAX_IDS_ON_CARD } from './ids.ts';
import { statementView } from './statement-view.ts';

interface CardViewOptions {
  readonly data: PageData;
  /** Counts from 1. */
  readonly number: number;
  /** Lets only flow logs with this name through. */
  readonly showOnly: (name: string) => void;
}

/** A card: the causes, the next steps, the statement, and the flow logs. */
export function cardView(card: Card, { data, number, showOnly }: CardViewOptions): HTMLElement {
  const id = `card-${number}`;
  const flowLogs = card.lines.flatMap((line) => line.flowLogs);
  const [statement] = card.lines.flatMap(({ group }) =>
    group.statement === null ? [] : (data.statements[group.statement] ?? []),
  );
  const left = flowLogs.length - MAX_IDS_ON_CARD;
  return element(
    'article',
    { id, class: `card ${card.outcome}`, tabindex: '-1', 'aria-labelledby': `${id}-title` },
    cardTitle(card, `${id}-title`, flowLogs.length),
    ...[...groupBy(card.lines, likeness).values()].map((lines) =>
      causeView(lines, card.outcome, data),
    ),
    ...(statement === undefined ? [] : [statementView(statement, number === 1)]),
    element(
      'p',
      { class: 'ids' },
      ...someIds(data, flowLogs).flatMap(([place, ids]) => [
        element('span', {}, place === '' ? '' : `${place}: `),
        ...ids.flatMap((id) => [inCode(id), ' ']),
      ]),
      left > 0 ? `and ${numeral(left)} more` : '',
    ),
    ...(card.subject === 'Destination' ? [] : [findButton(card, showOnly)]),
  );
}

const findButton = ({ subject, name }: Card, showOnly: (name: string) => void): HTMLElement =>
  element(
    'p',
    { class: 'acts' },
    button(`Find this ${subject.toLowerCase()}`, () => {
      showOnly(name);
    }),
  );

function cardTitle(card: Card, id: string, count: number): HTMLElement {
  const [name, place] = nameAndPlace(card);
  return element(
    'header',
    {},
    element('h3', { id }, badge(card.outcome), ` ${card.subject} `, inCode(name)),
    element(
      'p',
      { class: 'dim' },
      [counted(count, 'flow log'), place].filter((part) => part !== '').join(' · '),
    ),
  );
}

/** Lines with the same cause are told once. */
const likeness = ({ group: { outcome, check, what, next, notes } }: CardLine): string =>
  JSON.stringify([outcome, check, what, next, notes]);

/** A cause, the next step, and the buckets with this cause. */
function causeView(
  lines: readonly [CardLine, ...CardLine[]],
  outcome: Card['outcome'],
  data: PageData,
): HTMLElement {
  const [{ group }] = lines;
  return element(
    'section',
    { class: `cause ${group.outcome}` },
    element(
      'p',
      { class: 'what' },
      ...(group.outcome === outcome ? [] : [badge(group.outcome), ' ']),
      ...checkName(group, data),
      ' ',
      ...withCode(group.what),
    ),
    ...(group.next === ''
      ? []
      : [element('p', {}, element('strong', {}, 'Next: '), ...withCode(group.next))]),
    ...group.notes.map((note) => element('p', { class: 'dim' }, ...withCode(note))),
    bucketList(lines),
  );
}

/** The check, with a link to its page. */
function checkName({ check }: PageGroup, { checkPages }: PageData): readonly Node[] {
  if (check === null) return [];
  const href = checkPages[check];
  return [
    href === undefined ? inCode(check) : element('a', { href, rel: 'noreferrer' }, inCode(check)),
  ];
}

const MAX_BUCKETS_OPEN = 8;

function bucketList(lines: readonly CardLine[]): HTMLElement {
  const rows = lines.map(({ group: { bucket }, flowLogs }) =>
    element(
      'li',
      {},
      `${counted(flowLogs.length, 'flow log')} ${bucket === null ? 'to another destination' : 'in bucket '}`,
      inCode(bucket ?? ''),
    ),
  );
  const shown = element('ul', { class: 'buckets' }, ...rows.slice(0, MAX_BUCKETS_OPEN));
  if (rows.length <= MAX_BUCKETS_OPEN) return shown;
  const more = element(
    'details',
    {},
    element('summary', {}, counted(rows.length - MAX_BUCKETS_OPEN, 'more bucket')),
    element('ul', { class: 'buckets' }, ...rows.slice(MAX_BUCKETS_OPEN)),
  );
  return element('div', {}, shown, more);
}
