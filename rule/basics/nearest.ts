/** The word with the fewest changed letters; undefined where every word differs in more than a third of its letters. */
export function nearest(text: string, words: readonly string[]): string | undefined {
  let best: { readonly word: string; readonly changes: number } | undefined;
  for (const word of words) {
    const changes = changesBetween(text.toLowerCase(), word.toLowerCase());
    if (changes <= word.length / 3 && changes < (best?.changes ?? Infinity))
      best = { word, changes };
  }
  return best?.word;
}

/** The number of letters to change, to add or to leave out. https://en.wikipedia.org/wiki/Levenshtein_distance */
function changesBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [at, letter] of from.split('').entries()) {
    const next = [at + 1];
    for (let index = 0; index < to.length; index++) {
      const replaced = (row[index] ?? 0) + (letter === to[index] ? 0 : 1);
      next.push(Math.min(replaced, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
