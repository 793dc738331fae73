import type { Open, World } from '../model/world.ts';

/** The value of something open in a world. */
interface Choice {
  readonly open: Open;
  readonly value: string;
  /** The place of the value among the candidates. */
  readonly index: number;
}

/** The result in one world. */
export interface Explored<T> {
  readonly choices: readonly Choice[];
  readonly result: T;
}

interface Exploration<T> {
  readonly worlds: readonly [Explored<T>, ...Explored<T>[]];
  /** False if there are more worlds than the limit: nothing is known about the rest. */
  readonly isWhole: boolean;
}

/**
 * Runs `look` in every world that the open values leave. Nothing is open before `look` asks, so only values on the way
 * multiply the worlds. Literals that `look` notes may add candidates: then all worlds are run again.
 */
export function explore<T>(look: (world: World) => T, maxWorlds: number): Exploration<T> {
  let literals: ReadonlySet<string> = new Set();
  for (let round = 1; ; round++) {
    const noted = new Set(literals);
    const run = (path: readonly Turn[]) => runWorld(look, path, { literals, noted });
    const first = run([]);
    const worlds: [WorldRun<T>, ...WorldRun<T>[]] = [first];
    for (let path = nextPath(first.choices); path !== undefined;) {
      if (worlds.length === maxWorlds) return { worlds, isWhole: false };
      const next = run(path);
      worlds.push(next);
      path = nextPath(next.choices);
    }
    if (first.choices.length === 0 || noted.size === literals.size)
      return { worlds, isWhole: true };
    if (round === MAX_ROUNDS) return { worlds, isWhole: false };
    literals = noted;
  }
}

/** Values that lead to ever new values end here. */
const MAX_ROUNDS = 8;

interface Turn extends Choice {
  readonly candidates: readonly string[];
}

interface WorldRun<T> extends Explored<T> {
  readonly choices: readonly Turn[];
}

/** Runs the world that takes the turns of a path, and then the first candidate of everything else. */
function runWorld<T>(
  look: (world: World) => T,
  path: readonly Turn[],
  { literals, noted }: { readonly literals: ReadonlySet<string>; readonly noted: Set<string> },
): WorldRun<T> {
  const choices: Turn[] = [];
  const chosen = new Map<string, string>();
  const world: World = {
    literals,
    note: (literal) => void noted.add(literal),
    valueOf(open) {
      const known = chosen.get(open.id);
      if (known !== undefined) return known;
      // With the same choices before, a value has the same candidates as in the world before.
      const before = path[choices.length];
      const candidates = before?.open.id === open.id ? before.candidates : open.candidates(world);
      const index = path[choices.length]?.index ?? 0;
      const value = candidates[index];
      if (value === undefined) throw new Error(`${open.name} has no candidate: please report it`);
      choices.push({ open, value, candidates, index });
      chosen.set(open.id, value);
      return value;
    },
  };
  return { result: look(world), choices };
}

/** The path to the next world: the last choice with another candidate takes this candidate. */
function nextPath(choices: readonly Turn[]): readonly Turn[] | undefined {
  const at = choices.findLastIndex(({ candidates, index }) => index + 1 < candidates.length);
  const turn = choices[at];
  return turn && [...choices.slice(0, at), { ...turn, index: turn.index + 1 }];
}
