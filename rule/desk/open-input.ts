import type { Fail, Input } from './judge-listings.ts';
import type { Watch } from '../sources/aws/questions.ts';
import { readSnapshots } from '../sources/recorded/snapshot.ts';

/** The options for the source of facts. */
export interface InputOptions {
  readonly snapshot?: readonly string[];
  readonly aggregator?: string;
  readonly live?: boolean;
  readonly regions?: readonly string[];
}

/** The options for flow logs before a deployment. */
export interface PlannedOptions {
  readonly template?: readonly string[];
  readonly plan?: readonly string[];
  /** The folder of the .tf files. */
  readonly source?: string;
  readonly account?: string;
  readonly region?: string;
  readonly parameter?: Readonly<Record<string, string>>;
}

type OpenInput = Input & {
  /** Remarks on the source, for the end: the age of the facts, for example. */
  readonly remarks?: () => readonly string[];
};

/** Throws an Error for options that do not go together. */
export function refuseMixedInput(options: InputOptions & PlannedOptions): void {
  const { snapshot, aggregator, live, regions, template, plan } = options;
  const { account, region, parameter, source } = options;
  const isGiven = (value: unknown): boolean => value !== undefined;
  const isPlanned = [template, plan].some(isGiven);
  const mistakes: readonly [boolean, string][] = [
    [
      [snapshot, template, plan, aggregator, isPlanned ? undefined : live].filter(isGiven).length >
        1,
      'give only one of --snapshot, --template, --plan, --aggregator and --live',
    ],
    [isGiven(regions) && !isGiven(live), '--regions goes with --live'],
    [
      isGiven(regions) && isPlanned,
      '--regions does not go with --template and --plan: give --region',
    ],
    [
      [account, region].some(isGiven) && !isPlanned,
      '--account and --region go with --template and --plan',
    ],
    [isGiven(parameter) && !isGiven(template), '--parameter goes with --template'],
    [isGiven(source) && !isGiven(plan), '--source goes with --plan'],
  ];
  const mistake = mistakes.find(([made]) => made);
  if (mistake !== undefined) throw new Error(mistake[1]);
}

/** Opens the source of these options. Throws an Error where the options have none. */
export async function openInput(
  options: InputOptions,
  fail: Fail,
  watch: Watch,
): Promise<OpenInput> {
  const { snapshot, aggregator, live, regions } = options;
  if (snapshot !== undefined) {
    const { problems, ...input } = await readSnapshots(snapshot);
    problems.forEach(fail);
    return { kind: 'recorded', ...input };
  }
  // Snapshots need no AWS SDK, so the SDK is loaded on demand.
  if (aggregator !== undefined) {
    const { openAggregator } = await import('../sources/aggregator/source.ts');
    return { kind: 'listed', ...(await openAggregator(aggregator, fail)) };
  }
  if (live) {
    const { liveAccount } = await import('../sources/aws/own-account.ts');
    return { kind: 'listed', ...(await liveAccount(regions, watch)) };
  }
  throw new Error(
    'give --snapshot FILE..., --template PATH..., --plan FILE..., --aggregator NAME or --live; flow-log-key check --help shows how',
  );
}
