import pMap from 'p-map';
import { errorText } from '../basics/text.ts';
import type { Dependency } from '../model/dependency.ts';
import { placeName, type Place } from '../model/place.ts';
import type { PlacesOf } from './dependent-places.ts';
import type { Edit } from './edits.ts';

/** A start covers an edit sent at least this long before: the queue and this function have different clocks. */
const MAX_CLOCK_DIFFERENCE_MS = 5_000;

const MAX_RULES_AT_ONCE = 20;

/** The rule, deployed in many accounts and Regions. */
export interface Rules {
  /** The last start in a place, in milliseconds since 1970; undefined where no start is remembered. */
  readonly lastStart: (place: Place) => Promise<number | undefined>;
  readonly start: (place: Place) => Promise<StartResult>;
}

export type StartResult =
  | { readonly kind: 'started' }
  /** A later attempt may succeed. */
  | { readonly kind: 'later'; readonly why: string }
  /** No attempt will succeed. */
  | { readonly kind: 'never'; readonly why: string };

/** The result for one dependent rule: `covered` by an earlier start, or the result of this start. */
export type RuleResult = { readonly place: Place } & (StartResult | { readonly kind: 'covered' });

export interface Coalesced {
  readonly results: readonly RuleResult[];
  /** Edits without a later start of every dependent rule. The queue has to deliver these edits again. */
  readonly editsToRetry: readonly Edit[];
}

/**
 * Starts each rule that depends on the edits once, unless an earlier start covers the edits. An edit is done when every
 * dependent rule was started after the edit was sent, or can never be started. So no edit is lost, in any order of edits,
 * even where somebody else starts rules at the same time.
 */
export async function coalesce(
  edits: readonly Edit[],
  placesOf: PlacesOf,
  rules: Rules,
): Promise<Coalesced> {
  const changes = changesIn(edits, placesOf);
  const starts = await pMap(
    lastEditsByPlace(changes).values(),
    ({ place, lastEditAt }) => startUnlessCovered(place, lastEditAt, rules),
    { concurrency: MAX_RULES_AT_ONCE },
  );
  const coveredUntil = coverageByDependency(changes, starts);
  return {
    results: starts.map(({ result }) => result),
    editsToRetry: edits.filter(
      ({ dependency, sentAt }) =>
        sentAt > (coveredUntil.get(dependencyName(dependency)) ?? -Infinity),
    ),
  };
}

/** All edits of one bucket or key together. */
interface CoalescedEdits {
  readonly places: readonly Place[];
  readonly lastEditAt: number;
}

const dependencyName = (dependency: Dependency): string =>
  dependency.kind === 'bucket' ? dependency.name : dependency.arn;

function changesIn(
  edits: readonly Edit[],
  placesOf: PlacesOf,
): ReadonlyMap<string, CoalescedEdits> {
  const changes = new Map<string, CoalescedEdits>();
  for (const { dependency, sentAt } of edits) {
    const earlier = changes.get(dependencyName(dependency));
    changes.set(dependencyName(dependency), {
      places: earlier?.places ?? placesOf(dependency),
      lastEditAt: Math.max(earlier?.lastEditAt ?? -Infinity, sentAt),
    });
  }
  return changes;
}

/** Each dependent place, with the last edit for this place. */
function lastEditsByPlace(changes: ReadonlyMap<string, CoalescedEdits>) {
  const lasts = new Map<string, { readonly place: Place; readonly lastEditAt: number }>();
  for (const { places, lastEditAt } of changes.values())
    for (const place of places) {
      const earlier = lasts.get(placeName(place))?.lastEditAt ?? -Infinity;
      lasts.set(placeName(place), { place, lastEditAt: Math.max(earlier, lastEditAt) });
    }
  return lasts;
}

/** The result for a rule, and the send time up to which edits need no further start. */
interface Coverage {
  readonly result: RuleResult;
  readonly coveredUntil: number;
}

async function startUnlessCovered(
  place: Place,
  lastEditAt: number,
  rules: Rules,
): Promise<Coverage> {
  let coveredUntil = -Infinity;
  try {
    coveredUntil = ((await rules.lastStart(place)) ?? -Infinity) - MAX_CLOCK_DIFFERENCE_MS;
    if (lastEditAt <= coveredUntil) return { result: { place, kind: 'covered' }, coveredUntil };
    const started = await rules.start(place);
    // Every edit of this batch was sent before this start, so the start covers the whole batch.
    if (started.kind !== 'later') coveredUntil = Infinity;
    return { result: { place, ...started }, coveredUntil };
  } catch (error) {
    return { result: { place, kind: 'later', why: errorText(error) }, coveredUntil };
  }
}

/** The send time up to which every dependent rule is covered, by bucket or key; without dependent rules all are. */
function coverageByDependency(
  changes: ReadonlyMap<string, CoalescedEdits>,
  coverages: readonly Coverage[],
): ReadonlyMap<string, number> {
  const untilByPlace = new Map(
    coverages.map(({ result, coveredUntil }) => [placeName(result.place), coveredUntil]),
  );
  return new Map(
    [...changes].map(([name, { places }]) => [
      name,
      places
        .map((place) => untilByPlace.get(placeName(place)) ?? -Infinity)
        .reduce((earliest, until) => Math.min(earliest, until), Infinity),
    ]),
  );
}
