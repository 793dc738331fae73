import type { Verdict } from '../model/verdict.ts';
import { plannedRun } from '../remedy/planned-run.ts';
import { askExisting, type AskedExisting } from '../sources/planned/ask-existing.ts';
import { readPlans } from '../sources/plan/source.ts';
import { readTemplates } from '../sources/template/source.ts';
import { keysIn } from './chosen.ts';
import type { Asking, Judgement } from './judge-existing.ts';
import type { InputOptions, PlannedOptions } from './open-input.ts';
import { onlyRegion, type Remark } from './options.ts';
import { watchWaits } from './say-waits.ts';

/** Reads and judges templates or plans, with `live` beside facts of the account. */
export async function judgePlanned(
  options: PlannedOptions & Pick<InputOptions, 'live'>,
  { question, chosen, remark }: Asking,
): Promise<Judgement> {
  const asked = options.live ? await askAccount(options, remark) : undefined;
  const { template = [], plan, account, parameter = {}, source = '.' } = options;
  const region = onlyRegion(options.regions);
  const place = { account, region, existing: asked?.existing };
  const input =
    plan === undefined
      ? readTemplates(template, { ...place, given: parameter })
      : readPlans(plan, { ...place, source });
  // A person chooses by the names that the reports show.
  const inWords = (text: string | null): string | null => text && input.madeUp.inWords(text);
  const toJudge = {
    ...input,
    flowLogs: input.flowLogs.filter(({ id }) => chosen.hasId(input.madeUp.inWords(id))),
    isChosen: (verdict: Verdict) =>
      chosen.hasBucket(inWords(verdict.bucket)) &&
      chosen.hasKey(() => keysIn(verdict).map(inWords)),
  };
  const look = () => plannedRun(toJudge, question);
  if (asked === undefined) return { run: look(), remarks: input.remarks };
  const run = await asked.settle(look);
  const failures = asked.failures().map((message) => ({ file: 'AWS', item: null, message }));
  return { run: { ...run, problems: [...run.problems, ...failures] }, remarks: input.remarks };
}

/** The account of the credentials has to be the account to deploy into, if one is told. */
async function askAccount(
  { account, regions }: PlannedOptions,
  remark: Remark,
): Promise<AskedExisting> {
  const { existingInOwnAccount } = await import('../sources/aws/own-account.ts');
  const source = await existingInOwnAccount(onlyRegion(regions), watchWaits(remark));
  if (account !== undefined && account !== source.accountId)
    throw new Error(
      `--account ${account} is not the account of your credentials, ${source.accountId}: use credentials of account ${account}, or leave --live out`,
    );
  return askExisting(source);
}
