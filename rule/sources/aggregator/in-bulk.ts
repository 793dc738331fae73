/** Answers that are asked for many at a time, each once. */
export interface Together<T> {
  /** Asks for those that were not asked for yet; never rejects. */
  readonly load: (names: Iterable<string>) => Promise<void>;
  /** Rejects where the question failed that this was asked in. */
  readonly get: (name: string) => Promise<T>;
  /** Whether it was asked for. */
  readonly has: (name: string) => boolean;
}

/** Wraps a question about many names, which answers in their order. */
export function together<T>(ask: (names: readonly string[]) => Promise<readonly T[]>): Together<T> {
  const answers = new Map<string, Promise<T>>();
  const load = async (names: Iterable<string>): Promise<void> => {
    const anew = [...new Set(names)].filter((name) => !answers.has(name));
    if (anew.length === 0) return;
    const asked = ask(anew);
    for (const [at, name] of anew.entries()) {
      const answer = asked.then((all) => all[at] as T);
      // Who gets it hears of a failure; who only loads it does not.
      answer.catch(() => undefined);
      answers.set(name, answer);
    }
    await asked.catch(() => undefined);
  };
  return {
    load,
    has: (name) => answers.has(name),
    async get(name) {
      await load([name]);
      const answer = answers.get(name);
      if (answer === undefined) throw new Error(`${name} was not asked for`);
      return answer;
    },
  };
}

/** As many ids of keys as fit into one question. */
const NAMES = 99;

/** How many may wait for one that is not full: see docs/decisions/13-an-organization-in-few-queries.md. */
const WAITING = 10_000;

/**
 * The same, after what each of them needs was asked for: those wait whose name is new, until there are enough names for a
 * question, or too many wait. What was listed before a failure comes too. Where a name cannot be told, none is needed.
 */
export async function* askedFor<T>(
  pages: AsyncIterable<readonly T[]>,
  { has, load }: Pick<Together<unknown>, 'has' | 'load'>,
  nameOf: (each: T) => Promise<string | undefined>,
): AsyncIterable<readonly T[]> {
  let waiting: T[] = [];
  const names = new Set<string>();
  const ask = async (): Promise<readonly T[]> => {
    const asked = waiting;
    await load(names);
    names.clear();
    waiting = [];
    return asked;
  };
  try {
    for await (const page of pages) {
      const ready: T[] = [];
      for (const each of page) {
        const name = await nameOf(each).catch(() => undefined);
        if (name === undefined || has(name)) ready.push(each);
        else {
          names.add(name);
          waiting.push(each);
        }
        if (names.size >= NAMES || waiting.length >= WAITING) ready.push(...(await ask()));
      }
      if (ready.length > 0) yield ready;
    }
  } catch (error) {
    yield await ask();
    throw error;
  }
  yield await ask();
}

/** What comes in pages. */
export async function* oneByOne<T>(pages: AsyncIterable<readonly T[]>): AsyncIterable<T> {
  for await (const page of pages) yield* page;
}
