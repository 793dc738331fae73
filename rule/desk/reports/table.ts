import { MAX_KEY_POLICY_BYTES } from '../../model/kms.ts';
import type { Cause, Row, Run } from '../run.ts';
import type { Outcome } from '../../model/verdict.ts';
import { printable } from '../../basics/text.ts';

/** How text is set off on a terminal; each the identity where there are no colours. */
interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly green: (text: string) => string;
}

export interface TableOptions {
  /** In columns. */
  readonly width: number;
  readonly paint: Paint;
}

/** A run for people: a block for each cause, gravest first, then what is fine, then the counts. */
export function table({ rows, causes }: Run, { width, paint }: TableOptions): string {
  const of = (outcome: Outcome): readonly Row[] =>
    rows.filter(({ verdict }) => verdict.outcome === outcome);
  const told = new Set<Cause['remedy']>();
  const inAll = blockedByKey(causes);
  const blocks = [
    ...causes.map((cause) => causeBlock(cause, { width, paint, told, inAll })),
    ...(['deliverable', 'exempt'] as const).flatMap((outcome) =>
      of(outcome).length === 0 ? [] : [quietBlock(outcome, of(outcome), { width, paint })],
    ),
  ];
  const counts = (['blocked', 'unknown', 'deliverable', 'exempt'] as const).map((outcome) =>
    color(paint, outcome)(`${of(outcome).length} ${outcome}`),
  );
  return `${[...blocks, `${flowLogs(rows)}: ${counts.join(', ')}`].join('\n\n')}\n`;
}

/** What a key with several causes blocks in all, with the first of them. */
function blockedByKey(causes: readonly Cause[]): ReadonlyMap<Cause, string> {
  const byKey = new Map<string, [Cause, ...Cause[]]>();
  for (const cause of causes) {
    const { outcome, keyArn } = cause.rows[0]?.verdict ?? {};
    if (outcome !== 'blocked' || !keyArn) continue;
    const known = byKey.get(keyArn);
    if (known === undefined) byKey.set(keyArn, [cause]);
    else known.push(cause);
  }
  const several = [...byKey.values()].filter(({ length }) => length > 1);
  return new Map(
    several.map((all) => [
      all[0],
      `in all it blocks ${flowLogs(all.flatMap(({ rows }) => rows))}, here and below`,
    ]),
  );
}

/** How many there are, and in how many accounts if not all are in one. */
function flowLogs(rows: readonly Row[]): string {
  const accounts = new Set(rows.map(({ accountId }) => accountId)).size;
  const count = `${rows.length} flow ${rows.length === 1 ? 'log' : 'logs'}`;
  return accounts > 1 ? `${count} in ${accounts} accounts` : count;
}

function color(paint: Paint, outcome: Outcome): (text: string) => string {
  return {
    blocked: paint.red,
    unknown: paint.yellow,
    deliverable: paint.green,
    exempt: paint.dim,
  }[outcome];
}

/** The columns that labels take. */
const LABELS = 4;

/** Lines of ids that people read; who needs the others reads them with a machine. */
const IDS = 20;

/** What is said once of what several causes have in common. */
interface Seen {
  readonly told: Set<Cause['remedy']>;
  readonly inAll: ReadonlyMap<Cause, string>;
}

function causeBlock(cause: Cause, { width, paint, told, inAll }: TableOptions & Seen): string {
  const { check, rows, remedy } = cause;
  const [first] = rows;
  if (first === undefined) return '';
  const { outcome, keyArn, bucket, message } = first.verdict;
  const others = new Set(rows.map(({ verdict }) => verdict.message)).size - 1;
  const room = width - LABELS;
  // There is one for each key.
  const again = told.has(remedy);
  told.add(remedy);
  const lines: [string, readonly string[]][] = [
    ['key', [keyArn, inAll.get(cause)].filter((line) => typeof line === 'string')],
    ['s3', bucket === null ? [] : [bucket]],
    ['why', fold(message.replace(`; key ${keyArn ?? ''}`, ''), room)],
    ['', others > 0 ? [`(${others} more like it, each in --format json)`] : []],
    [
      'add',
      remedy === null
        ? []
        : again
          ? ['the same statement as above, once']
          : whatToAdd(remedy, room),
    ],
    ['ids', idsOf(rows, room)],
  ];
  return [
    color(paint, outcome)(`${outcome.toUpperCase()}  ${check}`) + `  ${flowLogs(rows)}`,
    ...labelled(lines, paint),
  ].join('\n');
}

