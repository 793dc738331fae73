import type { Problem } from '../model/problem.ts';
import type { Verdict } from '../model/verdict.ts';
import { plannedRun } from '../remedy/planned-run.ts';
import type { PlannedInput } from '../sources/planned/input.ts';
import { askExisting, type AskedExisting } from '../sources/planned/ask-existing.ts';
import { readPlans } from '../sources/plan/source.ts';
import { withProposedIn } from '../sources/planned/proposed.ts';
import { readTemplates } from '../sources/template/source.ts';
import { keysIn } from './chosen.ts';
import type { Asking, Judgement } from './judge-existing.ts';
import type { InputOptions, PlannedOptions } from './open-input.ts';
import { onlyRegion, type Remark } from './options.ts';
import { watchWaits } from './say-waits.ts';

type OpenPlannedOptions = PlannedOptions & Pick<InputOptions, 'live'>;

/** Reads and judges templates or plans, with `live` beside facts of the account. */
export async function judgePlanned(
  options: OpenPlannedOptions,
  { question, chosen, remark, proposed }: Asking,
): Promise<Judgement> {
  const { input, settle, failures } = await openPlanned(options, remark);
  // A person chooses by the names that the reports show.
  const inWords = (text: string | null): string | null => text && input.madeUp.inWords(text);
  const toJudge = {
    ...input,
    flowLogs: input.flowLogs.filter(({ id }) => chosen.hasId(input.madeUp.inWords(id))),
    isChosen: (verdict: Verdict) =>
      chosen.hasBucket(inWords(verdict.bucket)) &&
      chosen.hasKey(() => keysIn(verdict).map(inWords)),
    withProposed: proposed && withProposedIn(proposed),
  };
  const run = await settle(() => plannedRun(toJudge, question));
  return { run: { ...run, problems: [...run.problems, ...failures()] }, remarks: input.remarks };
}

/** Planned flow logs. `settle` repeats a look until the account beside the input has answered every question. */
interface OpenedPlanned extends Pick<AskedExisting, 'settle'> {
  readonly input: PlannedInput;
  readonly failures: () => readonly Problem[];
}

/** Reads templates or plans, with `live` beside facts of the account. */
export async function openPlanned(
  options: OpenPlannedOptions,
  remark: Remark,
): Promise<OpenedPlanned> {
  const asked = options.live ? await askAccount(options, remark) : undefined;
  const { template = [], plan, account, parameter = {}, source = '.' } = options;
  const region = onlyRegion(options.regions);
  const place = { account, region, existing: asked?.existing };
  const input =
    plan === undefined
      ? readTemplates(template, { ...place, given: parameter })
      : readPlans(plan, { ...place, source });
  return {
    input,
    settle: asked?.settle ?? ((look) => Promise.resolve(look())),
    failures: () =>
      (asked?.failures() ?? []).map((message) => ({ file: 'AWS', item: null, message })),
  };
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
