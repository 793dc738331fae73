import type { Dependency } from '../model/dependency.ts';
import { placeName, type Place } from '../model/place.ts';
import {
  aliasesOfKeys,
  bucketsEncryptedWith,
  placesDeliveringTo,
  type PartitionAggregator,
} from './aggregator-queries.ts';

/** The accounts and Regions with flow logs that depend on a bucket or key, each place once. */
export type PlacesOf = (dependency: Dependency) => readonly Place[];

/**
 * Asks the aggregator where flow logs depend on any of these buckets and keys. Three queries suffice for one dependency
 * or many: from keys to aliases, from keys and aliases to the buckets encrypted with either, from buckets to flow logs.
 * Rejects where the aggregator does not answer.
 */
export async function dependentPlaces(
  aggregator: PartitionAggregator,
  dependencies: readonly Dependency[],
): Promise<PlacesOf> {
  const keyArns = dependencies.flatMap((each) => (each.kind === 'key' ? [each.arn] : []));
  const aliases = await aliasesOfKeys(aggregator, distinct(keyArns));
  const withAliases = (arn: string): readonly string[] => [arn, ...(aliases.get(arn) ?? [])];
  const buckets = await bucketsEncryptedWith(aggregator, distinct(keyArns.flatMap(withAliases)));
  const bucketsOf = (dependency: Dependency): readonly string[] =>
    dependency.kind === 'bucket'
      ? [dependency.name]
      : withAliases(dependency.arn).flatMap((arn) => buckets.get(arn) ?? []);
  const bucketNames = distinct(dependencies.flatMap(bucketsOf));
  const places = await placesDeliveringTo(aggregator, bucketNames);
  return (dependency) => {
    const found = bucketsOf(dependency).flatMap((bucket) => places.get(bucket) ?? []);
    return [...new Map(found.map((place) => [placeName(place), place])).values()];
  };
}

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)];
