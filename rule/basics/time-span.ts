/** The earliest and the latest of some times. */
export interface TimeSpan {
  /** Takes a time in, in milliseconds since 1970, where there is one. */
  readonly take: (time: number | undefined) => void;
  /** Both ends; undefined as long as there is no time. */
  readonly ends: () => readonly [earliest: Date, latest: Date] | undefined;
}

export function timeSpan(): TimeSpan {
  let [earliest, latest] = [Infinity, -Infinity];
  return {
    take(time) {
      if (time === undefined) return;
      earliest = Math.min(earliest, time);
      latest = Math.max(latest, time);
    },
    ends: () => (earliest > latest ? undefined : [new Date(earliest), new Date(latest)]),
  };
}

/** A time as reports have it, to the second. */
export const isoSeconds = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, 'Z');
