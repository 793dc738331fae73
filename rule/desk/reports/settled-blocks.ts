import { groupBy } from '../../basics/lists.ts';
import type { Row } from '../../remedy/run.ts';
import type { Block } from './block.ts';
import { counted } from '../../basics/text.ts';
import { findingParts } from './finding-lines.ts';
import { fold } from './fold.ts';
import { idLines } from './id-lines.ts';

/** Few ids: nobody works on these flow logs. */
const MAX_ID_LINES = 3;

const MAX_EXEMPT_BLOCKS = 10;

/** Flow logs that need no work: deliverable ones, then exempt ones by the reason, which has the last day and the owner. */
export function settledBlocks(rows: readonly Row[], room: number): readonly Block[] {
  const of = (outcome: 'deliverable' | 'exempt'): readonly Row[] =>
    rows.filter(({ verdict }) => verdict.outcome === outcome);
  const ids = (group: readonly Row[]) =>
    ['ids', idLines(group, { width: room, maxLines: MAX_ID_LINES })] as const;
  const deliverable = of('deliverable');
  const reasons = [...groupBy(of('exempt'), ({ verdict }) => findingParts(verdict).what)].sort(
    ([, a], [, b]) => b.length - a.length,
  );
  const exempt = reasons.slice(0, MAX_EXEMPT_BLOCKS).map(([what, group]): Block => {
    const why = ['why', fold(what, room)] as const;
    const title = group[0].verdict.reason ?? '';
    return { outcome: 'exempt', title, rows: group, entries: [why, ids(group)] };
  });
  const others = reasons.slice(MAX_EXEMPT_BLOCKS);
  const rest: Block = {
    outcome: 'exempt',
    title: `for ${counted(others.length, 'more reason')}, all in --format json`,
    rows: others.flatMap(([, group]) => group),
    entries: [],
  };
  return [
    { outcome: 'deliverable', title: '', rows: deliverable, entries: [ids(deliverable)] } as const,
    ...exempt,
    rest,
  ].filter((block) => block.rows.length > 0);
}
