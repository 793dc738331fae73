import type { TimeSpan } from '../../basics/time-span.ts';
import type { ResourceType } from '../../model/resource-types.ts';
import type { ConfigItem } from '../recorded/item.ts';
import { brokenFieldsOf } from '../recorded/json-field.ts';
import { titleOf, type ReportingAggregator } from './items.ts';
import type { SourcesStatus } from './status.ts';

/** A reading of an aggregator: the shared state of all look-ups. */
export interface AggregatorReading {
  readonly aggregator: ReportingAggregator;
  readonly status: SourcesStatus;
  readonly accountsWithFlowLogs: Set<string>;
  /** When the used items were captured. */
  readonly captured: TimeSpan;
  /** Whether the aggregator has any item of a type; a type without an entry was not asked for. */
  readonly hasItems: Map<ResourceType, boolean>;
}

/** Reads a fact from an item. An unreadable field becomes a problem. */
export function readFact<T extends object>(
  { aggregator, captured }: AggregatorReading,
  item: ConfigItem,
  read: (item: ConfigItem) => T,
): T {
  const fact = read(item);
  captured.take(item.capturedAt);
  for (const message of brokenFieldsOf(fact))
    aggregator.fail({ file: titleOf(aggregator), item: item.arn ?? item.id, message });
  return fact;
}
