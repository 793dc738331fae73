import {
  paginateSelectAggregateResourceConfig,
  type ConfigServiceClient,
} from '@aws-sdk/client-config-service';
import pMap from 'p-map';
import { wordsOf } from '../model/words.ts';
import { isNamed, isRefusal } from './refusal.ts';

/** A configuration aggregator in the account and Region of the client. */
export interface Aggregator {
  readonly client: ConfigServiceClient;
  readonly name: string;
  /** Where all that it knows of is. */
  readonly partition: string;
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
  const expressions = expressionsOf(query);
  const rows = await pMap(expressions, (each) => rowsOf(aggregator, each), {
    concurrency: CONCURRENCY,
  });
  return rows.flat();
}

function expressionsOf({ start, names, worded, between, end }: Query): readonly string[] {
  const room = LONGEST - start.length - end.length;
  const lists: string[] = [];
  for (const part of names.filter(isName).map(worded)) {
    const longer = [...lists.slice(-1), part].join(between);
    if (lists.length === 0 || longer.length > room) lists.push(part);
    else lists[lists.length - 1] = longer;
  }
  return lists.map((list) => start + list + end);
}

/** What AWS has no names like is not asked for: names are put in as they are, and a quote would end them. */
const isName = (text: string): boolean => /^[\w./:+=@-]+$/.test(text);

async function rowsOf(
  { client, name }: Aggregator,
  Expression: string,
): Promise<readonly unknown[]> {
  const asked = { ConfigurationAggregatorName: name, Expression };
  // A page of groups is five times as long as it may be asked to be, where nobody asks.
  const pages = paginateSelectAggregateResourceConfig(
    Expression.includes(' GROUP BY ') ? { client } : { client, pageSize: 100 },
    asked,
  );
  const rows: unknown[] = [];
  try {
    for await (const { Results = [] } of pages)
      rows.push(...Results.map((row) => JSON.parse(row) as unknown));
  } catch (error) {
    throw new Error(`aggregator ${name} does not answer: ${wordsOf(error)}${nextStep(error)}`, {
      cause: error,
    });
  }
  return rows;
}

function nextStep(error: unknown): string {
  if (isRefusal(error)) return ': allow config:SelectAggregateResourceConfig on it';
  if (isNamed(error, 'NoSuchConfigurationAggregatorException'))
    return ': create it in this account and Region, or name the one that is there';
  return '';
}
