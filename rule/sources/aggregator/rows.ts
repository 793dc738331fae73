import { type ResourceType } from '../../model/resource-types.ts';
import * as v from 'valibot';
import type { Problem } from '../../model/problem.ts';
import { errorText } from '../../basics/text.ts';
import { expressionsOf, PAGE, resultsOf, SELECT, withNextStep, type Aggregator } from './select.ts';
import { label, readItem, seemingNames, type ConfigItem } from '../recorded/item.ts';

/** An aggregator, and whom to tell what cannot be read of it. */
export interface ReportingAggregator extends Aggregator {
  readonly fail: (problem: Problem) => void;
}

/** How reports call it. */
export const titleOf = ({ name }: Aggregator): string => `aggregator ${name}`;

/** What a query answered of one resource: its item, or why that cannot be read and what it may be an item of. */
export type Row = ConfigItem | Broken;

interface Broken {
  readonly broken: string;
  readonly names: readonly string[];
}

export const isBroken = (row: Row): row is Broken => 'broken' in row;

/** By name, as `*` leaves out the status and all that is not a plain value. */
const fields = [
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

const typed = (type: ResourceType): string => `SELECT ${fields} WHERE resourceType = '${type}'`;

/** All that the aggregator has of a type, page by page; what cannot be read is a problem too. */
export const selectAll = (
  aggregator: ReportingAggregator,
  type: ResourceType,
): AsyncIterable<readonly Row[]> => rowsOf(aggregator, typed(type));

/** All that it has of a type with these ids, in as few queries as it takes. */
export async function selectThese(
  aggregator: ReportingAggregator,
  { type, ids, also }: { type: ResourceType; ids: readonly string[]; also: string },
): Promise<readonly Row[]> {
  const found: Row[] = [];
  const expressions = expressionsOf(
    {
      start: `${typed(type)}${also} AND resourceId IN (`,
      names: ids,
      worded: (id) => `'${id}'`,
      between: ',',
      end: ')',
    },
    PAGE,
  );
  for (const expression of expressions)
    for await (const rows of rowsOf(aggregator, expression)) found.push(...rows);
  return found;
}

/** Whether it has anything of a type. */
export async function hasAny(aggregator: Aggregator, type: ResourceType): Promise<boolean> {
  for await (const results of answersTo(
    aggregator,
    `SELECT resourceId WHERE resourceType = '${type}'`,
  ))
    if (results.length > 0) return true;
  return false;
}

async function* rowsOf(
  aggregator: ReportingAggregator,
  expression: string,
): AsyncIterable<readonly Row[]> {
  for await (const results of answersTo(aggregator, expression))
    yield results.map((result) => readRow(aggregator, result));
}

async function* answersTo(aggregator: Aggregator, expression: string) {
  try {
    yield* resultsOf(aggregator, expression);
  } catch (error) {
    throw withNextStep(error, SELECT);
  }
}

function readRow(aggregator: ReportingAggregator, result: string): Row {
  let raw: unknown;
  try {
    raw = JSON.parse(result);
    return readItem(raw);
  } catch (error) {
    const names = seemingNames(v.parse(label, raw));
    const broken = `item cannot be read: ${errorText(error)}`;
    aggregator.fail({ file: titleOf(aggregator), item: names[0] ?? null, message: broken });
    return { broken, names };
  }
}
