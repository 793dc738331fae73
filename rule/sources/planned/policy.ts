import { errorText } from '../../basics/text.ts';
import { isUnknown, unknown, type PolicyDocument, type Unknown } from '../../model/facts.ts';
import { readPolicyText } from '../../model/policy-text.ts';
import type { World } from '../../model/world.ts';
import { isObject } from '../../policy/json.ts';
import { notePattern } from './comparison.ts';
import type { MadeUp } from './made-up.ts';

/** The world of a policy, and its made-up values. */
interface PolicyReading {
  readonly world: World;
  readonly madeUp: MadeUp;
}

/**
 * A policy with its values in one world: an object, or JSON text. Unknown where an open value stands outside of
 * principals, conditions and resources: these alone can be tried.
 */
export function plannedPolicy(
  subject: string,
  value: unknown,
  { world, madeUp }: PolicyReading,
): PolicyDocument | Unknown {
  const policy = documentIn(subject, value, madeUp);
  if (isUnknown(policy)) return policy;
  const statements = statementsIn(policy.document);
  const [open] = statements.flatMap((statement) => openElement(statement, madeUp));
  if (open !== undefined)
    return unknown(`${subject} depends on ${open.label} in its ${open.element}`, open.settledBy);
  notePolicy(policy, world);
  return policy;
}

/** Notes the texts of a policy that are compared with the request. */
export function notePolicy({ document }: PolicyDocument, world: World): void {
  for (const statement of statementsIn(document))
    for (const [name, element] of Object.entries(statement))
      if (!wordsOnly.has(name))
        for (const text of textsIn(element))
          if (mayBePattern(name, text) || isEverybody(name, statement)) notePattern(text, world);
          else world.note(text);
}

/** Whether an open value in the text may be a wildcard: the name of a bucket is none. */
const mayBePattern = (element: string, text: string): boolean =>
  element === 'Condition' || (element.endsWith('Resource') && !text.includes(':s3:'));

/** An open principal of a Deny may be `*`, which is everybody. Nobody gives a key to everybody by such a value. */
const isEverybody = (element: string, statement: object): boolean =>
  element.endsWith('Principal') && !('Effect' in statement && statement.Effect === 'Allow');

/** The elements that are never compared with an account or Region. */
const wordsOnly = new Set(['Sid', 'Effect', 'Action', 'NotAction']);

function documentIn(subject: string, value: unknown, madeUp: MadeUp): PolicyDocument | Unknown {
  if (typeof value === 'string') return documentInText(subject, value, madeUp);
  return isObject(value)
    ? { kind: 'policy', document: value }
    : unknown(`${subject} is not a policy`, 'write an object with Statement');
}

function documentInText(subject: string, text: string, madeUp: MadeUp): PolicyDocument | Unknown {
  try {
    return readPolicyText(subject, text);
  } catch (error) {
    const open = madeUp.openIn(text);
    return open === undefined
      ? unknown(`${subject} is not JSON: ${errorText(error)}`, 'write it as JSON')
      : unknown(`${subject} depends on ${open.label}`, open.settledBy);
  }
}

function statementsIn(document: unknown): readonly object[] {
  const { Statement } = document as { Statement?: unknown };
  return [Statement]
    .flat()
    .map((each) => (typeof each === 'object' && each !== null ? each : { Statement: each }));
}

/** The first open value that cannot be tried. */
function openElement(statement: object, madeUp: MadeUp) {
  for (const [element, value] of Object.entries(statement)) {
    for (const text of textsIn(value)) {
      const open = madeUp.openIn(text);
      if (open !== undefined && (open.isAnything || !triable.has(element)))
        return [{ ...open, element }];
    }
  }
  return [];
}

const triable = new Set([
  'Sid',
  'Principal',
  'NotPrincipal',
  'Condition',
  'Resource',
  'NotResource',
]);

/** All texts in a value, names of members too. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [String(value)];
  return Object.entries(value).flatMap(([name, member]) => [name, ...textsIn(member)]);
}
