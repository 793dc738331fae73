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

/** Control and formatting characters, halves of characters, and codes that are no characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\uFFFE\uFFFF]/gu;

/** Replaces characters that a terminal, a log or a reader would obey or refuse. */
export const printable = (text: string): string => text.replace(UNPRINTABLE, '�');

/** JSON with the same meaning, in printable characters and line breaks only. */
export const printableJson = (json: string): string =>
  // JSON itself escapes all others, and most reports are ASCII.
  /[\x7F-\uFFFF]/.test(json)
    ? json.replace(UNPRINTABLE, (character) =>
        character === '\n' ? '\n' : character.split('').map(escaped).join(''),
      )
    : json;

/** A half of a character, as JSON writes it. */
const escaped = (half: string): string => `\\u${half.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A number with a noun, such as "1 key" or "1,254 flow logs". */
export const counted = (count: number, noun: string): string =>
  `${numeral(count)} ${noun}${count === 1 ? '' : 's'}`;

export const numeral = (count: number): string => count.toLocaleString('en-US');

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
