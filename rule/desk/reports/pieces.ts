import { printableJson } from '../../basics/text.ts';

/**
 * The same value as JSON.stringify with an indent of two writes, in pieces: a million flow logs make more text than one string
 * can hold. Generators are written value by value, also inside objects; every other value is one piece.
 */
export function* pieces(value: object): Generator<string> {
  yield* piecesOf(value, '\n');
  yield '\n';
}

const jsonText = Symbol('json');

/** A value that is JSON already, with the indent of its place. */
export interface WrittenJson {
  readonly [jsonText]: string;
}

/** The members of an object as JSON, without braces, with an indent. */
export const membersAsText = (object: object, lineBreak: string): string =>
  jsonOf(object, lineBreak).slice(1, -lineBreak.length - 1);

/** An object of members that are JSON already. */
export const writtenObject = (lineBreak: string, members: readonly string[]): WrittenJson => ({
  [jsonText]: `{${members.join()}${lineBreak}}`,
});

/** The line break before a member carries the indent of the value around the member. */
function* piecesOf(value: unknown, lineBreak: string): Generator<string> {
  if (isWrittenJson(value)) yield value[jsonText];
  else if (isGenerator(value)) yield* listPieces(value, lineBreak);
  else if (holdsGenerator(value)) yield* memberPieces(value, lineBreak);
  else yield jsonOf(value, lineBreak);
}

const jsonOf = (value: unknown, lineBreak: string): string =>
  printableJson(JSON.stringify(value, null, 2)).replaceAll('\n', lineBreak);

function* listPieces(values: Iterable<unknown>, lineBreak: string): Generator<string> {
  let isEmpty = true;
  for (const value of values) {
    yield `${isEmpty ? '[' : ','}${lineBreak}  `;
    yield* piecesOf(value, `${lineBreak}  `);
    isEmpty = false;
  }
  yield isEmpty ? '[]' : `${lineBreak}]`;
}

function* memberPieces(members: object, lineBreak: string): Generator<string> {
  for (const [index, [name, value]] of Object.entries(members).entries()) {
    yield `${index === 0 ? '{' : ','}${lineBreak}  ${JSON.stringify(name)}: `;
    yield* piecesOf(value, `${lineBreak}  `);
  }
  yield `${lineBreak}}`;
}

const isPlainObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isWrittenJson = (value: unknown): value is WrittenJson =>
  isPlainObject(value) && jsonText in value;

const isGenerator = (value: unknown): value is Iterable<unknown> =>
  isPlainObject(value) && Symbol.iterator in value;

const holdsGenerator = (value: unknown): value is object =>
  isPlainObject(value) &&
  Object.values(value).some((member) => isGenerator(member) || holdsGenerator(member));
