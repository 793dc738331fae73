import { printable, counted } from '../../basics/text.ts';
import { isoMinutes, timeSpan } from '../../basics/time-span.ts';
import type { Row } from '../../remedy/run.ts';
import { foldPhrases } from './fold.ts';

interface FactLinesOptions {
  /** The source of the facts, in words. */
  readonly source: string | undefined;
  readonly width: number;
}

/** The source of the facts, the places of the flow logs, and the time of the newest record. */
export function factLines(
  rows: readonly Row[],
  { source, width }: FactLinesOptions,
): readonly string[] {
  const times = timeSpan();
  for (const { capturedAt } of rows) times.take(capturedAt);
  const [, newest] = times.ends() ?? [];
  const phrases = [
    source,
    placesInWords(rows),
    newest && `flow logs recorded until ${isoMinutes(newest)}`,
  ].filter((phrase) => typeof phrase === 'string' && phrase !== '') as readonly string[];
  const [first, ...more] = phrases.map(printable);
  return first === undefined ? [] : foldPhrases([`facts: ${first}`, ...more], width);
}

/** Such as "account 111122223333, us-east-1"; empty where the places are not known. */
const placesInWords = (rows: readonly Row[]): string =>
  [
    nameOrCount(
      rows.map(({ accountId }) => accountId),
      'account',
    ),
    nameOrCount(
      rows.map(({ region }) => region),
      'Region',
    ),
  ]
    .filter((part) => part !== '')
    .join(', ');

function nameOrCount(names: readonly string[], noun: string): string {
  const known = new Set(names.filter((name) => name !== ''));
  const [only = ''] = known;
  return known.size > 1 ? counted(known.size, noun) : only && `${noun} ${only}`;
}
