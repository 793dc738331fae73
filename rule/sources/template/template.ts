import { unrollForEach } from './for-each.ts';

/** A place in a file. Lines and columns count from 1. */
export interface FilePosition {
  readonly line: number;
  readonly column: number;
}

/** An object of a template: values are functions and literals, in the long form of CloudFormation. */
export type Members = Readonly<Record<string, unknown>>;

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

export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A scalar as text; a list or an object as JSON. */
export const scalarText = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);

export const membersOf = (value: unknown): Members => (isMembers(value) ? value : {});

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
  const body = membersOf(unrollForEach(raw, (list) => listIn(list, parameters, given)));
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
    positionOf,
  };
}

/** Values of parameters by name, as texts. */
export type Given = Readonly<Record<string, string>>;

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

/** The texts of a list that is known before the deployment: literals, or the value or default of a parameter. */
function listIn(
  list: unknown,
  parameters: Template['parameters'],
  given: Given,
): readonly string[] | undefined {
  if (Array.isArray(list)) {
    const lists = list.map((each) =>
      typeof each === 'string' ? [each] : listIn(each, parameters, given),
    );
    return lists.some((each) => each === undefined)
      ? undefined
      : lists.flatMap((each) => each ?? []);
  }
  const { Ref } = membersOf(list);
  if (typeof Ref !== 'string') return undefined;
  const value = given[Ref] ?? parameters[Ref]?.Default;
  return value === undefined
    ? undefined
    : scalarText(value)
        .split(',')
        .map((each) => each.trim());
}
