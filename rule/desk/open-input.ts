import { refuseMistakes, type Mistake } from './bad-usage.ts';
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
  /** The Region to deploy into, alone in the list. */
  readonly regions?: readonly string[];
  readonly parameter?: Readonly<Record<string, string>>;
}

type OpenInput = Input & {
  /** Remarks on the source, for the end: the age of the facts, for example. */
  readonly remarks?: () => readonly string[];
};

/** Whether the flow logs are of templates or plans. */
export const isPlanned = ({ template, plan }: Pick<PlannedOptions, 'template' | 'plan'>): boolean =>
  template !== undefined || plan !== undefined;

const hasValue = (value: unknown): boolean => value !== undefined;

/** Throws an Error for options that do not go together. */
export function refuseMixedInput(options: InputOptions & PlannedOptions): void {
  const { snapshot, aggregator, live, template, plan } = options;
  const arePlanned = isPlanned(options);
  const sources = [snapshot, template, plan, aggregator, arePlanned ? undefined : live];
  refuseMistakes([
    [
      sources.filter(hasValue).length > 1,
      'give only one of --snapshot, --template, --plan, --aggregator and --live',
    ],
    ...regionMistakes(options),
    [
      hasValue(options.account) && !arePlanned,
      '--account goes with --template and --plan: leave it out',
    ],
    [
      hasValue(options.parameter) && !hasValue(template),
      '--parameter goes with --template: leave it out',
    ],
    [hasValue(options.source) && !hasValue(plan), '--source goes with --plan: leave it out'],
  ]);
}

function regionMistakes(options: InputOptions & PlannedOptions): readonly Mistake[] {
  const { regions, aggregator, live } = options;
  if (regions === undefined) return [];
  const arePlanned = isPlanned(options);
  const wrong = '--regions goes with --live, --template and --plan';
  return [
    [hasValue(aggregator), `${wrong}: set AWS_REGION to the Region of the aggregator`],
    [!hasValue(live) && !arePlanned, `${wrong}: leave it out`],
    [
      arePlanned && (regions.includes('all') || regions.length > 1),
      `--regions ${regions.join(',')}: with --template and --plan give the one Region to deploy into`,
    ],
  ];
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
    'give --snapshot FILE..., --template PATH..., --plan FILE..., --aggregator NAME or --live; --help shows how',
  );
}
