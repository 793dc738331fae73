import { isMembers, membersOf, scalarText, type Members } from './members.ts';

/** Values of parameters by name, as texts. */
export type Given = Readonly<Record<string, string>>;

/** The values that are known while a template is read. */
interface KnownValues {
  readonly parameters: Readonly<Record<string, Members>>;
  readonly mappings: Members;
  readonly given: Given;
}

/**
 * The texts of a list that is known before the deployment: literals, the value or default of a parameter, or a list of a
 * mapping.
 */
export function listIn(list: unknown, known: KnownValues): readonly string[] | undefined {
  if (Array.isArray(list)) {
    const lists = list.map((each) => (typeof each === 'string' ? [each] : listIn(each, known)));
    return lists.some((each) => each === undefined)
      ? undefined
      : lists.flatMap((each) => each ?? []);
  }
  if (!isMembers(list)) return undefined;
  const found =
    'Fn::FindInMap' in list ? mapped(list['Fn::FindInMap'], known) : parameterOrText(list, known);
  if (Array.isArray(found)) return listIn(found, known);
  return found === undefined
    ? undefined
    : scalarText(found)
        .split(',')
        .map((each) => each.trim());
}

/** The value or the default of the parameter in a `Ref`; text stands for itself. */
function parameterOrText(value: unknown, { parameters, given }: KnownValues): unknown {
  if (typeof value === 'string') return value;
  const { Ref } = membersOf(value);
  return typeof Ref === 'string' ? (given[Ref] ?? parameters[Ref]?.Default) : undefined;
}

/** The value of a mapping. */
function mapped(operand: unknown, known: KnownValues): unknown {
  const names = Array.isArray(operand)
    ? operand.slice(0, 3).map((each) => parameterOrText(each, known))
    : [];
  return names.reduce<unknown>((found, name) => membersOf(found)[scalarText(name)], known.mappings);
}
