import type { Budget } from './budget.ts';
import { arnGlob, glob, literal, lowerCase, type Glob } from './glob.ts';
import { asList, isObject } from './json.ts';
import { present, type Known } from './known.ts';
import { match } from './match.ts';
import { compilePattern, keysOf, resolvable, resolve, type Pattern } from './pattern.ts';
import type { Asked } from './request.ts';
import { waysSent, type Sent, type Shape } from './sent.ts';
import { agreed, any, type Ternary } from './ternary.ts';

/** The value of an element, compiled: answers whether the value matches a request, and tells what was compared. */
export type ElementTest = (asked: Asked) => {
  readonly holds: Ternary;
  readonly sent: Known;
  readonly keys?: readonly string[];
  /** Whether the value may make the whole statement invalid: then the statement surely applies to nothing. */
  readonly doubtful?: boolean;
};

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
export function principalTest(value: unknown): ElementTest {
  const holds = (service: string): Ternary =>
    isObject(value)
      ? any(
          Object.entries(value).flatMap(([type, names]) =>
            asList(names).map((name) => principalMatches(type, name, service)),
          ),
        )
      : any(asList(value).map((each) => each === '*' || 'unsure'));
  return ({ service }) => ({ holds: holds(service), sent: present(service) });
}

function principalMatches(type: string, name: unknown, service: string): Ternary {
  if (typeof name !== 'string') return 'unsure';
  switch (type) {
    case 'AWS':
      return name === '*';
    case 'Service':
      // The name of a service is exact: a wildcard inside matches nobody. AWS does not document a name of `*` alone.
      return /^\*+$/.test(name) ? 'unsure' : name === service;
    case 'Federated':
    case 'CanonicalUser':
      return false;
    default:
      return 'unsure';
  }
}

/** Action names are compared without regard to case. */
export function actionTest(value: unknown): ElementTest {
  const patterns = asList(value).map((each) =>
    typeof each === 'string' ? lowerCase(glob(each)) : undefined,
  );
  return ({ action, budget }) => {
    const name = literal(action.toLowerCase());
    const matches = patterns.map((pattern) => (pattern ? match(pattern, name, budget) : 'unsure'));
    return { holds: any(matches), sent: present(action) };
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html */
export function resourceTest(value: unknown, variables: boolean): ElementTest {
  const patterns = asList(value).map((each) =>
    typeof each === 'string' ? compilePattern(each, { variables, wildcards: true }) : undefined,
  );
  const keys = patterns.flatMap((pattern) => (pattern ? keysOf(pattern) : []));
  return (asked) => {
    const { resource: sent, context } = asked;
    const matches = waysSent(sent)
      .flatMap(shapesOf)
      .map((shape) =>
        any(patterns.map((each) => (each ? resourceMatches(each, shape, asked) : 'unsure'))),
      );
    const doubtful = patterns.some((each) => each !== undefined && !resolvable(each, context));
    return { holds: agreed(matches), sent, keys, doubtful };
  };
}

function shapesOf(sent: Sent): readonly Shape[] {
  if (sent.kind === 'absent') return [];
  return sent.kind === 'one' ? [sent.shape] : sent.shapes;
}

function resourceMatches(pattern: Pattern, shape: Shape, { context, budget }: Asked): Ternary {
  const resolved = resolve(pattern, context);
  if (resolved.kind === 'nothing') return false;
  const answer =
    shape.kind === 'outside' ? 'unsure' : arnMatches(resolved.glob, shape.glob, budget);
  return resolved.kind === 'exactly' || answer === false ? answer : 'unsure';
}

/**
 * `*` is every resource. For resource policies AWS does not document whether a wildcard crosses the fields of an ARN,
 * nor whether an incomplete ARN is completed: an answer is sure only where every reading agrees.
 */
function arnMatches(pattern: Glob, arn: Glob, budget: Budget): Ternary {
  if (pattern.length === 1 && match(pattern, arn, budget) === true) return true;
  const completed = [...pattern, ':', ...glob('*')];
  if (any([match(pattern, arn, budget), match(completed, arn, budget)]) === false) return false;
  const fields = arnGlob(pattern);
  return fields !== undefined && match(fields, arn, budget) === true ? true : 'unsure';
}
