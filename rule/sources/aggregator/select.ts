import {
  paginateSelectAggregateResourceConfig,
  type ConfigServiceClient,
} from '@aws-sdk/client-config-service';
import pMap from 'p-map';
import { errorText } from '../../basics/text.ts';
import { isNamed, isRefusal } from '../aws/refusal.ts';

/** A configuration aggregator in the account and Region of the client. */
export interface Aggregator {
  readonly client: ConfigServiceClient;
  readonly name: string;
}

/** A query about names that may be asked in pieces: about some of them, then about the others. */
export interface Query {
  readonly start: string;
  readonly names: readonly string[];
  /** A name in the words of the query, between quotes. */
  readonly worded: (name: string) => string;
  readonly between: string;
  readonly end: string;
}

/** Results on a page: the most that AWS Config gives, where they are no groups. */
export const PAGE = 100;

/** Characters of an expression: the most that AWS Config takes. */
const LONGEST = 4096;

/** How many queries are asked at a time. */
const CONCURRENCY = 4;

/**
 * The rows of a query, asked as few times as its names have room in an expression; not at all without names. Used is
 * what AWS documents: `=`, `IN` and `LIKE` with a pattern at the end, of properties that its published schemas name,
 * in arrays too; `GROUP BY` up to three of them. Parentheses are seen in public use, and not documented.
 * https://docs.aws.amazon.com/config/latest/developerguide/querying-AWS-resources.html
 */
export async function select(aggregator: Aggregator, query: Query): Promise<readonly unknown[]> {
  const rowsOf = async (expression: string): Promise<readonly unknown[]> => {
    const rows: unknown[] = [];
    for await (const results of resultsOf(aggregator, expression))
      rows.push(...results.map((each) => JSON.parse(each) as unknown));
    return rows;
  };
  try {
    const rows = await pMap(expressionsOf(query), rowsOf, { concurrency: CONCURRENCY });
    return rows.flat();
  } catch (error) {
    const words = errorText(withNextStep(error, SELECT));
    throw new Error(`aggregator ${aggregator.name} does not answer: ${words}`, { cause: error });
  }
}

/** The same query about some names after the other: as many as there is room for, or as are wanted at most. */
export function expressionsOf(
  { start, names, worded, between, end }: Query,
  most = Infinity,
): readonly string[] {
  const room = LONGEST - start.length - end.length;
  const lists: string[] = [];
  let count = 0;
  for (const part of names.filter(isName).map(worded)) {
    const longer = [...lists.slice(-1), part].join(between);
    if (count === most || lists.length === 0 || longer.length > room) {
      lists.push(part);
      count = 1;
    } else {
      lists[lists.length - 1] = longer;
      count++;
    }
  }
  return lists.map((list) => start + list + end);
}

/** What AWS has no names like is not asked for: names are put in as they are, and a quote would end them. */
const isName = (text: string): boolean => /^[\w./:+=@-]+$/.test(text);

/**
 * The results of an expression page by page, each a row as JSON.
 * https://docs.aws.amazon.com/config/latest/APIReference/API_SelectAggregateResourceConfig.html
 */
export async function* resultsOf(
  { client, name }: Aggregator,
  Expression: string,
): AsyncIterable<readonly string[]> {
  // A page of groups is five times as long as it may be asked to be, where nobody asks.
  const pages = paginateSelectAggregateResourceConfig(
    Expression.includes(' GROUP BY ') ? { client } : { client, pageSize: PAGE },
    { ConfigurationAggregatorName: name, Expression },
  );
  for await (const { Results = [] } of pages) yield Results;
}

/** What to ask for where a query is refused. */
export const SELECT = 'config:SelectAggregateResourceConfig';

/** The error, with what to do about it where that is known. */
export function withNextStep(error: unknown, action: string): unknown {
  const next = nextStep(error, action);
  return next === undefined ? error : new Error(`${errorText(error)}: ${next}`, { cause: error });
}

function nextStep(error: unknown, action: string): string | undefined {
  if (isRefusal(error)) return `allow ${action} on the aggregator`;
  if (isNamed(error, 'NoSuchConfigurationAggregatorException'))
    return 'create it in this account and Region, or name the one that is there';
  if (isNamed(error, 'ThrottlingException')) return 'run again when fewer others ask AWS Config';
  return undefined;
}
