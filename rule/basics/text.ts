/**
 * The error on one line: errors of AWS begin with their name, other errors are their message alone. Only JSON of tens of
 * thousands of levels exhausts the call stack.
 */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof RangeError && error.message.includes('call stack'))
    return 'JSON is nested too deep to be read';
  const text = error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
  return text.replace(/\s+/g, ' ');
}

/** Replaces control and formatting characters, which a terminal or a log would obey. */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '�');

/** Shortens a text to so many UTF-16 units, with "…" at the end; no character is cut in two. */
export function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  let result = '';
  for (const character of text) {
    if (result.length + character.length > maxLength - 1) break;
    result += character;
  }
  return `${result}…`;
}

/** Shortens a text before a word, so that no id is cut; in a word only where the word alone is too long. */
export function cutAtWord(text: string, maxLength: number): string {
  const short = cut(text, maxLength);
  const end = short.lastIndexOf(' ');
  if (short === text || end < maxLength / 2 || text[short.length - 1] === ' ') return short;
  return `${short.slice(0, end).replace(/[,;:]$/, '')}…`;
}

/**
 * Parses JSON. The error names the subject and the position, and never quotes the text as the parser's own error
 * does: a file that was named by mistake may hold a secret.
 */
export function parseJson(text: string, subject = ''): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const [position] = /at position \d+/.exec(errorText(error)) ?? [];
    const where = position === undefined ? '' : ` (${position})`;
    throw new Error(`${subject} is not JSON${where}`.trim());
  }
}
