import { groupBy } from '../basics/lists.ts';
import type { Open } from '../model/world.ts';
import type { JudgedWorld } from './worlds-in-words.ts';

/** Worlds with the same findings. */
interface WorldGroup {
  readonly where: readonly string[];
  readonly count: number;
  readonly first: JudgedWorld['result'];
}

/** Groups worlds by their findings, in the order of the worlds. */
export function worldGroups(worlds: readonly JudgedWorld[]): readonly WorldGroup[] {
  const groups = groupBy(worlds, ({ result: { verdict } }) =>
    JSON.stringify([
      verdict.outcome,
      verdict.findings.map(({ check, outcome }) => [check, outcome]),
    ]),
  );
  const all = valuesIn(worlds);
  return [...groups.values()].map((group) => ({
    where: groups.size === 1 ? [] : valuesApart(group, all),
    count: group.length,
    first: group[0].result,
  }));
}

/** The values of everything open, by the id. */
type OpenValues = ReadonlyMap<string, { readonly open: Open; readonly values: Set<string> }>;

function valuesIn(worlds: readonly JudgedWorld[]): OpenValues {
  const found = new Map<string, { open: Open; values: Set<string> }>();
  for (const { choices } of worlds)
    for (const { open, value } of choices) {
      const known = found.get(open.id) ?? { open, values: new Set<string>() };
      known.values.add(value);
      found.set(open.id, known);
    }
  return found;
}

const MAX_VALUES_SHOWN = 5;

/** The values of a group, for everything open whose other values lead elsewhere; else the values of the first world. */
function valuesApart(group: readonly [JudgedWorld, ...JudgedWorld[]], all: OpenValues) {
  const own = [...valuesIn(group)].filter(
    ([id, { values }]) => values.size < (all.get(id)?.values.size ?? 0),
  );
  if (own.length === 0) return group[0].choices.map(({ open, value }) => open.inWords(value));
  return own.map(([, { open, values }]) => {
    const words = [...new Set([...values].slice(0, MAX_VALUES_SHOWN).map(open.inWords))].join(
      ' or ',
    );
    const rest = values.size - MAX_VALUES_SHOWN;
    return rest > 0 ? `${words} or ${rest} more` : words;
  });
}
