import type { Decision } from './decision.ts';
import { knownInWords, type Known } from './known.ts';
import type { Asked } from './request.ts';
import { elementsOf, type Element, type Statement } from './statement.ts';
import type { Ternary } from './ternary.ts';

/** A decision to explain. */
interface Decided {
  readonly outcome: Decision['outcome'];
  readonly decisive: readonly Statement[];
  readonly asked: Asked;
}

/** Explains a decision by the applied Deny, the closest Allow, or the unsure statement. */
export function explanationOf({ outcome, decisive, asked }: Decided, caller: string): string {
  const statement = closest(decisive, asked);
  if (statement === undefined) return 'no statement allows anything';
  const name = statementName(statement);
  if (outcome === 'allowed') return `${name} allows it`;
  const steps = stepsOf(statement, asked);
  if (outcome === 'unsure') return `${mismatches(steps, caller)}, in ${name}`;
  if (statement.effect === 'Deny') {
    const conditions = conditionsInWords(steps, caller);
    return conditions === ''
      ? `${name} forbids it`
      : `Deny where ${conditions}, in ${name.replace(/^Deny /, '')}`;
  }
  const [principal] = steps;
  if (principal?.holds !== false) return `${mismatches(steps, caller)}, in ${name}`;
  const nobody = `no statement is for ${knownInWords(principal.sent)}`;
  return isForService(statement) ? `${nobody}, ${name} is for ${listed(principal.wants)}` : nobody;
}

/** An element or condition of a statement, with its answer to a request. */
interface Step extends Omit<Element, 'holds' | 'wants' | 'sent'> {
  readonly holds: Ternary;
  readonly wants: readonly string[];
  readonly sent: Known;
}

export const stepsOf = (statement: Statement, asked: Asked): readonly Step[] =>
  elementsOf(statement).map((element) => ({
    ...element,
    holds: element.holds(asked),
    wants: element.wants(),
    sent: element.sent(asked),
  }));

/** The statement that is the least far from applying; the first of several. */
export function closest(statements: readonly Statement[], asked: Asked): Statement | undefined {
  let least = Infinity;
  let found: Statement | undefined;
  for (const statement of statements) {
    const far = distance(statement, asked);
    if (far >= least) continue;
    least = far;
    found = statement;
  }
  return found;
}

/** How far a statement was from applying: an element counts before all conditions, two conditions before a single condition. */
function distance(statement: Statement, asked: Asked): number {
  let sum = isForService(statement) ? -1 : 0;
  for (const { element, holds } of elementsOf(statement))
    if (holds(asked) !== true) sum += weights.get(element) ?? 10;
  return sum;
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
const isForService = ({ principal }: Statement): boolean =>
  principal.wants().some((name) => name.startsWith('Service: '));

/** The statement by Sid, or by place, counted from 1. */
function statementName({ sid, index, effect }: Statement): string {
  const kind = effect === 'Deny' ? 'Deny statement' : 'statement';
  return sid === undefined ? `${kind} number ${index + 1}` : `${kind} \`${brief(sid)}\``;
}

/** The failed elements and conditions or, where nothing failed, the unsure elements and conditions. */
function mismatches(steps: readonly Step[], caller: string): string {
  const failed = steps.filter(({ holds }) => holds === false);
  const shown = failed.length > 0 ? failed : steps.filter(({ holds }) => holds !== true);
  return shown.map((step) => stepInWords(step, caller)).join('; ');
}

const conditionsInWords = (steps: readonly Step[], caller: string): string =>
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