function whatToAdd(
  { statement, replaces }: NonNullable<Cause['remedy']>,
  room: number,
): readonly string[] {
  if (JSON.stringify(statement).length > MAX_KEY_POLICY_BYTES)
    return fold(
      'one statement for the whole organization, as no key policy has room for all of these accounts: flow-log-key statement --organization-id o-...',
      room,
    );
  const lines = layOut(statement, room);
  return replaces ? [`in place of statement ${statement.Sid}, which grows:`, ...lines] : lines;
}

function quietBlock(
  outcome: Outcome,
  rows: readonly Row[],
  { width, paint }: TableOptions,
): string {
  return [
    color(paint, outcome)(outcome.toUpperCase()) + `  ${flowLogs(rows)}`,
    ...labelled([['ids', idsOf(rows, width - LABELS)]], paint),
  ].join('\n');
}

const labelled = (rows: readonly [string, readonly string[]][], paint: Paint): readonly string[] =>
  rows.flatMap(([label, lines]) =>
    lines.map(
      (line, index) => paint.dim((index === 0 ? label : '').padEnd(LABELS)) + printable(line),
    ),
  );

/** Ids by account and Region, folded to the width; after some lines only how many more there are. */
function idsOf(rows: readonly Row[], width: number): readonly string[] {
  const lines: string[] = [];
  let told = 0;
  for (const [place, ids] of byPlace(rows))
    for (const [at, words] of foldWords([place, ...ids], width).entries()) {
      if (lines.length === IDS)
        return [...lines, `... and ${rows.length - told} more, all in --format json`];
      lines.push(words.join(' '));
      told += words.length - (at === 0 ? 1 : 0);
    }
  return lines;
}

function byPlace(rows: readonly Row[]): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, string[]>();
  for (const { accountId, region, id } of rows) {
    const place = `${accountId} ${region}:`;
    const ids = places.get(place);
    if (ids === undefined) places.set(place, [id]);
    else ids.push(id);
  }
  return places;
}

/** Lines of at most this width, broken at spaces. */
const fold = (text: string, width: number): readonly string[] =>
  foldWords(text.split(' '), width).map((words) => words.join(' '));

function foldWords(words: readonly string[], width: number): readonly (readonly string[])[] {
  const lines: string[][] = [];
  let room = 0;
  for (const word of words) {
    const line = lines.at(-1);
    if (line !== undefined && word.length < room) {
      line.push(word);
      room -= word.length + 1;
    } else {
      lines.push([word]);
      room = width - word.length;
    }
  }
  return lines;
}

/** JSON that breaks over lines only where it does not fit on one; texts of a list share lines. */
function layOut(value: unknown, width: number, before = ''): readonly string[] {
  const flat = before + JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ');
  if (flat.length <= width || typeof value !== 'object' || value === null) return [flat];
  if (isTexts(value)) {
    const texts = value.map((each) => JSON.stringify(each)).join(', ');
    return [`${before}[`, ...fold(texts, width - 2).map((line) => `  ${line}`), ']'];
  }
  const isList = Array.isArray(value);
  const entries = Object.entries(value).map(([name, each]: [string, unknown], index, all) => {
    const lines = layOut(each, width - 3, isList ? '' : `${JSON.stringify(name)}: `);
    const last = index === all.length - 1;
    return lines.map((line, at) => `  ${line}${at === lines.length - 1 && !last ? ',' : ''}`);
  });
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  return [`${before}${open}`, ...entries.flat(), close];
}

const isTexts = (value: object): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');
