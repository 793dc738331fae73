import type { PageStatement } from '../page-data.ts';
import { copy } from './copy.ts';
import { button, element } from './elements.ts';

/** A statement for the key policy, folded or open, and a button that copies the statement. */
export function statementView({ text, remark }: PageStatement, isOpen: boolean): HTMLElement {
  const said = element('span', { role: 'status', class: 'dim' });
  const details = element(
    'details',
    isOpen ? { open: '' } : {},
    element('summary', {}, 'Statement for the key policy'),
    element('p', { class: 'dim' }, remark),
    element('pre', { tabindex: '0' }, text),
  );
  const act = button('Copy statement', () => {
    void copy(text).then((copied) => {
      details.open ||= !copied;
      said.textContent = copied
        ? 'Copied'
        : 'The browser refuses to copy: select the statement below';
    });
  });
  return element(
    'div',
    { class: 'statement' },
    element('p', { class: 'acts' }, act, ' ', said),
    details,
  );
}
