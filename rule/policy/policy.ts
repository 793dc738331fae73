import { isObject } from './condition.ts';
import { knownOf, withKey, type Context } from './context.ts';
import { casesOf } from './known.ts';
import {
  applies,
  compileStatement,
  unreadableStatement,
  type Effect,
  type Request,
  type Statement,
  type Step,
} from './statement.ts';
import { all, any, not, type Ternary } from './ternary.ts';

/** A resource policy, read once and asked many times. */
export interface Policy {
  readonly statements: readonly Statement[];
}

/** A statement as it met one request. */
export interface Judged {
  readonly index: number;
  readonly sid: string | undefined;
  readonly effect: Effect;
  readonly applies: Ternary;
  readonly steps: readonly Step[];
}

/** What a policy says to a request, for every value that the unknown parts of it could take, or `unsure`. */
export interface Decision {
  readonly outcome: 'allowed' | 'denied' | 'unsure';
  /** The statements that made it so; for a refusal that no Deny forbids, every Allow that did not apply. */
  readonly decisive: readonly Judged[];
  readonly statements: readonly Judged[];
}

/**
 * Reads a resource policy, each document once. Whatever the JSON, it does not throw: what AWS would not understand
 * answers `unsure`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function compilePolicy(document: unknown): Policy {
  if (!isObject(document)) return { statements: [unreadableStatement(0)] };
  const policy = compiled.get(document) ?? read(document);
  compiled.set(document, policy);
  return policy;
}

const compiled = new WeakMap<object, Policy>();

function read(document: Readonly<Record<string, unknown>>): Policy {
  const { Version: version, Statement: statement, ...others } = document;
  const known = version === undefined || version === '2008-10-17' || version === '2012-10-17';
  const strange = Object.keys(others).some((name) => name !== 'Id');
  if (!known || strange || statement === undefined) return { statements: [unreadableStatement(0)] };
  const list: unknown[] = Array.isArray(statement) ? statement : [statement];
  return {
    statements: list.map((each, index) => compileStatement(each, index, version === '2012-10-17')),
  };
}

/**
 * Decides a request: a Deny that applies wins, then an Allow that applies, else it is refused.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function decisionOf(policy: Policy, request: Request): Decision {
  const asked = decided.get(policy) ?? new WeakMap<Context, Map<string, Decision>>();
  const answers = asked.get(request.context) ?? new Map<string, Decision>();
  decided.set(policy, asked.set(request.context, answers));
  const question = JSON.stringify([request.service, request.action, request.resource]);
  const answer = answers.get(question) ?? decideAnew(policy, request);
  answers.set(question, answer);
  return answer;
}

/** What was asked before, in the very same context. */
const decided = new WeakMap<Policy, WeakMap<Context, Map<string, Decision>>>();

function decideAnew(policy: Policy, request: Request): Decision {
  const decision = decideOnce(policy, request);
  if (decision.outcome !== 'unsure') return decision;
  return {
    ...decision,
    outcome: bySplitting(policy, request, { decision, left: { splits: SPLITS } }),
  };
}

function decideOnce({ statements }: Policy, request: Request): Decision {
  const judged = statements.map(({ index, sid, effect, steps }): Judged => {
    const taken = steps.map((step) => step(request));
    return { index, sid, effect, applies: applies(taken), steps: taken };
  });
  const allows = judged.filter(({ effect }) => effect === 'Allow');
  const denies = judged.filter(({ effect }) => effect === 'Deny');
  const unreadable = judged.filter(
    ({ effect, applies }) => effect === 'unreadable' && applies !== false,
  );
  const doubt = unreadable.length > 0 ? ['unsure' as const] : [];
  const allowed = any([...allows.map((each) => each.applies), ...doubt]);
  const denied = any([...denies.map((each) => each.applies), ...doubt]);
  const outcome = words.get(all([allowed, not(denied)])) ?? 'unsure';
  const that = (among: readonly Judged[], answer: Ternary) =>
    among.filter((each) => each.applies === answer);
  return { outcome, decisive: decisiveOf(), statements: judged };

  function decisiveOf(): readonly Judged[] {
    switch (outcome) {
      case 'allowed':
        return that(allows, true);
      case 'denied':
        return denied === true ? that(denies, true) : allows;
      case 'unsure': {
        const doubted = allowed === true ? [] : that(allows, 'unsure');
        return [...unreadable, ...that(denies, 'unsure'), ...doubted];
      }
    }
  }
}

const words = new Map<Ternary, Decision['outcome']>([
  [true, 'allowed'],
  [false, 'denied'],
  ['unsure', 'unsure'],
]);

/** How many splits one question is worth: policies of this world need one or two. */
const SPLITS = 32;

/** Where a key can only be one of a few things, asks for each of them: what holds for all of them holds. */
function bySplitting(
  policy: Policy,
  request: Request,
  { decision, left }: { decision: Decision; left: { splits: number } },
): Decision['outcome'] {
  const { context } = request;
  const splits = (name: string): boolean =>
    !name.endsWith('*') && casesOf(knownOf(context, name)).length > 1;
  const key = unsettled(decision).find(splits);
  if (key === undefined || left.splits-- <= 0) return 'unsure';
  let common: Decision['outcome'] | undefined;
  for (const known of casesOf(knownOf(context, key))) {
    const narrowed = { ...request, context: withKey(context, key, known) };
    const each = decideOnce(policy, narrowed);
    const outcome =
      each.outcome === 'unsure'
        ? bySplitting(policy, narrowed, { decision: each, left })
        : each.outcome;
    if (outcome === 'unsure' || (common !== undefined && common !== outcome)) return 'unsure';
    common = outcome;
  }
  return common ?? 'unsure';
}

/** The condition keys that would settle an unsure decision, by the names that the policy uses. */
export function unsettled({ decisive }: Decision): readonly string[] {
  const steps = decisive.flatMap((statement) => statement.steps);
  return [...new Set(steps.filter(({ holds }) => holds === 'unsure').flatMap(({ keys }) => keys))];
}
