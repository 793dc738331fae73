import type { Ending } from '../mend/ending.ts';
import { planMend, policyDiff, type FlowLogEnding, type KeyRemedy } from '../mend/plan.ts';
import { accountIn } from '../model/arn.ts';
import { FLOW_LOG_ID, learned } from '../model/facts.ts';
import type { KeyStatement } from '../model/key-statement.ts';
import type { StatementLanguage } from '../model/world.ts';
import type { Remedy } from '../remedy/remedy.ts';
import { applyRemedy } from './apply-remedy.ts';
import { exitCodes } from './exit-code.ts';
import { openMending, type MendingOptions } from './open-mending.ts';
import { questionOf, readExemptionsFile, type QuestionOptions } from './options.ts';
import { keyOwnerReminder, ownStatementsIn } from './reports/key-owner-reminder.ts';
import { putKeyPolicy } from './reports/put-key-policy.ts';
import { canAnswer, complain, complainOf, print } from './terminal.ts';

export interface RemedyOptions extends QuestionOptions, MendingOptions {
  readonly exemptions?: string;
  readonly yes?: boolean;
  readonly format?: StatementLanguage;
}

/** Shows the remedy for each key, with --apply puts the remedy, and reminds; resolves with the exit code. */
export async function remedy(ids: readonly string[], options: RemedyOptions): Promise<number> {
  refuseBadUsage(ids, options);
  const question = questionOf(options, await readExemptionsFile(options.exemptions));
  const mending = await openMending(options, question);
  complainOf(mending.problems);
  const plan = await planMend(ids, { ...mending, question, scope: options.scope });
  const endings: Ending[] = plan.endings.map(({ ending }) => ending);
  const statements = plan.endings.flatMap(statementsInPlace);
  for (const keyRemedy of plan.remedies) {
    show(keyRemedy);
    const { statement } = keyRemedy.remedy;
    if (mending.kind === 'show') {
      print(wayToApply(keyRemedy.remedy, options));
      statements.push(statement);
      continue;
    }
    const ending = await applyRemedy(keyRemedy, { ...mending, ...options });
    endings.push(ending);
    if (ending.kind !== 'failed' || ending.written !== 'no') statements.push(statement);
  }
  for (const { kind, message } of endings) (kind === 'failed' ? complain : print)(message);
  keyOwnerReminder(statements, options.format).forEach(print);
  if (mending.problems.some(({ item }) => item === null)) return exitCodes.unreadable;
  return endings.some(({ kind }) => kind === 'failed') ? exitCodes.blocked : exitCodes.fine;
}

/** Files may be old: a put of their policy would undo every later edit. So only facts from AWS give a command. */
function wayToApply({ keyArn, after }: Remedy, { snapshot }: RemedyOptions): string {
  const credentials = `with credentials of account ${accountIn(keyArn)}`;
  return snapshot === undefined
    ? `\nTo apply it, ${credentials}: --apply, or\n\n${putKeyPolicy(keyArn, after)}\n`
    : `\nTo apply it, ${credentials}: --apply, without --snapshot\n`;
}

/** Our statements in the key policy of a flow log with nothing to do: the next deployment may take these away. */
function statementsInPlace({ facts, ending }: FlowLogEnding): readonly KeyStatement[] {
  const policy = ending.kind === 'nothing-to-do' && facts && learned(facts.key)?.policy;
  return policy && policy.kind === 'policy' ? ownStatementsIn(policy.document) : [];
}

function refuseBadUsage(ids: readonly string[], options: RemedyOptions): void {
  const bad = ids.find((id) => !FLOW_LOG_ID.test(id));
  if (bad !== undefined)
    throw new Error(`"${bad}" is not a flow log id, which looks like fl-01234567890abcdef`);
  const { scope, organizationId, snapshot, region, apply = false, yes = false, table } = options;
  const mistakes: readonly [boolean, string][] = [
    [
      scope === 'organization' && organizationId === undefined,
      '--scope organization needs --organization-id',
    ],
    [
      snapshot !== undefined && (apply || region !== undefined),
      '--snapshot looks at files: it goes without --apply and --region',
    ],
    [!apply && (yes || table !== undefined), '--yes and --table go with --apply'],
    [
      apply && !yes && !canAnswer(),
      '--apply asks before it writes: give --yes where nobody can answer',
    ],
  ];
  const mistake = mistakes.find(([made]) => made);
  if (mistake !== undefined) throw new Error(mistake[1]);
}

function show({ remedy, facts }: KeyRemedy): void {
  print(`${facts.map(({ flowLog }) => flowLog.id).join(', ')}: key ${remedy.keyArn}\n`);
  print(policyDiff(remedy).trimEnd());
}
