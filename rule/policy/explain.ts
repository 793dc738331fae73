import { knownInWords } from './known.ts';
import { decisionOf, unsettled, type Decision, type Judged, type Policy } from './policy.ts';
import type { Request, Step } from './statement.ts';

/** What a policy says to several requests together. */
export interface Answer {
  /** The gravest of the decisions. */
  readonly outcome: Decision['outcome'];
  /** The actions that came out so. */
  readonly actions: readonly string[];
  /** Why the first of them did, in one sentence. */
  readonly why: string;
  /** Whether a Deny is what refuses it, so that no further Allow would help. */
  readonly forbidden: boolean;
  /** The condition keys that would settle what is unsure, in the policy's own spelling. */
  readonly unsettled: readonly string[];
}

/** Asks a policy all the requests that one thing needs; `caller` is what the answer calls the one who asks. */
export function answer(policy: Policy, requests: readonly Request[], caller: string): Answer {
  const decisions = requests.map((request) => ({
    ...request,
    decision: decisionOf(policy, request),
  }));
  const gravest = (['denied', 'unsure', 'allowed'] as const).find((outcome) =>
    decisions.some(({ decision }) => decision.outcome === outcome),
  );
  const those = decisions.filter(({ decision }) => decision.outcome === gravest);
  const [first] = those;
  return {
    outcome: gravest ?? 'unsure',
    actions: those.map(({ action }) => action),
    why: first === undefined ? 'nothing was asked' : explain(first.decision, caller),
    forbidden:
      gravest === 'denied' &&
      (first?.decision.decisive.some(({ effect }) => effect === 'Deny') ?? false),
    unsettled: [...new Set(those.flatMap(({ decision }) => unsettled(decision)))],
  };
}

/** Why a decision came out as it did: the Deny that applies, the Allow that came closest, or what is unsure. */
function explain({ outcome, decisive }: Decision, caller: string): string {
  const [statement] = [...decisive].sort((a, b) => distance(a) - distance(b));
  if (statement === undefined) return 'it has no statement that allows anything';
  const name = nameOf(statement);
  if (outcome === 'allowed') return `${name} allows it`;
  if (outcome === 'unsure') return `${name}: ${say(statement, caller)}`;
  if (statement.effect === 'Deny')
    return [`${name} forbids it`, circumstances(statement, caller)].filter(Boolean).join(': ');
  const [principal] = statement.steps;
  if (principal?.holds !== false) return `${name}: ${say(statement, caller)}`;
  const nobody = `no statement is for ${knownInWords(principal.sent)}`;
  return isForAService(statement) ? `${nobody}, ${name} is for ${listed(principal.wants)}` : nobody;
}

/** How far a statement was from applying: an element counts before all conditions, two conditions before one. */
function distance(statement: Judged): number {
  const failed = statement.steps.filter(({ holds }) => holds !== true);
  const start = isForAService(statement) ? -1 : 0;
  return failed.reduce((sum, { element }) => sum + (weights.get(element) ?? 10), start);
}

const weights = new Map([
  ['Principal', 100_000],
  ['NotPrincipal', 100_000],
  ['Action', 10_000],
  ['NotAction', 10_000],
  ['Resource', 1000],
  ['NotResource', 1000],
]);

/** Whether the statement is for a service, if not for the one that asks. */
const isForAService = ({ steps: [principal] }: Judged): boolean =>
  principal?.wants.some((name) => name.startsWith('Service: ')) ?? false;

/** The statement by its Sid, or by its place counted from one. */
function nameOf({ sid, index, effect }: Judged): string {
  const kind = effect === 'Deny' ? 'Deny statement' : 'statement';
  return sid === undefined ? `${kind} number ${index + 1}` : `${kind} \`${sid}\``;
}

/** What failed in a statement or, where nothing did, what is unsure. */
function say({ steps }: Judged, caller: string): string {
  const failed = steps.filter(({ holds }) => holds === false);
  const shown = failed.length > 0 ? failed : steps.filter(({ holds }) => holds !== true);
  return shown.map((step) => sayStep(step, caller)).join('; ');
}

/** The conditions of a Deny that applies. */
const circumstances = ({ steps }: Judged, caller: string): string =>
  steps
    .filter(({ element }) => element === 'Condition')
    .map((step) => sayStep(step, caller))
    .join('; ');

/** One element or condition: what it wants and what is sent. */
function sayStep({ element, operator, key, holds, wants, sent }: Step, caller: string): string {
  if (element === 'Statement') return 'it cannot be read';
  const subject = operator === undefined ? element : `${operator} ${key ?? ''}`.trim();
  if (wants.length === 0 && holds === 'unsure') return `its ${subject} cannot be read`;
  if (wants.length === 0 && operator === undefined) return `it has no ${element}`;
  const like = holds === 'unsure' && sent.kind === 'like' ? 'something like ' : '';
  return `${subject} wants ${listed(wants)}, ${caller} sends ${like}${knownInWords(sent)}`;
}

/** The first few of a list, in words. */
function listed(values: readonly string[]): string {
  const most = 3;
  if (values.length === 0) return 'nothing';
  const shown = values.slice(0, most).join(' or ');
  return values.length > most ? `${shown} or ${values.length - most} more` : shown;
}
