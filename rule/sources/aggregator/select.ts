import {
  paginateSelectAggregateResourceConfig,
  type ConfigServiceClient,
} from '@aws-sdk/client-config-service';
import pMap from 'p-map';
import type * as v from 'valibot';
import { errorText, parseJson } from '../../basics/text.ts';
import { isErrorNamed, isRefusal } from '../aws/refusal.ts';
import { readBy } from '../recorded/fields.ts';

/** A configuration aggregator in the account and Region of the client. */
export interface Aggregator {
  readonly client: ConfigServiceClient;
  readonly name: string;
}

/** A query about names. The query may be asked in pieces, each about some of the names. */
export interface Query {
  readonly start: string;
  readonly names: readonly string[];
  /** A name in the words of the query, between quotes. */
  readonly worded: (name: string) => string;
  readonly between: string;
  readonly end: string;
}

/** AWS Config gives no more results on a page, groups apart. */
export const MAX_RESULTS_PER_PAGE = 100;

/** AWS Config takes no more characters in an expression. */
const MAX_EXPRESSION_LENGTH = 4096;

const MAX_QUERIES_AT_ONCE = 4;

/** The action to allow where AWS refuses a query. */
export const SELECT_ACTION = 'config:SelectAggregateResourceConfig';

/**
 * The rows of a query, in as few expressions as the names have room in; no expression without names. Queries use only
 * documented words: `=`, `IN` and `LIKE` with a pattern at the end, of properties in AWS's published schemas, in arrays
 * too; `COUNT(*)`, and `GROUP BY` up to three properties. Parentheses are seen in public use, and not documented.
 * https://docs.aws.amazon.com/config/latest/developerguide/querying-AWS-resources.html
 */
export async function select(aggregator: Aggregator, query: Query): Promise<readonly unknown[]> {
  const rowsOf = async (expression: string): Promise<readonly unknown[]> => {
    const rows: unknown[] = [];
    for await (const results of resultsOf(aggregator, expression))
      rows.push(...results.map((each) => parseJson(each, ROW)));
    return rows;
  };
  try {
    const rows = await pMap(expressionsOf(query), rowsOf, { concurrency: MAX_QUERIES_AT_ONCE });
    return rows.flat();
  } catch (error) {
    const words = errorText(withNextStep(error, SELECT_ACTION));
    throw new Error(`aggregator ${aggregator.name} does not answer: ${words}`, { cause: error });
  }
}

/** The expressions of a query, each about as many names as have room, and about `maxNames` at most. */
export function expressionsOf(
  { start, names, worded, between, end }: Query,
  maxNames = Infinity,
): readonly string[] {
  const room = MAX_EXPRESSION_LENGTH - start.length - end.length;
  const lists: string[] = [];
  let count = 0;
  for (const part of names.filter(isSafeName).map(worded)) {
    const longer = [...lists.slice(-1), part].join(between);
    if (count === maxNames || lists.length === 0 || longer.length > room) {
      lists.push(part);
      count = 1;
    } else {
      lists[lists.length - 1] = longer;
      count++;
    }
  }
  return lists.map((list) => start + list + end);
}

/** Guards against injection: no name in AWS holds a quote, and a quote would end the name in the expression. */
const isSafeName = (text: string): boolean => /^[\w./:+=@-]+$/.test(text);

/**
 * The results of an expression page by page, each a row as JSON.
 * https://docs.aws.amazon.com/config/latest/APIReference/API_SelectAggregateResourceConfig.html
 */
export async function* resultsOf(
  { client, name }: Aggregator,
  expression: string,
): AsyncIterable<readonly string[]> {
  // Without a page size AWS Config gives 500 groups on a page, five times the largest page size.
  const pages = paginateSelectAggregateResourceConfig(
    expression.includes(' GROUP BY ') ? { client } : { client, pageSize: MAX_RESULTS_PER_PAGE },
    { ConfigurationAggregatorName: name, Expression: expression },
  );
  for await (const { Results } of pages) {
    if (Results === undefined)
      throw new Error(`aggregator ${name} answered without results: run again`);
    yield Results;
  }
}

/** Reads a row by a schema. Throws an Error that names the wrong part. */
export const readRow = <T extends v.GenericSchema>(schema: T, row: string): v.InferOutput<T> =>
  readBy(schema, parseJson(row, ROW), ROW);

const ROW = 'a row of the aggregator';

/** The error with the next step, where a next step is known. */
export function withNextStep(error: unknown, action: string): unknown {
  const next = nextStepAfter(error, action);
  return next === undefined ? error : new Error(`${errorText(error)}: ${next}`, { cause: error });
}

function nextStepAfter(error: unknown, action: string): string | undefined {
  if (isRefusal(error)) return `allow ${action} on the aggregator`;
  if (isErrorNamed(error, 'NoSuchConfigurationAggregatorException'))
    return 'create it in this account and Region, or name the one that is there';
  if (isErrorNamed(error, 'ThrottlingException'))
    return 'run again when fewer others ask AWS Config';
  return undefined;
}
