import { isoMinutes } from '../basics/time-span.ts';
import type { InputOptions, PlannedOptions } from './open-input.ts';

/** The source of the facts, such as "network.yaml, and AWS asked at 2026-11-23 06:00 UTC". */
export function sourceInWords(
  { snapshot, aggregator, template, plan, live }: InputOptions & PlannedOptions,
  now: Date,
): string {
  const [first, ...more] = snapshot ?? template ?? plan ?? [];
  const files = more.length > 0 ? `${first ?? ''} and ${more.length} more` : first;
  return [
    files?.replace(/^-(?= |$)/, 'standard input'),
    aggregator && `aggregator ${aggregator}`,
    live && `AWS asked at ${isoMinutes(now)}`,
  ]
    .filter((part) => typeof part === 'string')
    .join(', and ');
}
