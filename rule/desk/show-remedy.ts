import type { Ending } from '../mend/ending.ts';
import { planMend, policyDiff, type FlowLogEnding, type KeyRemedy } from '../mend/plan.ts';
import { accountIn } from '../model/arn.ts';
import { learned } from '../model/facts.ts';
import type { KeyStatement } from '../model/key-statement.ts';
import type { StatementLanguage } from '../model/world.ts';
import type { Remedy } from '../remedy/remedy.ts';
import { applyRemedy } from './apply-remedy.ts';
import { refuseBadIds, refuseMistakes, refuseTwoInputs } from './bad-usage.ts';
import { exitCodes } from './exit-code.ts';
import { openMending, type MendingOptions } from './open-mending.ts';
import {
  questionOf,
  readExemptionsFile,
  remarkOnRegions,
  type QuestionOptions,
} from './options.ts';
import { keyOwnerReminder, ownStatementsIn } from './reports/key-owner-reminder.ts';
import { putKeyPolicy } from './reports/put-key-policy.ts';
import { canAnswer, complain, complainOf, print, remarkUnless } from './terminal.ts';

export interface RemedyOptions extends QuestionOptions, MendingOptions {
  readonly exemptions?: string;
  readonly yes?: boolean;
  readonly quiet?: boolean;
  readonly format?: StatementLanguage;
}

/** Shows the remedy for each key, with --apply puts the remedy, and reminds; resolves with the exit code. */
export async function remedy(ids: readonly string[], options: RemedyOptions): Promise<number> {
  refuseBadUsage(ids, options);
  const remark = remarkUnless(options);
  remarkOnRegions(options.regions, remark);
  const question = questionOf(options, await readExemptionsFile(options.exemptions, remark));
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
  refuseBadIds(ids, false);
  refuseTwoInputs(...(options.snapshot ?? []), options.exemptions);
  const { scope, organizationId, snapshot, regions, apply = false, yes = false, table } = options;
  refuseMistakes([
    [
      scope === 'organization' && organizationId === undefined,
      '--scope organization needs --organization-id: give the id of the organization, such as o-a1b2c3d4e5',
    ],
    [
      snapshot !== undefined && (apply || regions !== undefined),
      '--snapshot looks at files: leave --apply and --region out',
    ],
    [!apply && (yes || table !== undefined), '--yes and --table go with --apply: give --apply too'],
    [
      apply && !yes && !canAnswer(),
      '--apply asks before it writes: give --yes where nobody can answer',
    ],
  ]);
}

function show({ remedy, facts }: KeyRemedy): void {
  print(`${facts.map(({ flowLog }) => flowLog.id).join(', ')}: key ${remedy.keyArn}\n`);
  print(policyDiff(remedy).trimEnd());
}
