import type { Cause, Result, Run } from '../model/result.ts';
import type { Outcome } from '../model/verdict.ts';
import { printable } from '../model/words.ts';

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
export function table({ results, causes }: Run, { width, paint }: TableOptions): string {
  const of = (outcome: Outcome): readonly Result[] =>
    results.filter(({ verdict }) => verdict.outcome === outcome);
  const blocks = [
    ...causes.map((cause, index) =>
      causeBlock(cause, { width, paint, told: causes.slice(0, index) }),
    ),
    ...(['deliverable', 'exempt'] as const).flatMap((outcome) =>
      of(outcome).length === 0 ? [] : [quietBlock(outcome, of(outcome), { width, paint })],
    ),
  ];
  const counts = (['blocked', 'unknown', 'deliverable', 'exempt'] as const).map((outcome) =>
    color(paint, outcome)(`${of(outcome).length} ${outcome}`),
  );
  return `${[...blocks, `${flowLogs(results.length)}: ${counts.join(', ')}`].join('\n\n')}\n`;
}

const flowLogs = (count: number): string => `${count} flow ${count === 1 ? 'log' : 'logs'}`;

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

function causeBlock(
  { check, results, remedy }: Cause,
  { width, paint, told }: TableOptions & { told: readonly Cause[] },
): string {
  const [first] = results;
  if (first === undefined) return '';
  const { outcome, keyArn, bucket, message } = first.verdict;
  const others = new Set(results.map(({ verdict }) => verdict.message)).size - 1;
  const room = width - LABELS;
  const again = told.some(
    (each) =>
      each.results[0]?.verdict.keyArn === keyArn &&
      JSON.stringify(each.remedy) === JSON.stringify(remedy),
  );
  const rows: [string, readonly string[]][] = [
    ['key', keyArn === null ? [] : [keyArn]],
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
    ['ids', idsOf(results, room)],
  ];
  return [
    color(paint, outcome)(`${outcome.toUpperCase()}  ${check}`) + `  ${flowLogs(results.length)}`,
    ...labelled(rows, paint),
  ].join('\n');
}

function whatToAdd(
  { statement, replaces }: NonNullable<Cause['remedy']>,
  room: number,
): readonly string[] {
  const lines = layOut(statement, room);
  return replaces ? [`in place of statement ${statement.Sid}, which grows:`, ...lines] : lines;
}

function quietBlock(
  outcome: Outcome,
  results: readonly Result[],
  { width, paint }: TableOptions,
): string {
  return [
    color(paint, outcome)(outcome.toUpperCase()) + `  ${flowLogs(results.length)}`,
    ...labelled([['ids', idsOf(results, width - LABELS)]], paint),
  ].join('\n');
}

const labelled = (rows: readonly [string, readonly string[]][], paint: Paint): readonly string[] =>
  rows.flatMap(([label, lines]) =>
    lines.map(
      (line, index) => paint.dim((index === 0 ? label : '').padEnd(LABELS)) + printable(line),
    ),
  );

/** Ids by account and Region, folded to the width. */
function idsOf(results: readonly Result[], width: number): readonly string[] {
  const places = new Map<string, string[]>();
  for (const {
    verdict: { flowLog },
  } of results) {
    const place = `${flowLog.accountId} ${flowLog.region}:`;
    places.set(place, [...(places.get(place) ?? []), flowLog.id]);
  }
  return [...places].flatMap(([place, ids]) => fold([place, ...ids].join(' '), width));
}

/** Lines of at most this width, broken at spaces. */
function fold(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  return [...lines, line];
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
