import { parse, visit, type ParseError } from 'jsonc-parser';
import { repeatedName } from '../../basics/repeated-name.ts';
import type { ParsedFile, FilePosition } from './template.ts';

/** Reads JSON. Throws an Error with line and column, and never quotes the text. */
export function parseJsonFile(text: string): ParsedFile {
  const content = jsonContent(text);
  const name = repeatedName(text);
  if (name !== undefined)
    throw new Error(`has the name "${name.slice(0, 64)}" twice in one object`);
  let positions: ReadonlyMap<string, FilePosition> | undefined;
  return {
    language: 'json',
    content,
    positionOf: (logicalId) => (positions ??= resourcePositions(text)).get(logicalId),
  };
}

function jsonContent(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const mistakes: ParseError[] = [];
    parse(text, mistakes, { disallowComments: true });
    const before = text.slice(0, mistakes[0]?.offset ?? text.length).split('\n');
    const column = (before.at(-1)?.length ?? 0) + 1;
    throw new Error(`is not JSON, at line ${before.length}, column ${column}`);
  }
}

/** The places of the members of `Resources`. */
function resourcePositions(text: string): ReadonlyMap<string, FilePosition> {
  const positions = new Map<string, FilePosition>();
  visit(text, {
    onObjectProperty(...[name, , , line, character, pathOf]) {
      const path = pathOf();
      if (path.length === 1 && path[0] === 'Resources')
        positions.set(name, { line: line + 1, column: character + 1 });
    },
  });
  return positions;
}
