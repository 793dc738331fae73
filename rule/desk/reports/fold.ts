/** Breaks text at spaces into lines of at most this width. A longer word gets a line alone. */
export const fold = (text: string, width: number): readonly string[] =>
  foldWords(text.split(' '), width).map((words) => words.join(' '));

/** Breaks text between phrases only. */
export const foldPhrases = (phrases: readonly string[], width: number): readonly string[] =>
  foldWords(
    phrases.map((phrase, nth) => (nth < phrases.length - 1 ? `${phrase};` : phrase)),
    width,
  ).map((words) => words.join(' '));

/** Shares words out among lines of at most this width. */
export function foldWords(words: readonly string[], width: number): readonly (readonly string[])[] {
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
