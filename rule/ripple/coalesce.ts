import pMap from 'p-map';
import { errorText } from '../basics/text.ts';
import { placeName, type Place } from '../model/place.ts';
import type { PlacesOf } from './places.ts';
import type { Edit } from './edits.ts';

/** How long before a start an edit has to be sent to be covered by it, in milliseconds: they have two clocks. */
const APART = 5_000;

/** How many rules are seen to at a time. */
const CONCURRENCY = 20;

/** The rule in accounts and Regions. */
export interface Rules {
  /** When it was last started there, in milliseconds since 1970. */
  readonly lastStart: (place: Place) => Promise<number | undefined>;
  readonly start: (place: Place) => Promise<Started>;
}

export type Started =
  | { readonly kind: 'started' }
  /** It may be started when it is tried again. */
  | { readonly kind: 'later'; readonly why: string }
  /** It cannot be started, however often it is tried. */
  | { readonly kind: 'never'; readonly why: string };

/** What became of one dependent rule. */
export type Outcome = { readonly place: Place } & (Started | { readonly kind: 'covered' });

export interface Coalesced {
  readonly outcomes: readonly Outcome[];
  /** Edits that some dependent rule was not started after: they have to come again. */
  readonly again: readonly Edit[];
}

/**
 * Starts each rule that depends on any of the edits once, unless it was started after the last of them. An edit is
 * done only when each of its rules was started after it was sent, or cannot be; so whoever starts a rule meanwhile, and
 * in whatever order edits come, the last one is not lost.
 */
export async function coalesce(
  edits: readonly Edit[],
  placesOf: PlacesOf,
  rules: Rules,
): Promise<Coalesced> {
  const changes = changesIn(edits, placesOf);
  const lasts = new Map<string, { readonly place: Place; readonly sentAt: number }>();
  for (const { places, sentAt } of changes.values())
    for (const place of places) {
      const before = lasts.get(placeName(place))?.sentAt ?? -Infinity;
      lasts.set(placeName(place), { place, sentAt: Math.max(before, sentAt) });
    }
  const settled = await pMap(
    lasts.values(),
    async ({ place, sentAt }) => settle(place, sentAt, rules),
    { concurrency: CONCURRENCY },
  );
  const settledUntil = new Map(
    settled.map(({ outcome, until }) => [placeName(outcome.place), until]),
  );
  const doneUntil = new Map<string, number>();
  for (const [name, { places }] of changes) {
    const untils = places.map((place) => settledUntil.get(placeName(place)) ?? -Infinity);
    doneUntil.set(
      name,
      untils.reduce((a, b) => Math.min(a, b), Infinity),
    );
  }
  return {
    outcomes: settled.map(({ outcome }) => outcome),
    again: edits.filter(
      ({ about, sentAt }) => sentAt > (doneUntil.get(changed(about)) ?? -Infinity),
    ),
  };
}

/** What was edited, each once: where rules depend on it, and when the last edit was sent. */
function changesIn(edits: readonly Edit[], placesOf: PlacesOf) {
  const changes = new Map<string, { readonly places: readonly Place[]; readonly sentAt: number }>();
  for (const { about, sentAt } of edits) {
    const before = changes.get(changed(about));
    changes.set(changed(about), {
      places: before?.places ?? placesOf(about),
      sentAt: Math.max(before?.sentAt ?? -Infinity, sentAt),
    });
  }
  return changes;
}

const changed = (about: Edit['about']): string =>
  about.kind === 'bucket' ? about.name : about.arn;

/** What became of a rule, and until when an edit may have been sent to need nothing more of it. */
interface Settled {
  readonly outcome: Outcome;
  readonly until: number;
}

async function settle(place: Place, sentAt: number, rules: Rules): Promise<Settled> {
  let until = -Infinity;
  try {
    until = ((await rules.lastStart(place)) ?? -Infinity) - APART;
    if (sentAt <= until) return { outcome: { place, kind: 'covered' }, until };
    const started = await rules.start(place);
    // What is in hand was sent before it was started.
    return { outcome: { place, ...started }, until: started.kind === 'later' ? until : Infinity };
  } catch (error) {
    return { outcome: { place, kind: 'later', why: errorText(error) }, until };
  }
}
