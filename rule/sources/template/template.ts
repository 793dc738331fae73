import { isMembers, membersOf, scalarText, type Members } from './members.ts';
import { unrollForEach } from './for-each.ts';
import { listIn, type Given } from './known-list.ts';

/** A place in a file. Lines and columns count from 1. */
export interface FilePosition {
  readonly line: number;
  readonly column: number;
}

/**
 * A CloudFormation template. Functions are in long form, such as `{ "Fn::Sub": "..." }`.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
 */
export interface Template {
  readonly file: string;
  readonly language: 'yaml' | 'json';
  readonly resources: Readonly<Record<string, Resource>>;
  readonly parameters: Readonly<Record<string, Members>>;
  readonly mappings: Members;
  readonly conditions: Members;
  readonly outputs: Readonly<Record<string, Members>>;
  /** Macros that rewrite the template. */
  readonly transforms: readonly string[];
  /** The place of a resource in the file. */
  readonly positionOf: (logicalId: string) => FilePosition | undefined;
}

export interface Resource {
  readonly type: string;
  readonly condition: string | undefined;
  readonly properties: Members;
  /** True if a macro inside the resource writes properties. */
  readonly isRewritten: boolean;
}

/** The content of a file, and the places of resources. */
export interface ParsedFile {
  readonly language: Template['language'];
  readonly content: unknown;
  readonly positionOf: Template['positionOf'];
}

/** Whether a resource is a stack with a template of its own. */
export const isNestedStack = ({ type }: Resource): boolean =>
  type === 'AWS::CloudFormation::Stack' || type === 'AWS::Serverless::Application';

/**
 * The template in a parsed file, with loops unrolled; undefined where the file has no resources. Throws an Error for a
 * part that cannot be read. `given` has the values of parameters.
 */
export function templateIn(
  file: string,
  { language, content, positionOf }: ParsedFile,
  given: Given = {},
): Template | undefined {
  const raw = membersOf(content);
  if (!isMembers(raw.Resources)) return undefined;
  const parameters = mapMembers(raw.Parameters, membersOf);
  const known = { parameters, mappings: membersOf(raw.Mappings), given };
  const unrolled = (value: unknown) =>
    membersOf(unrollForEach(value, (list) => listIn(list, known)));
  const body = unrolled(raw);
  const { 'Fn::Transform': included, ...resources } = membersOf(body.Resources);
  return {
    file,
    language,
    resources: mapMembers(resources, readResource),
    parameters,
    mappings: membersOf(body.Mappings),
    conditions: membersOf(body.Conditions),
    outputs: mapMembers(body.Outputs, membersOf),
    transforms: [raw.Transform ?? [], included ?? [], raw['Fn::Transform'] ?? []]
      .flat()
      .map(transformName),
    positionOf: withLoops(positionOf, raw.Resources, unrolled),
  };
}

/** A resource of a loop stands where the loop stands. */
function withLoops(
  positionOf: Template['positionOf'],
  resources: Members,
  unrolled: (value: unknown) => Members,
): Template['positionOf'] {
  const loops = Object.entries(resources).filter(([name]) => name.startsWith('Fn::ForEach::'));
  const loopOf = new Map(
    loops.flatMap(([name, loop]) =>
      Object.keys(unrolled({ [name]: loop })).map((logicalId) => [logicalId, name] as const),
    ),
  );
  return (logicalId) => positionOf(loopOf.get(logicalId) ?? logicalId);
}

const mapMembers = <T>(
  value: unknown,
  map: (member: unknown, name: string) => T,
): Record<string, T> =>
  Object.fromEntries(
    Object.entries(membersOf(value)).map(([name, member]) => [name, map(member, name)]),
  );

function readResource(value: unknown, name: string): Resource {
  const { Type, Condition, Properties } = membersOf(value);
  if (typeof Type !== 'string') throw new Error(`resource ${name} has no Type`);
  return {
    type: Type,
    condition: typeof Condition === 'string' ? Condition : undefined,
    properties: membersOf(Properties),
    isRewritten: [value, Properties].some((each) => 'Fn::Transform' in membersOf(each)),
  };
}

const transformName = (transform: unknown): string =>
  typeof transform === 'string'
    ? transform
    : scalarText(membersOf(transform).Name ?? 'Fn::Transform');
