/** Answers by name. A question asks for many names together, and for each name once. */
export interface BatchedAnswers<T> {
  /** Asks for the new names among these. Never rejects. */
  readonly load: (names: Iterable<string>) => Promise<void>;
  /** The answer for a name. Rejects where the question with this name failed. */
  readonly get: (name: string) => Promise<T>;
  /** Whether somebody asked for the name before. */
  readonly has: (name: string) => boolean;
}

/** Wraps a question about many names. The question answers in the order of the names. */
export function batchedAnswers<T>(
  ask: (names: readonly string[]) => Promise<readonly T[]>,
): BatchedAnswers<T> {
  const answers = new Map<string, Promise<T>>();
  const load = async (names: Iterable<string>): Promise<void> => {
    const newNames = [...new Set(names)].filter((name) => !answers.has(name));
    if (newNames.length === 0) return;
    const question = ask(newNames);
    for (const [index, name] of newNames.entries()) {
      const answer = question.then((all) => all[index] as T);
      // `get` passes a failure on. Without `get` the failure must not end the process.
      answer.catch(() => undefined);
      answers.set(name, answer);
    }
    await question.catch(() => undefined);
  };
  return {
    load,
    has: (name) => answers.has(name),
    async get(name) {
      // Nearly every flow log of a million finds its answers here.
      if (!answers.has(name)) await load([name]);
      const answer = answers.get(name);
      if (answer === undefined) throw new Error(`${name} was not asked for`);
      return answer;
    },
  };
}

/** Ids of keys that fit into one question. */
const MAX_NAMES_PER_QUESTION = 99;

/** Items that wait while a question is not full: see docs/decisions/13-an-organization-in-few-queries.md. */
const MAX_WAITING_ITEMS = 10_000;

/**
 * Passes on the same items, each after a question for the item's name. An item with a new name waits until the new names
 * fill a question, or until too many items wait. If a page fails, the items of earlier pages come first. An item without a
 * known name needs no answer.
 */
export async function* prefetched<T>(
  pages: AsyncIterable<readonly T[]>,
  { has, load }: Pick<BatchedAnswers<unknown>, 'has' | 'load'>,
  nameNeededBy: (item: T) => Promise<string | undefined>,
): AsyncIterable<readonly T[]> {
  let waiting: T[] = [];
  const names = new Set<string>();
  const loadAndRelease = async (): Promise<readonly T[]> => {
    const released = waiting;
    await load(names);
    names.clear();
    waiting = [];
    return released;
  };
  try {
    for await (const page of pages) {
      const ready: T[] = [];
      for (const item of page) {
        const name = await nameNeededBy(item).catch(() => undefined);
        if (name === undefined || has(name)) ready.push(item);
        else {
          names.add(name);
          waiting.push(item);
        }
        if (names.size >= MAX_NAMES_PER_QUESTION || waiting.length >= MAX_WAITING_ITEMS)
          ready.push(...(await loadAndRelease()));
      }
      if (ready.length > 0) yield ready;
    }
  } catch (error) {
    yield await loadAndRelease();
    throw error;
  }
  yield await loadAndRelease();
}

/** The items of all pages, without the pages. */
export async function* itemsOfPages<T>(pages: AsyncIterable<readonly T[]>): AsyncIterable<T> {
  for await (const page of pages) yield* page;
}
