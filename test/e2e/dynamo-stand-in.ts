import { refusal, type Answer, type Call, type Operation, type Tree } from './aws-stand-in.ts';

/** Attributes by their names. */
export type Item = Record<string, Value>;
interface Value {
  readonly S?: string;
  readonly N?: string;
}

export interface TablesOptions {
  /** The names of the table, which every Region has but these. */
  readonly name: string | readonly string[];
  readonly missingIn?: readonly string[];
  /** Whether conditions are not looked at, as if nobody had written any. */
  readonly unconditional?: boolean;
}

/** Tables of items with the key `id`, each in its Region. */
export interface Tables {
  readonly operations: Readonly<Record<string, Operation>>;
  /** What a table has, by `id`; who changes it changes the table. */
  readonly itemsIn: (region: string) => Map<string, Item>;
  /** Calls that DynamoDB, or this part of it, does not understand. */
  readonly misunderstood: readonly string[];
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html */
export function tables({ name, missingIn = [], unconditional = false }: TablesOptions): Tables {
  const regions = new Map<string, Map<string, Item>>();
  const misunderstood: string[] = [];
  const itemsIn = (region: string): Map<string, Item> => {
    const items = regions.get(region) ?? new Map<string, Item>();
    regions.set(region, items);
    return items;
  };
  const onTable =
    (known: readonly string[], answer: (items: Map<string, Item>, asked: Asked) => Answer) =>
    (call: Call): Answer => {
      if (![name].flat().includes(String(call.input.TableName)) || missingIn.includes(call.region))
        return refusal('ResourceNotFoundException', 'Requested resource not found');
      try {
        const other = Object.keys(call.input).find((each) => !known.includes(each));
        if (other !== undefined) throw new Error(`${other} is not known`);
        return answer(itemsIn(call.region), call.input);
      } catch (error) {
        misunderstood.push(`${call.operation}: ${String(error)}`);
        return refusal('ValidationException', String(error));
      }
    };
  return {
    operations: {
      GetItem: onTable(['TableName', 'Key', 'ConsistentRead'], (items, asked) => {
        if (asked.ConsistentRead !== true) throw new Error('what is read may be old');
        return { output: { Item: treeOf(items.get(idIn(asked.Key))) } };
      }),
      PutItem: onTable(['TableName', 'Item', ...conditionInputs], (items, asked) => {
        const { Item: item = {} } = asked;
        const old = items.get(idIn(item));
        const { condition } = readTexts(asked);
        if (!unconditional && !holds(condition, old ?? {})) return conditionFailed(asked, old);
        items.set(idIn(item), item);
        return { output: {} };
      }),
      UpdateItem: onTable(updateInputs, (items, asked) => {
        const id = idIn(asked.Key);
        const old = items.get(id);
        const { condition, update = asIs } = readTexts(asked);
        if (!unconditional && !holds(condition, old ?? {})) return conditionFailed(asked, old);
        const updated = update({ ...old, ...asked.Key });
        items.set(id, updated);
        return {
          output: { Attributes: asked.ReturnValues === 'ALL_NEW' ? treeOf(updated) : undefined },
        };
      }),
    },
    itemsIn,
    misunderstood,
  };
}

interface Asked {
  readonly Key?: Item;
  readonly Item?: Item;
  readonly ConsistentRead?: boolean;
  readonly UpdateExpression?: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Item;
  readonly ReturnValues?: string;
  readonly ReturnValuesOnConditionCheckFailure?: string;
}

const conditionInputs = [
  'ConditionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ReturnValuesOnConditionCheckFailure',
];
const updateInputs = ['TableName', 'Key', 'UpdateExpression', 'ReturnValues', ...conditionInputs];

const asIs = (item: Item): Item => item;

const conditionFailed = (asked: Asked, old: Item | undefined): Answer =>
  refusal('ConditionalCheckFailedException', 'The conditional request failed', {
    Item: asked.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' ? treeOf(old) : undefined,
  });

const treeOf = (item: Item | undefined): Tree | undefined =>
  item && Object.fromEntries(Object.entries(item).map(([name, value]) => [name, { ...value }]));

function idIn(item: Item | undefined): string {
  const id = item?.id?.S;
  if (id === undefined) throw new Error('there is no id');
  return id;
}

// Expressions --------------------------------------------------------------------------------------------------------

type Condition = (item: Item) => boolean;

/** What the words of an expression stand for. */
interface Words {
  readonly nameOf: (word: string) => string;
  readonly valueOf: (word: string) => Value;
}

/**
 * Reads the little of DynamoDB's language that is used: conditions joined by OR, and for updates SET and REMOVE. Throws for all else,
 * and, like DynamoDB, for names and values that are given and not used, or used and not given.
 */
function readTexts(asked: Asked) {
  const { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = asked;
  const used = new Set<string>();
  const words: Words = {
    nameOf(word) {
      used.add(word);
      const name = word.startsWith('#') ? names[word] : word;
      if (name === undefined) throw new Error(`${word} is not given`);
      if (reserved.has(word.toLowerCase())) throw new Error(`${word} is a reserved word`);
      return name;
    },
    valueOf(word) {
      used.add(word);
      const value = values[word];
      if (value === undefined) throw new Error(`${word} is not given`);
      return value;
    },
  };
  const { ConditionExpression, UpdateExpression } = asked;
  const condition = ConditionExpression?.split(' OR ').map((text) => readCondition(text, words));
  const update = UpdateExpression === undefined ? undefined : readUpdate(UpdateExpression, words);
  const unused = [...Object.keys(names), ...Object.keys(values)].find((each) => !used.has(each));
  if (unused !== undefined) throw new Error(`${unused} is not used in expressions`);
  return { condition, update };
}

function readCondition(text: string, { nameOf, valueOf }: Words): Condition {
  const [, absent] = /^attribute_not_exists\((#?\w+)\)$/.exec(text) ?? [];
  if (absent !== undefined) {
    const name = nameOf(absent);
    return (item) => item[name] === undefined;
  }
  const [, left = '', sign, right = ''] = /^(#?\w+) (<?=|<) (:\w+)$/.exec(text) ?? [];
  if (sign === undefined) throw new Error(`condition "${text}" is not known`);
  const [name, value] = [nameOf(left), valueOf(right)];
  return (item) =>
    (sign.includes('=') && same(item[name], value)) ||
    (sign.includes('<') && less(item[name], value));
}

function readUpdate(text: string, { nameOf, valueOf }: Words): (item: Item) => Item {
  const [, set, remove] = /^(?:SET ([^()]+?))?(?:(?:^| )REMOVE ([\w#, ]+))?$/.exec(text) ?? [];
  if (set === undefined && remove === undefined) throw new Error(`update "${text}" is not known`);
  const sets = (set?.split(', ') ?? []).map((each): [string, Value] => {
    const [, left = '', right] = /^(#?\w+) = (:\w+)$/.exec(each) ?? [];
    if (right === undefined) throw new Error(`SET "${each}" is not known`);
    return [nameOf(left), valueOf(right)];
  });
  const removed = (remove?.split(', ') ?? []).map(nameOf);
  return (item) =>
    Object.fromEntries(
      [...Object.entries(item), ...sets].filter(([name]) => !removed.includes(name)),
    );
}

/** Of the reserved words those that somebody might want here. */
const reserved = new Set([
  'ttl',
  'key',
  'name',
  'owner',
  'lock',
  'time',
  'timestamp',
  'until',
  'at',
]);

const holds = (any: readonly Condition[] | undefined, item: Item): boolean =>
  any?.some((each) => each(item)) ?? true;

const same = (a: Value | undefined, b: Value): boolean =>
  a !== undefined && (b.N === undefined ? a.S === b.S : Number(a.N) === Number(b.N));

/** What is of another type is not less, and neither is what is not there. */
function less(a: Value | undefined, b: Value): boolean {
  if (a?.N === undefined || b.N === undefined) return false;
  return Number(a.N) < Number(b.N);
}
