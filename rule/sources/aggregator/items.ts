import { merged } from '../../basics/merged.ts';
import { cut, parseJson } from '../../basics/text.ts';
import { atOnce } from '../../basics/wait-limits.ts';
import type { Problem } from '../../model/problem.ts';
import type { ResourceType } from '../../model/resource-types.ts';
import { readItem } from '../recorded/item.ts';
import type { RecordedItem } from '../recorded/newest.ts';
import { unreadableItem } from '../recorded/unreadable-item.ts';
import { accountLists } from './account-lists.ts';
import {
  expressionsOf,
  MAX_RESULTS_PER_PAGE,
  resultsOf,
  SELECT_ACTION,
  withNextStep,
  type Aggregator,
  type Query,
} from './select.ts';

/** An aggregator, and the listener for unreadable parts of the aggregator. */
export interface ReportingAggregator extends Aggregator {
  readonly fail: (problem: Problem) => void;
}

/** The name of the aggregator in reports. */
export const titleOf = ({ name }: Aggregator): string => `aggregator ${name}`;

/** Each field by name: `*` leaves out the status and every nested field. */
const selectedFields = [
  'resourceId',
  'resourceType',
  'accountId',
  'awsRegion',
  'arn',
  'configurationItemCaptureTime',
  'configurationItemStatus',
  'configurationStateId',
  'configuration',
  'tags',
  'supplementaryConfiguration',
].join(',');

const selectionOf = (type: ResourceType): string =>
  `SELECT ${selectedFields} WHERE resourceType = '${type}'`;

/**
 * All items of a type, page by page. The pages of a query come one after the other, so lists of accounts are read side by
 * side where many pages follow the first. An unreadable item is reported as a problem too. A failed list rejects after the
 * pages of all other lists.
 */
export async function* selectAll(
  aggregator: ReportingAggregator,
  type: ResourceType,
): AsyncIterable<readonly RecordedItem[]> {
  const selection = selectionOf(type);
  const pages = answersTo(aggregator, selection);
  const { value: first = [] } = await pages.next();
  const lists = first.length < MAX_RESULTS_PER_PAGE ? [] : await accountLists(aggregator, type);
  if (lists.length > 1) {
    const queries = lists.map((accounts) => quotedIn(`${selection} AND accountId`, accounts));
    const expressions = queries.flatMap((query) => expressionsOf(query));
    yield* merged(
      expressions.map((expression) => itemsOf(aggregator, expression)),
      atOnce.lists,
    );
    return;
  }
  yield itemsOnPage(aggregator, first);
  for await (const results of pages) yield itemsOnPage(aggregator, results);
}

/** The items of a type with these ids, in as few queries as possible. `filter` narrows the query further. */
export async function selectByIds(
  aggregator: ReportingAggregator,
  { type, ids, filter }: { type: ResourceType; ids: readonly string[]; filter: string },
): Promise<readonly RecordedItem[]> {
  const found: RecordedItem[] = [];
  const query = quotedIn(`${selectionOf(type)}${filter} AND resourceId`, ids);
  for (const expression of expressionsOf(query, MAX_RESULTS_PER_PAGE))
    for await (const items of itemsOf(aggregator, expression)) found.push(...items);
  return found;
}

/** A query for a property that is one of these names. */
const quotedIn = (selection: string, names: readonly string[]): Query => ({
  start: `${selection} IN (`,
  names,
  worded: (name) => `'${name}'`,
  between: ',',
  end: ')',
});

/** Whether the aggregator has any item of a type. */
export async function hasItemsOf(aggregator: Aggregator, type: ResourceType): Promise<boolean> {
  const expression = `SELECT resourceId WHERE resourceType = '${type}'`;
  for await (const results of answersTo(aggregator, expression))
    if (results.length > 0) return true;
  return false;
}

async function* itemsOf(
  aggregator: ReportingAggregator,
  expression: string,
): AsyncIterable<readonly RecordedItem[]> {
  for await (const results of answersTo(aggregator, expression))
    yield itemsOnPage(aggregator, results);
}

const itemsOnPage = (
  aggregator: ReportingAggregator,
  results: readonly string[],
): readonly RecordedItem[] => results.map((result) => itemOf(aggregator, result));

async function* answersTo(
  aggregator: Aggregator,
  expression: string,
): AsyncGenerator<readonly string[], undefined> {
  try {
    yield* resultsOf(aggregator, expression);
    return undefined;
  } catch (error) {
    throw withNextStep(error, SELECT_ACTION);
  }
}

function itemOf(aggregator: ReportingAggregator, result: string): RecordedItem {
  let raw: unknown;
  try {
    raw = parseJson(result);
    return readItem(raw);
  } catch (error) {
    const item = unreadableItem(raw, error);
    aggregator.fail({
      file: titleOf(aggregator),
      item: cut(item.names[0] ?? '', 100) || null,
      message: item.why,
    });
    return item;
  }
}
