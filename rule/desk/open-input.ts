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
  const { snapshot, aggregator, live, regions, template, account, region, parameter } = options;
  if ([snapshot, template, aggregator, live].filter((each) => each !== undefined).length > 1)
    throw new Error('give only one of --snapshot, --template, --aggregator and --live');
  if (regions !== undefined && !live) throw new Error('--regions goes with --live');
  if (template === undefined && [account, region, parameter].some((each) => each !== undefined))
    throw new Error('--account, --region and --parameter go with --template');
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
    'give --snapshot FILE..., --template PATH..., --aggregator NAME or --live; flow-log-key check --help shows how',
  );
}
