import { groupBy } from '../../basics/lists.ts';
import type { ExplainedAnswer, ExplainedRequest } from '../../judge/explained-requests.ts';
import type { ExplainedStatement, ExplainedStep } from '../../policy/explained-decision.ts';

/** The requests of delivery in lines. Requests that differ in the action alone share their lines. */
export function requestLines(requests: readonly ExplainedRequest[]): readonly string[] {
  const groups = groupBy(requests, (request) => JSON.stringify(withoutAction(request)));
  return [...groups.values()].flatMap((group) => {
    const [{ to, answer, remarks }] = group;
    const actions = group.map(({ action }) => action).join(' and ');
    return [
      `  ${actions}: ${answerInWord(answer, to)}`,
      ...answerLines(answer, actions),
      ...remarks.map((remark) => `    note: ${remark}`),
    ];
  });
}

const ACTION = /^(Not)?Action$/;

function withoutAction({ to, answer, remarks }: ExplainedRequest): object {
  if (answer.kind !== 'decided') return { to, answer, remarks };
  const statements = answer.statements.map((statement) => ({
    ...statement,
    steps: statement.steps.map((step) =>
      ACTION.test(step.element) ? { ...step, sent: '' } : step,
    ),
  }));
  return { to, answer: { ...answer, statements }, remarks };
}

function answerInWord(answer: ExplainedAnswer, to: ExplainedRequest['to']): string {
  if (answer.kind === 'not-decided') return 'not decided';
  const words = { allowed: 'allowed', denied: 'refused', unsure: 'not settled' };
  return `${words[answer.outcome]} by the policy of the ${to}`;
}

function answerLines(answer: ExplainedAnswer, actions: string): readonly string[] {
  switch (answer.kind) {
    case 'not-decided':
      return [`    ${answer.why}`];
    case 'withheld':
      return ['    the policy is sensitive, so no word of it is shown'];
    case 'decided':
      return [
        ...(answer.statements.length === 0 ? ['    the policy has no statement'] : []),
        ...answer.statements.flatMap((each) => statementLines(each, actions)),
        ...doubtLines(answer),
      ];
  }
}

function doubtLines({
  outcome,
  byCases,
  unsettled,
}: Extract<ExplainedAnswer, { kind: 'decided' }>): readonly string[] {
  if (unsettled.length === 0) return [];
  const keys = unsettled.join(', ');
  if (outcome === 'unsure') return [`    to be settled by ${keys}`];
  return byCases ? [`    ${outcome} in each case of ${keys}`] : [];
}

function statementLines(
  { number, sid, effect, applies, decides, steps }: ExplainedStatement,
  actions: string,
): readonly string[] {
  const isUnreadable = effect === 'unreadable';
  const name = `statement ${number}${sid === null ? '' : ` \`${sid}\``} (${isUnreadable ? 'no readable effect' : effect})`;
  const answer = { true: 'applies', false: 'does not apply', unsure: 'may apply' }[`${applies}`];
  const role = applies === 'unsure' || isUnreadable ? ', and leaves the doubt' : ', and decides';
  return [
    `    ${name} ${answer}${decides ? role : ''}`,
    ...steps.map((step) => `      ${stepLine(step, actions)}`),
  ];
}

const MAX_WANTS = 20;

function stepLine(
  { element, operator, key, holds, wants, sent }: ExplainedStep,
  actions: string,
): string {
  const mark = { true: 'yes   ', false: 'no    ', unsure: 'unsure' }[`${holds}`];
  if (element === 'Statement') return `${mark} the statement cannot be read`;
  const subject = operator === null ? element : `${operator} ${key ?? ''}`.trim();
  const rest = wants.length - MAX_WANTS;
  const list = wants.length === 0 ? 'nothing' : wants.slice(0, MAX_WANTS).join(' or ');
  const value = ACTION.test(element) ? actions : sent;
  return `${mark} ${subject} wants ${list}${rest > 0 ? ` or ${rest} more` : ''}; sent: ${value}`;
}
