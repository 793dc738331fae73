import { ofOnlyText, unreadableValue, type Compare } from './comparison.ts';

type Read = (value: string) => number | undefined;

/** Compares values by their order, as numbers; unsure where the sent value cannot be read. */
export const compareOrder =
  (read: Read, holds: (sent: number, wanted: number) => boolean): Compare =>
  (wanted) => {
    const bound = read(wanted);
    if (bound === undefined) return unreadableValue;
    return ofOnlyText((value) => {
      const sent = read(value);
      return sent === undefined ? 'unsure' : holds(sent, bound);
    });
  };

/** Reads a decimal number; undefined for other text, and where the number is not exact. */
export function readNumber(value: string): number | undefined {
  if (!/^\s*[-+]?\d+(\.\d+)?\s*$/.test(value)) return undefined;
  const number = Number(value);
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : undefined;
}

const ISO_DATE = /^(\d{4}-\d\d)(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[-+]\d\d:\d\d))?)?$/;

/**
 * Reads a date as seconds since 1970: an ISO 8601 date (UTC where the date has no time), or a number of seconds.
 * Undefined for a bare year, which could be either.
 */
export function readSeconds(value: string): number | undefined {
  if (/^-?\d{5,}$/.test(value)) return readNumber(value);
  const [, month] = ISO_DATE.exec(value) ?? [];
  const milliseconds = Date.parse(value);
  if (month === undefined || Number.isNaN(milliseconds)) return undefined;
  // JavaScript reads February 30 as a day of March.
  const day = new Date(Date.parse(value.slice(0, 10)));
  return day.toISOString().startsWith(month) ? milliseconds / 1000 : undefined;
}
