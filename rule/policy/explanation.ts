import type { Decision, StatementResult } from './decision.ts';
import { knownInWords } from './known.ts';
import type { Step } from './statement.ts';

/** Explains a decision by the applied Deny, the closest Allow, or the unsure statement. */
export function explanationOf({ outcome, decisive }: Decision, caller: string): string {
  const [statement] = [...decisive].sort((a, b) => distance(a) - distance(b));
  if (statement === undefined) return 'it has no statement that allows anything';
  const name = statementName(statement);
  if (outcome === 'allowed') return `${name} allows it`;
  if (outcome === 'unsure') return `${name}: ${mismatches(statement, caller)}`;
  if (statement.effect === 'Deny')
    return [`${name} forbids it`, conditionsInWords(statement, caller)].filter(Boolean).join(': ');
  const [principal] = statement.steps;
  if (principal?.holds !== false) return `${name}: ${mismatches(statement, caller)}`;
  const nobody = `no statement is for ${knownInWords(principal.sent)}`;
  return isForService(statement) ? `${nobody}, ${name} is for ${listed(principal.wants)}` : nobody;
}

/** How far a statement was from applying: an element counts before all conditions, two conditions before a single condition. */
function distance(statement: StatementResult): number {
  const failed = statement.steps.filter(({ holds }) => holds !== true);
  const start = isForService(statement) ? -1 : 0;
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

/** Whether the statement is for a service, though perhaps not for the caller. */
const isForService = ({ steps: [principal] }: StatementResult): boolean =>
  principal?.wants.some((name) => name.startsWith('Service: ')) ?? false;

/** The statement by Sid, or by place, counted from 1. */
function statementName({ sid, index, effect }: StatementResult): string {
  const kind = effect === 'Deny' ? 'Deny statement' : 'statement';
  return sid === undefined ? `${kind} number ${index + 1}` : `${kind} \`${brief(sid)}\``;
}

/** The failed elements and conditions or, where nothing failed, the unsure elements and conditions. */
function mismatches({ steps }: StatementResult, caller: string): string {
  const failed = steps.filter(({ holds }) => holds === false);
  const shown = failed.length > 0 ? failed : steps.filter(({ holds }) => holds !== true);
  return shown.map((step) => stepInWords(step, caller)).join('; ');
}

const conditionsInWords = ({ steps }: StatementResult, caller: string): string =>
  steps
    .filter(({ element }) => element === 'Condition')
    .map((step) => stepInWords(step, caller))
    .join('; ');

/** An element or condition: the wanted values, and the sent value. */
function stepInWords({ element, operator, key, holds, wants, sent }: Step, caller: string): string {
  if (element === 'Statement') return 'it cannot be read';
  const subject = operator === undefined ? element : brief(`${operator} ${key ?? ''}`.trim());
  if (wants.length === 0 && holds === 'unsure') return `its ${subject} cannot be read`;
  if (wants.length === 0 && operator === undefined) return `it has no ${element}`;
  const something = holds === 'unsure' && sent.kind === 'like' ? 'something like ' : '';
  return `${subject} wants ${listed(wants)}, ${caller} sends ${something}${knownInWords(sent)}`;
}

const MAX_LISTED = 3;

/** A text of a policy, shortened: a message is no place for 32 KB. */
const brief = (text: string): string => text.replace(/^(.{99})..+$/su, '$1…');

function listed(values: readonly string[]): string {
  if (values.length === 0) return 'nothing';
  const shown = values.slice(0, MAX_LISTED).map(brief).join(' or ');
  return values.length > MAX_LISTED ? `${shown} or ${values.length - MAX_LISTED} more` : shown;
}
