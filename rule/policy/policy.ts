import { boundedCache } from '../basics/memory.ts';
import { newBudget, type Budget } from './budget.ts';
import { knownOf } from './context.ts';
import { decideWhole, decisiveStatements, unsettledKeys, type Decision } from './decision.ts';
import { asList, isObject } from './json.ts';
import { nameOf } from './known.ts';
import type { Request } from './request.ts';
import { outcomeByCases } from './split.ts';
import { compileStatement, unreadableStatement, type Statement } from './statement.ts';

/** A resource policy, compiled once and asked many times. */
export interface Policy {
  readonly statements: readonly Statement[];
  /** Every condition key that the policy names, in lower case. */
  readonly keys: readonly string[];
  /** True if no statement tells resources apart. */
  readonly isForAnyResource: boolean;
  /** The decision under this name, made once. */
  readonly remembered: (name: string, decide: () => Decision) => Decision;
}

/** Bounds the memory: most policies of a hundred thousand buckets are asked for one bucket, then never again. */
const MAX_POLICIES = 1000;

const policies = boundedCache<Policy>(MAX_POLICIES);

/**
 * Compiles a resource policy, mostly once. Never throws: JSON beyond the grammar of policies
 * answers `unsure`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export const compilePolicy = (document: unknown): Policy =>
  isObject(document)
    ? policies(document, () => policyOf(compileStatements(document)))
    : policyOf([unreadableStatement(0)]);

/** Bounds the memory: a policy that asks for the object's ARN has another answer for each bucket and account. */
const MAX_REMEMBERED = 1000;

function policyOf(statements: readonly Statement[]): Policy {
  const keys = new Set<string>();
  for (const statement of statements) for (const key of statement.keys) keys.add(key.toLowerCase());
  const isForAnyResource = statements.every((each) => each.isForAnyResource);
  const remembered = boundedCache<Decision>(MAX_REMEMBERED);
  return { statements, keys: [...keys], isForAnyResource, remembered };
}

function compileStatements(document: Readonly<Record<string, unknown>>): readonly Statement[] {
  const { Version: version, Statement: statement, ...others } = document;
  const isKnown = version === undefined || version === '2008-10-17' || version === '2012-10-17';
  const isStrange = Object.keys(others).some((name) => name !== 'Id');
  if (!isKnown || isStrange || statement === undefined) return [unreadableStatement(0)];
  const variables = version === '2012-10-17';
  return asList(statement).map((each, index) => compileStatement(each, index, variables));
}

/**
 * Decides a request: a Deny wins over an Allow, where both apply; without either the request is refused.
 * Requests that differ only in condition keys that the policy does not name are decided once.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export const decisionOf = (policy: Policy, request: Request, budget = newBudget()): Decision =>
  policy.remembered(requestName(policy, request), () => decideAnew(policy, request, budget));

/** The deciding statements; for a refusal without a Deny, every Allow, as no Allow applied. */
export const decisiveOf = (policy: Policy, request: Request): readonly Statement[] =>
  decisiveStatements(policy.statements, decisionOf(policy, request));

/** The condition keys to learn, to settle each unsure statement of a decision that does not allow. */
export function unsettledOf(policy: Policy, request: Request): readonly string[] {
  const { outcome, applies } = decisionOf(policy, request);
  if (outcome === 'allowed') return [];
  const unsure = policy.statements.filter((_, index) => applies[index] === 'unsure');
  return unsettledKeys(unsure, { ...request, budget: newBudget() });
}

/** The parts of a request that the policy can tell apart. */
function requestName(policy: Policy, { service, action, resource, context }: Request): string {
  const { keys, isForAnyResource } = policy;
  const isAlike = isForAnyResource && resource.kind === 'value';
  let name = `${service}\n${action}\n${isAlike ? '' : nameOf(resource)}`;
  for (const key of keys) name += `\n${nameOf(knownOf(context, key))}`;
  return name;
}

function decideAnew({ statements }: Policy, request: Request, budget: Budget): Decision {
  const decide = (each: Request): Decision => decideWhole(statements, { ...each, budget });
  const unsettled = (decision: Decision, each: Request): readonly string[] =>
    unsettledKeys(decisiveStatements(statements, decision), { ...each, budget });
  const decision = decide(request);
  if (decision.outcome !== 'unsure') return decision;
  return { ...decision, outcome: outcomeByCases(request, decision, { decide, unsettled }) };
}
