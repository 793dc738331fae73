import { plannedRun } from '../remedy/planned-run.ts';
import { askExisting, type AskedExisting } from '../sources/planned/ask-existing.ts';
import { readPlans } from '../sources/plan/source.ts';
import { withProposedIn } from '../sources/planned/proposed.ts';
import { readTemplates } from '../sources/template/source.ts';
import type { Asking, Judgement } from './judge-existing.ts';
import type { InputOptions, PlannedOptions } from './open-input.ts';
import { watchWaits } from './say-waits.ts';

/** Reads and judges templates or plans, with `live` beside facts of the account. */
export async function judgePlanned(
  options: PlannedOptions & Pick<InputOptions, 'live'>,
  { question, proposed }: Asking,
): Promise<Judgement> {
  const asked = options.live ? await askAccount(options) : undefined;
  const { template = [], plan, account, region, parameter = {}, source = '.' } = options;
  const place = { account, region, existing: asked?.existing };
  const input =
    plan === undefined
      ? readTemplates(template, { ...place, given: parameter })
      : readPlans(plan, { ...place, source });
  const withProposed = proposed && withProposedIn(proposed);
  const look = () => plannedRun({ ...input, withProposed }, question);
  if (asked === undefined) return { run: look(), remarks: input.remarks };
  const run = await asked.settle(look);
  const failures = asked.failures().map((message) => ({ file: 'AWS', item: null, message }));
  return { run: { ...run, problems: [...run.problems, ...failures] }, remarks: input.remarks };
}

/** The account of the credentials has to be the account to deploy into, if one is told. */
async function askAccount({ account, region }: PlannedOptions): Promise<AskedExisting> {
  const { existingInOwnAccount } = await import('../sources/aws/own-account.ts');
  const source = await existingInOwnAccount(region, watchWaits());
  if (account !== undefined && account !== source.accountId)
    throw new Error(
      `--account ${account} is not the account of your credentials, ${source.accountId}: use credentials of account ${account}, or leave --live out`,
    );
  return askExisting(source);
}
