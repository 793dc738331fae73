/**
 * What JSON.stringify writes with an indent of two, piece by piece: a million flow logs are more than one text can hold.
 * A list that is a generator is written as it comes; so is one in an object that is reached by nothing but such lists and
 * such objects. All else is a piece.
 */
export function* pieces(value: object): Generator<string> {
  yield* piecesOf(value, '\n');
  yield '\n';
}

function* piecesOf(value: unknown, line: string): Generator<string> {
  if (isLazy(value)) yield* listOf(value, line);
  else if (hasLazy(value)) yield* membersOf(value, line);
  else yield JSON.stringify(value, null, 2).replaceAll('\n', line);
}

function* listOf(values: Iterable<unknown>, line: string): Generator<string> {
  let some = false;
  for (const each of values) {
    yield `${some ? ',' : '['}${line}  `;
    yield* piecesOf(each, `${line}  `);
    some = true;
  }
  yield some ? `${line}]` : '[]';
}

function* membersOf(members: object, line: string): Generator<string> {
  for (const [at, [name, value]] of Object.entries(members).entries()) {
    yield `${at === 0 ? '{' : ','}${line}  ${JSON.stringify(name)}: `;
    yield* piecesOf(value, `${line}  `);
  }
  yield `${line}}`;
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isLazy = (value: unknown): value is Iterable<unknown> =>
  isObject(value) && Symbol.iterator in value;

/** A list that is written as it comes is in the object, or in an object in it. */
const hasLazy = (value: unknown): value is object =>
  isObject(value) && Object.values(value).some((each) => isLazy(each) || hasLazy(each));
