/** The key of an instance: a number for count, a text for for_each. */
export type InstanceKey = string | number | undefined;

/** A name in an address or reference, with the key behind the name. */
export interface AddressStep {
  readonly name: string;
  readonly key: InstanceKey;
}

const STEP = /\[(?:"((?:[^"\\]|\\.)*)"|(\d+)|[^\]]*)\]|([^.[\]]+)/g;

/**
 * The names of an address or reference, such as `module.net["a"].aws_vpc.main[0].id`.
 * https://developer.hashicorp.com/terraform/cli/state/resource-addressing
 */
export function stepsIn(text: string): readonly AddressStep[] {
  const steps: AddressStep[] = [];
  for (const [, quoted, number, name] of text.matchAll(STEP)) {
    const last = steps.at(-1);
    if (name !== undefined) steps.push({ name, key: undefined });
    else if (last !== undefined && last.key === undefined)
      steps[steps.length - 1] = { ...last, key: keyIn(quoted, number) };
  }
  return steps;
}

function keyIn(quoted: string | undefined, number: string | undefined): InstanceKey {
  if (number !== undefined) return Number(number);
  return quoted?.replace(/\\(.)/g, '$1');
}

/** The modules in the address of a module, without the word `module`. */
export const modulesIn = (address: string): readonly AddressStep[] =>
  stepsIn(address).filter((_, index) => index % 2 === 1);

/** The modules as text: equal texts are equal modules. */
export const moduleText = (modules: readonly AddressStep[]): string =>
  modules
    .map(({ name, key }) => `module.${name}${key === undefined ? '' : `[${JSON.stringify(key)}]`}`)
    .join('.');

/**
 * The references of an expression without repetition: behind `a.b.c` stand `a.b` and `a` too. A whole resource is left out
 * where another reference names a part, as in `length(x) > 0 ? x[0].arn : null`, unless an index may stand behind.
 */
export function essentialReferences(references: readonly string[]): readonly string[] {
  const longest: string[] = [];
  let last = '';
  for (const each of references) {
    if (last !== each && isBegin(each, last)) continue;
    longest.push(each);
    last = each;
  }
  const distinct = [...new Set(longest)];
  return distinct.some((each) => isIndex(each))
    ? distinct
    : distinct.filter((each) => !distinct.some((other) => other !== each && isBegin(each, other)));
}

const isBegin = (begin: string, text: string): boolean =>
  text.startsWith(begin) && /^[.[]/.test(text.slice(begin.length));

/** Whether a reference is the key of the instance that refers. */
export const isIndex = (reference: string): boolean =>
  reference === 'each.key' || reference === 'count.index';
