/** One repetition of a measurement, beside a reference that was measured in the same moment. Machines differ: read the ratio. */
export interface Measurement {
  readonly what: string;
  readonly reference: string;
  readonly unit: string;
  /** The most that `ours` should take, in references. */
  readonly goal: number;
  readonly ours: number;
  readonly theirs: number;
}

/** Hands a measurement to the bench, as a line of JSON. */
export const tell = (measurement: Measurement): void => {
  console.log(JSON.stringify(measurement));
};

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

/** The number of flow logs that the bench asks a program to measure. */
export const sizeAsked = (): number => Number(process.argv[2] ?? 10_000);
