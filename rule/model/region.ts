import { partition } from '@aws-sdk/core/client';
import { nearest } from '../basics/nearest.ts';
import regions from './regions.json';

/** Reads the name of a Region. Only the number may be new: AWS names a second Region of a place after the first. */
export function readRegion(value: string): string {
  const [, letters] = /^([a-z]{2,4}(?:-[a-z]+)+)-\d{1,2}$/.exec(value) ?? [];
  if (letters !== undefined && NUMBERS.some((number) => isKnownRegion(`${letters}-${number}`)))
    return value;
  const near = nearest(value, knownRegions);
  throw new Error(
    `"${value}" is not a Region: ${near === undefined ? 'give a name such as us-east-1' : `did you mean ${near}?`}`,
  );
}

const NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/** The table of the AWS SDK describes every Region by name, and tells only the partition of all other names. */
export const isKnownRegion = (region: string): boolean => 'description' in partition(region);

/** The Regions of the partitions that anybody can use. */
export const knownRegions: readonly string[] = Object.values(regions).flat();
