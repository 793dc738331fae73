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

type OpenInput = Input & {
  /** Remarks on the source, for the end: the age of the facts, for example. */
  readonly remarks?: () => readonly string[];
};

/** Opens the source of these options: exactly one. Throws an Error for bad usage. */
export async function openInput(
  options: InputOptions,
  fail: Fail,
  watch: Watch,
): Promise<OpenInput> {
  const { snapshot, aggregator, live, regions } = options;
  if ([snapshot, aggregator, live].filter((each) => each !== undefined).length > 1)
    throw new Error('give only one of --snapshot, --aggregator and --live');
  if (regions !== undefined && !live) throw new Error('--regions goes with --live');
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
    'give --snapshot FILE..., --aggregator NAME or --live; flow-log-key check --help shows how',
  );
}
