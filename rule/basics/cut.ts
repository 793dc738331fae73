/** The text, or as many whole characters of it as fit into this many UTF-16 units with a mark that some are missing. */
export function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  let result = '';
  for (const character of text) {
    if (result.length + character.length > longest - 1) break;
    result += character;
  }
  return `${result}…`;
}
