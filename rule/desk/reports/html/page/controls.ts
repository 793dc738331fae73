import { groupBy } from '../../../../basics/lists.ts';
import { numeral } from '../../../../basics/text.ts';
import { outcomesByGravity, type PageData } from '../page-data.ts';
import { element, elementById } from './elements.ts';
import { NOT_KNOWN, type Filter } from './filter.ts';

/** The controls of the filter. */
export interface Controls {
  readonly read: () => Filter;
  /** Lets everything through that has this text. */
  readonly find: (text: string) => void;
}

/** Fills the controls with the choices in the data, and calls `change` for each change. */
export function controlsFor(data: PageData, change: () => void): Controls {
  const form = elementById('filter', HTMLFormElement);
  const accounts = elementById('account', HTMLSelectElement);
  const regions = elementById('region', HTMLSelectElement);
  const causes = elementById('cause', HTMLSelectElement);
  const text = elementById('find', HTMLInputElement);
  addChoices(
    accounts,
    data.flowLogs.map(([, , place]) => data.places[place]?.[0] ?? ''),
  );
  addChoices(
    regions,
    data.flowLogs.map(([, , place]) => data.places[place]?.[1] ?? ''),
  );
  addChoices(
    causes,
    data.flowLogs.flatMap(([, group]) => data.groups[group]?.check ?? []),
  );
  form.addEventListener('input', change);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
  });
  form.addEventListener('reset', () => {
    // The controls have their first values after this event.
    setTimeout(change);
  });
  const isChecked = (outcome: string): boolean => elementById(outcome, HTMLInputElement).checked;
  return {
    read: () => ({
      account: accounts.value,
      region: regions.value,
      cause: causes.value,
      outcomes: new Set(outcomesByGravity.filter(isChecked)),
      text: text.value,
    }),
    find: (name) => {
      form.reset();
      text.value = name;
      text.focus();
    },
  };
}

/** Choices in the order of their names, with the number of flow logs. */
function addChoices(select: HTMLSelectElement, values: readonly string[]): void {
  const counts = [...groupBy(values, (value) => (value === '' ? NOT_KNOWN : value))];
  for (const [value, { length }] of counts.sort(([a], [b]) => (a < b ? -1 : 1)))
    select.append(element('option', { value }, `${value} (${numeral(length)})`));
}
