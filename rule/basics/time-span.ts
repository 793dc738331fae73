/** The earliest and the latest of the times taken in. */
export interface TimeSpan {
  /** Takes a time in, in milliseconds since 1970; undefined changes nothing. */
  readonly take: (time: number | undefined) => void;
  /** Both ends; undefined before the first time. */
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

/** A time in ISO 8601, to the second, as reports show times. */
export const isoSeconds = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, 'Z');

/** A time for people, to the minute. */
export const isoMinutes = (time: Date): string =>
  `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
