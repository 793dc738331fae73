import { membersOf, scalarText } from './members.ts';

/** A loop of a template: the name of the variable, the list, and the members to repeat. */
type ForEach = readonly [string, unknown, object];

/** A loop over a list that is not known. */
export class OpenLoop extends Error {}

/**
 * Repeats the body of each `Fn::ForEach`. Throws an OpenLoop with the name of a loop over a list that is not known.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
 */
export function unrollForEach(
  value: unknown,
  listOf: (list: unknown) => readonly string[] | undefined,
): unknown {
  if (Array.isArray(value)) return value.map((each) => unrollForEach(each, listOf));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
    if (!name.startsWith('Fn::ForEach::')) return [[name, unrollForEach(member, listOf)] as const];
    return repeated(name, member, listOf).flatMap((copy) =>
      Object.entries(unrollForEach(copy, listOf) as object),
    );
  });
  return Object.fromEntries(members);
}

/** The body of a loop, once for each text of the list. */
function repeated(
  name: string,
  loop: unknown,
  listOf: (list: unknown) => readonly string[] | undefined,
): readonly unknown[] {
  if (!isForEach(loop)) throw new Error(`${name} is not a list of variable, list and body`);
  const [variable, list, body] = loop;
  const texts = listOf(list);
  const { Ref } = membersOf(list);
  if (texts === undefined)
    throw new OpenLoop(
      `${name} repeats a list that is not known: give --parameter ${Ref === undefined ? 'for its parameter' : `${scalarText(Ref)}=VALUE`}`,
    );
  return texts.map((text) => replaceVariable(body, variable, text));
}

const isForEach = (loop: unknown): loop is ForEach =>
  Array.isArray(loop) &&
  loop.length === 3 &&
  typeof loop[0] === 'string' &&
  typeof loop[2] === 'object' &&
  loop[2] !== null;

/** Puts a text in place of a variable: in names, in texts, and as `Ref`. `&{}` keeps letters and digits only. */
function replaceVariable(value: unknown, variable: string, text: string): unknown {
  const inText = (each: string): string =>
    each
      .replaceAll(`\${${variable}}`, text)
      .replaceAll(`&{${variable}}`, text.replace(/[^A-Za-z0-9]/g, ''));
  if (typeof value === 'string') return inText(value);
  if (Array.isArray(value)) return value.map((each) => replaceVariable(each, variable, text));
  if (typeof value !== 'object' || value === null) return value;
  if ('Ref' in value && value.Ref === variable) return text;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]: [string, unknown]) => [
      inText(name),
      replaceVariable(member, variable, text),
    ]),
  );
}
