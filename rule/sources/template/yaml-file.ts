import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { type ParsedFile } from './template.ts';
import { membersOf } from './members.ts';

/** YAML is read slowly: a template of CloudFormation has at most 1 MB. */
const MAX_YAML_BYTES = 5_000_000;

/** More values come only from aliases of aliases. */
const MAX_VALUES = 500_000;

/**
 * Reads YAML with the short forms of CloudFormation's functions. Every scalar is text: YAML would turn the account
 * 012345678901 into a number. Throws an Error with line and column.
 */
export function parseYaml(text: string): ParsedFile {
  if (text.length > MAX_YAML_BYTES)
    throw new Error(
      `has ${Math.round(text.length / 1e6)} MB of YAML, of at most 5 MB: write it as JSON`,
    );
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { schema: 'failsafe', logLevel: 'error', lineCounter });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    throw new Error(`${mistakes.get(error.code) ?? 'is not YAML'}, at line ${line}, column ${col}`);
  }
  return {
    language: 'yaml',
    content: valueReader()(document.contents),
    positionOf(logicalId) {
      const resources = document.get('Resources');
      const pairs: readonly Pair[] = isMap(resources) ? resources.items : [];
      const name = pairs
        .map(({ key }) => key)
        .find((key) => isScalar(key) && key.value === logicalId);
      if (!isScalar(name) || !name.range) return undefined;
      const { line, col } = lineCounter.linePos(name.range[0]);
      return { line, column: col };
    },
  };
}

const mistakes: ReadonlyMap<string, string> = new Map([
  ['DUPLICATE_KEY', 'has a name twice in one object'],
  ['MULTIPLE_DOCS', 'has more than one document'],
]);

/** Reads nodes in the order of the file: an alias stands for the last anchor of its name before. */
function valueReader(): (node: unknown) => unknown {
  const anchors = new Map<string, unknown>();
  const inProgress = new Set<unknown>();
  let count = 0;
  const valueOf = (node: unknown): unknown => {
    if (++count > MAX_VALUES) throw new Error('repeats its aliases too often to be read');
    if (isAlias(node)) return valueOfAlias(node.source);
    if (!isMap(node) && !isSeq(node) && !isScalar(node)) return undefined;
    if (inProgress.size > MAX_DEPTH) throw new Error('is nested too deeply to be read');
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    inProgress.add(node);
    const value = plainValue(node);
    inProgress.delete(node);
    return tagged(node, value);
  };
  const valueOfAlias = (name: string): unknown => {
    const node = anchors.get(name);
    if (node === undefined || inProgress.has(node))
      throw new Error(`has the alias ${name} without an anchor before it`);
    return valueOf(node);
  };
  const plainValue = (node: YAMLMap | YAMLSeq | Scalar): unknown => {
    if (isMap(node)) return mapOf(node);
    if (isSeq(node)) return node.items.map(valueOf);
    return isOctal(node.source, node.type) ? { [OCTAL]: node.source } : (node.value ?? '');
  };
  /** The members of the map itself win over merged members. */
  const mapOf = ({ items }: YAMLMap): object => {
    const members = items.map(({ key, value }): readonly [string, unknown] => [
      String(isScalar(key) ? key.value : key),
      valueOf(value),
    ]);
    const merged = members.filter(([name]) => name === '<<').flatMap(([, value]) => [value].flat());
    const own = members.filter(([name]) => name !== '<<');
    return Object.fromEntries([...merged.reverse().map(membersOf).flatMap(Object.entries), ...own]);
  };
  return valueOf;
}

/** Deeper nesting would overflow the stack. */
const MAX_DEPTH = 500;

/** The function in the place of an unquoted number that YAML 1.1 reads as octal, and CloudFormation perhaps not. */
export const OCTAL = 'unquoted number';

const isOctal = (source: string | undefined, type: string | undefined): boolean =>
  type === 'PLAIN' && /^0[0-7]+$/.test(source ?? '');

/** The long form of a short form. */
function tagged({ tag }: Node & { readonly tag?: string | undefined }, value: unknown): unknown {
  if (tag === undefined || !/^![A-Za-z]/.test(tag)) return value;
  const name = tag.slice(1);
  return { [name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`]: value };
}
