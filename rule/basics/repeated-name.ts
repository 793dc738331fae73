/**
 * The first name that stands twice in one object of a JSON text, however the name is escaped; undefined where each name
 * stands once. JSON.parse keeps the last of two and says nothing. Expects valid JSON.
 */
export function repeatedName(json: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token, text, colon] of json.matchAll(NAME_OR_BRACE)) {
    if (token === '{') open.push(new Set());
    if (token === '}') open.pop();
    if (text === undefined || colon === undefined) continue;
    const name = JSON.parse(text) as string;
    if (open.at(-1)?.has(name)) return name;
    open.at(-1)?.add(name);
  }
  return undefined;
}

/** A string, with the colon behind a name; or a brace outside of strings. */
const NAME_OR_BRACE = /("(?:[^"\\]|\\.)*")(\s*:)?|[{}]/g;
