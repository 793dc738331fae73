import { newBudget, type Budget } from './budget.ts';
import type { Context } from './context.ts';
import { decideWhole, type Decision } from './decision.ts';
import { asList, isObject } from './json.ts';
import type { Request } from './request.ts';
import { outcomeByCases } from './split.ts';
import { compileStatement, unreadableStatement, type Statement } from './statement.ts';

/** A resource policy, compiled once and asked many times. */
export interface Policy {
  readonly statements: readonly Statement[];
}

/**
 * Compiles a resource policy, each document once. Never throws: JSON beyond the grammar of policies
 * answers `unsure`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function compilePolicy(document: unknown): Policy {
  if (!isObject(document)) return { statements: [unreadableStatement(0)] };
  const policy = policies.get(document) ?? compileDocument(document);
  policies.set(document, policy);
  return policy;
}

const policies = new WeakMap<object, Policy>();

function compileDocument(document: Readonly<Record<string, unknown>>): Policy {
  const { Version: version, Statement: statement, ...others } = document;
  const isKnown = version === undefined || version === '2008-10-17' || version === '2012-10-17';
  const isStrange = Object.keys(others).some((name) => name !== 'Id');
  if (!isKnown || isStrange || statement === undefined)
    return { statements: [unreadableStatement(0)] };
  const variables = version === '2012-10-17';
  return {
    statements: asList(statement).map((each, index) => compileStatement(each, index, variables)),
  };
}

/**
 * Decides a request: a Deny wins over an Allow, where both apply; without either the request is refused.
 * Equal requests in the same context are decided once.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function decisionOf(policy: Policy, request: Request, budget = newBudget()): Decision {
  const contexts = decisions.get(policy) ?? new WeakMap<Context, Map<string, Decision>>();
  const remembered = contexts.get(request.context) ?? new Map<string, Decision>();
  decisions.set(policy, contexts.set(request.context, remembered));
  const name = JSON.stringify([request.service, request.action, request.resource]);
  const decision = remembered.get(name) ?? decideAnew(policy, request, budget);
  remembered.set(name, decision);
  return decision;
}

const decisions = new WeakMap<Policy, WeakMap<Context, Map<string, Decision>>>();

function decideAnew({ statements }: Policy, request: Request, budget: Budget): Decision {
  const decide = (each: Request): Decision => decideWhole(statements, { ...each, budget });
  const decision = decide(request);
  if (decision.outcome !== 'unsure') return decision;
  return { ...decision, outcome: outcomeByCases(decide, request, decision) };
}
