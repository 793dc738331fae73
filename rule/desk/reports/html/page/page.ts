/** The script of the page: draws the picture, the cards and the table, again after each change of the filter. */
import { counted, numeral } from '../../../../basics/text.ts';
import type { PageData } from '../page-data.ts';
import { cardView } from './card-view.ts';
import { cardsOf, sortedByGravity, type Card } from './cards.ts';
import { controlsFor } from './controls.ts';
import { button, elementById } from './elements.ts';
import { filtered } from './filter.ts';
import { flowLogTable } from './flow-log-table.ts';
import { picture } from './picture.ts';
import { pictureTable } from './picture-table.ts';
import { openForPrint } from './print.ts';

/** The cards at first, and with each further step. */
const CARD_STEP = 12;

const data = JSON.parse(elementById('data', HTMLScriptElement).text) as PageData;
const sorted = { ...data, flowLogs: sortedByGravity(data) };
const places = {
  picture: elementById('picture', HTMLElement),
  pictureTable: elementById('picture-table', HTMLElement),
  cards: elementById('cards', HTMLElement),
  more: elementById('more', HTMLElement),
  flowLogs: elementById('flow-logs', HTMLElement),
  status: elementById('status', HTMLElement),
};
const controls = controlsFor(data, draw);

/** The cards that are drawn now. */
let drawn: readonly Card[] = [];
let width = 0;

function draw(): void {
  const flowLogs = filtered(sorted, controls.read());
  const cards = cardsOf(data, flowLogs);
  const all = data.flowLogs.length;
  const shown = flowLogs.length === all ? '' : `${numeral(flowLogs.length)} of `;
  places.status.textContent = `${shown}${counted(all, 'flow log')}, on ${numeral(cards.length)} keys and buckets`;
  places.flowLogs.replaceChildren(flowLogTable(data, flowLogs));
  drawCards(cards, CARD_STEP);
}

function drawCards(cards: readonly Card[], count: number): void {
  drawn = cards.slice(0, count);
  places.cards.replaceChildren(
    ...drawn.map((card, index) => cardView(card, { data, number: index + 1, showOnly })),
  );
  places.pictureTable.replaceChildren(pictureTable(drawn));
  drawPicture();
  const left = cards.length - drawn.length;
  const more = (label: string, next: number): HTMLButtonElement =>
    button(label, () => {
      drawCards(cards, next);
      document.getElementById(`card-${count + 1}`)?.focus();
    });
  places.more.replaceChildren(
    ...(left > 0 ? [`${numeral(left)} more, less grave. `] : []),
    ...(left > CARD_STEP ? [more(`Show ${CARD_STEP} more`, count + CARD_STEP)] : []),
    ...(left > 0 ? [more(`Show all ${cards.length}`, cards.length)] : []),
  );
}

function showOnly(name: string): void {
  controls.find(name);
}

function drawPicture(): void {
  width = places.picture.clientWidth;
  places.picture.replaceChildren(...picture(drawn, width));
}

elementById('unscripted', HTMLElement).remove();
for (const part of document.querySelectorAll('[hidden]')) part.removeAttribute('hidden');
draw();
new ResizeObserver(() => {
  if (places.picture.clientWidth !== width) drawPicture();
}).observe(places.picture);
openForPrint();
