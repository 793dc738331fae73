type Attributes = Readonly<Record<string, string>>;
type Child = Node | string;

/** Makes an element of HTML. Names are hostile: text goes in as text, never as markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  return filled(document.createElement(tag), attributes, children);
}

/** Makes an element of SVG, in the same way. */
export function shape<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

const SVG = 'http://www.w3.org/2000/svg';

function filled<E extends Element>(
  target: E,
  attributes: Attributes,
  children: readonly Child[],
): E {
  for (const [name, value] of Object.entries(attributes)) target.setAttribute(name, value);
  target.append(...children);
  return target;
}

/** The element of the page with this id. */
export function elementById<E extends Element>(id: string, kind: new () => E): E {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`the page has no ${kind.name} with the id ${id}`);
}

/** A button that does this. */
export function button(label: string, act: () => void): HTMLButtonElement {
  const made = element('button', { type: 'button' }, label);
  made.addEventListener('click', act);
  return made;
}

/** A row of a table. The first cell names the row. */
export const tableRow = ([first = '', ...rest]: readonly Child[]): HTMLTableRowElement =>
  element(
    'tr',
    {},
    element('th', { scope: 'row' }, first),
    ...rest.map((cell) => element('td', {}, cell)),
  );

/** A table that scrolls sideways where the screen is narrow, also by keys. */
export function scrollingTable(
  caption: string,
  columns: readonly string[],
  rows: readonly HTMLTableRowElement[],
): HTMLElement {
  const heads = columns.map((column) => element('th', { scope: 'col' }, column));
  return element(
    'div',
    { class: 'scrolling', tabindex: '0', role: 'region', 'aria-label': caption },
    element(
      'table',
      {},
      element('caption', {}, caption),
      element('thead', {}, element('tr', {}, ...heads)),
      element('tbody', {}, ...rows),
    ),
  );
}

/** A name in the letters of code. */
export const inCode = (text: string): HTMLElement => element('code', {}, text);

/** Text with the parts between backticks in the letters of code. */
export const withCode = (text: string): readonly Child[] =>
  text.split(/`([^`]*)`/).map((part, nth) => (nth % 2 === 0 ? part : inCode(part)));

/** An outcome as a badge: colour is never alone. */
export const badge = (outcome: string): HTMLElement =>
  element('span', { class: `badge ${outcome}` }, outcome);
