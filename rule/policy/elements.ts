import type { Budget } from './budget.ts';
import { anything, arnGlob, glob, joined, literal, lowerCase, type Glob } from './glob.ts';
import { asList, isObject } from './json.ts';
import { present, type Known } from './known.ts';
import { lazy } from './lazy.ts';
import { isAnything, match } from './match.ts';
import { compilePattern, keysOf, resolvable, resolve, type Pattern } from './pattern.ts';
import type { Asked, Request } from './request.ts';
import { waysSent, type Sent, type Shape } from './sent.ts';
import { agreedOf, anyOf, type Ternary } from './ternary.ts';

/** The value of an element, compiled. */
export interface ElementTest {
  /** Whether the value matches the request. */
  readonly holds: (asked: Asked) => Ternary;
  /** The part of the request that is compared. */
  readonly sent: (request: Request) => Known;
  readonly keys?: readonly string[];
  /** Whether the value may make the whole statement invalid: then the statement surely applies to nothing. */
  readonly isDoubtful?: (asked: Asked) => boolean;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
export function principalTest(value: unknown): ElementTest {
  const names = lazy(() => principalNames(value));
  return {
    holds: ({ service }) =>
      anyOf(names(), (name) => (typeof name === 'object' ? name.service === service : name)),
    sent: ({ service }) => present(service),
  };
}

/** The name of a service, or the answer for every service. */
type PrincipalName = Ternary | { readonly service: string };

function principalNames(value: unknown): readonly PrincipalName[] {
  if (!isObject(value)) return asList(value).map((each) => each === '*' || 'unsure');
  const names: PrincipalName[] = [];
  for (const type of Object.keys(value))
    for (const name of asList(value[type])) names.push(principalName(type, name));
  return names;
}

function principalName(type: string, name: unknown): PrincipalName {
  if (typeof name !== 'string') return 'unsure';
  switch (type) {
    case 'AWS':
      return name === '*';
    case 'Service':
      // The name of a service is exact: a wildcard inside matches nobody. AWS does not document a name of `*` alone.
      return /^\*+$/.test(name) ? 'unsure' : { service: name };
    case 'Federated':
    case 'CanonicalUser':
      return false;
    default:
      return 'unsure';
  }
}

/** Action names are compared without regard to case. */
export function actionTest(value: unknown): ElementTest {
  const patterns = lazy(() =>
    asList(value).map((each) => (typeof each === 'string' ? lowerCase(glob(each)) : undefined)),
  );
  return {
    holds({ action, budget }) {
      const name = literal(action.toLowerCase());
      return anyOf(patterns(), (pattern) => (pattern ? match(pattern, name, budget) : 'unsure'));
    },
    sent: ({ action }) => present(action),
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html */
export function resourceTest(value: unknown, variables: boolean): ElementTest {
  const patterns = asList(value).map((each) =>
    typeof each === 'string' ? compilePattern(each, { variables, wildcards: true }) : undefined,
  );
  return {
    holds: (asked) =>
      agreedOf(waysSent(asked.resource).flatMap(shapesOf), (shape) =>
        anyOf(patterns, (each) => (each ? resourceMatches(each, shape, asked) : 'unsure')),
      ),
    sent: ({ resource }) => resource,
    keys: patterns.flatMap((pattern) => (pattern ? keysOf(pattern) : [])),
    isDoubtful: ({ context }) =>
      patterns.some((each) => each !== undefined && !resolvable(each, context)),
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
  if (isAnything(pattern)) return true;
  if (match(pattern, arn, budget) === false) {
    const completed = joined([pattern, literal(':'), anything]);
    if (match(completed, arn, budget) === false) return false;
  }
  const fields = arnGlob(pattern);
  return fields !== undefined && match(fields, arn, budget) === true ? true : 'unsure';
}
