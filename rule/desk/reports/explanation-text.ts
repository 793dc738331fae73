import { sum } from '../../basics/lists.ts';
import { printable } from '../../basics/text.ts';
import type { Explanation, ExplainedWorlds } from '../../judge/explanation-of.ts';
import type { ExplainedFact, FactSource } from '../../judge/explained-facts.ts';
import { gravestFinding, type Finding, type Verdict } from '../../model/verdict.ts';
import { fold } from './fold.ts';
import { requestLines } from './request-lines.ts';
import { painterOf } from './paint.ts';
import type { TableOptions } from './table.ts';

/** Explanations for people. */
export function* explanationText(
  explanations: readonly Explanation[],
  { width, paint }: TableOptions,
): Generator<string> {
  for (const [index, { flowLog, verdict, worlds }] of explanations.entries()) {
    const { outcome, reason } = verdict;
    const title = [outcome.toUpperCase(), reason].filter((word) => word !== null).join('  ');
    if (index > 0) yield '\n';
    yield `${painterOf(outcome, paint)(title)}  ${printable(flowLog.id)}\n`;
    for (const line of [...verdictLines(verdict), ...worldsLines(worlds)])
      yield `${foldIndented(printable(line), width).join('\n')}\n`;
  }
}

/** Folds a line; later lines stand two columns further in. */
function foldIndented(line: string, width: number): readonly string[] {
  const [, indent = '', text = ''] = /^( *)(.*)$/s.exec(line) ?? [];
  return fold(text, width - indent.length - 2).map((part, index) =>
    index === 0 ? `${indent}${part}` : `${indent}  ${part}`,
  );
}

function verdictLines(verdict: Verdict): readonly string[] {
  const { what, next } = gravestFinding(verdict) ?? { what: verdict.message, next: null };
  return [`why ${what}`, ...(next === null ? [] : [`do  ${next}`])];
}

/** One block for all worlds, or a block for each group of worlds with the same findings. */
function worldsLines(worlds: readonly ExplainedWorlds[]): readonly string[] {
  const [only, ...more] = worlds;
  if (only === undefined) return [];
  const total = sum(worlds, ({ count }) => count);
  if (more.length === 0) {
    const same =
      total > 1 ? ['', `The same in all ${total} worlds that the input leaves open.`] : [];
    return [...same, ...worldLines(only)];
  }
  return worlds.flatMap((each) => [
    '',
    `${each.count} OF ${total} WORLDS  ${each.verdict.outcome}`,
    ...each.where.map((words) => `  ${words}`),
    ...worldLines(each),
  ]);
}

const worldLines = ({ facts, requests, verdict }: ExplainedWorlds): readonly string[] => [
  '',
  'FACTS',
  ...facts.flatMap(explainedFactLines),
  ...(requests.length === 0 ? [] : ['', 'REQUESTS OF DELIVERY', ...requestLines(requests)]),
  '',
  'FINDINGS',
  ...verdict.findings.flatMap(findingLinesOf),
  ...verdict.advice.map((remark) => `  note: ${remark}`),
];

const explainedFactLines = ({ fact, name, says, source }: ExplainedFact): readonly string[] => [
  `  ${name === null ? fact : `${fact} ${name}`}${factSourceInWords(source, name)}`,
  ...says.map((line) => `    ${line}`),
];

function factSourceInWords(source: FactSource, known: string | null): string {
  switch (source.kind) {
    case 'none':
      return '';
    case 'asked':
      return ` (asked of AWS now, ${source.askedAt})`;
    case 'recorded':
      return source.capturedAt === null
        ? ' (AWS Config item without a time)'
        : ` (AWS Config item, captured ${source.capturedAt})`;
    case 'defined': {
      const { name, at } = source;
      const place = at === null ? 'in the given files' : `${at.file}:${at.line}:${at.column}`;
      return name === known ? ` (${place})` : ` (${name}, ${place})`;
    }
  }
}

const findingLinesOf = ({ outcome, check, what, next }: Finding): readonly string[] => [
  `  ${outcome} ${check}: ${what}`,
  ...(next === null ? [] : [`    next: ${next}`]),
];
