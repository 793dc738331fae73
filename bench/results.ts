/** One repetition of a measurement, beside a reference from the same moment. Machines differ: read the ratio. */
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

/** Medians of a measurement; `size` is a number of flow logs, null for measurements without any. */
export interface Result extends Measurement {
  readonly size: number | null;
  /** `ours` in references. */
  readonly ratio: number;
}

/** A run of the bench. */
export interface Results {
  readonly node: string;
  readonly machine: string;
  readonly repetitions: number;
  readonly results: readonly Result[];
}

/**
 * The exponent of growth by name of the measurement: 1 where ten times the flow logs take ten times as long. The slope
 * of a straight line through the logarithms.
 */
export function growths(results: readonly Result[]): ReadonlyMap<string, number> {
  return new Map(
    results.flatMap(({ what }) => {
      const points = results.flatMap((each) =>
        each.what === what && each.size !== null
          ? [[Math.log(each.size), Math.log(each.ours)] as const]
          : [],
      );
      return points.length < 2 ? [] : [[what, slopeOf(points)] as const];
    }),
  );
}

function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, each) => sum + each, 0) / values.length;
  const [x, y] = [mean(points.map(([each]) => each)), mean(points.map(([, each]) => each))];
  const covariance = mean(points.map(([px, py]) => (px - x) * (py - y)));
  return covariance / mean(points.map(([px]) => (px - x) ** 2));
}

/** The results as a table in Markdown. */
export function tableOf({ results }: Pick<Results, 'results'>): string {
  const growth = growths(results);
  const rows = results.map(({ what, reference, size, ours, theirs, unit, ratio, goal }) => [
    size === null ? what : `${what}, ${size.toLocaleString('en')} flow logs`,
    `${rounded(ours)} ${unit}`,
    `${reference}: ${rounded(theirs)} ${unit}`,
    rounded(ratio),
    String(goal),
    rounded(growth.get(what)),
  ]);
  const head = ['measured', 'takes', 'reference', 'ratio', 'goal', 'exponent of growth'];
  const widths = head.map((_, nth) =>
    Math.max(...[head, ...rows].map((row) => row[nth]?.length ?? 0)),
  );
  const padded = (row: readonly string[], by: string): string =>
    `| ${widths.map((width, nth) => (row[nth] ?? '').padEnd(width, by)).join(' | ')} |\n`;
  return padded(head, ' ') + padded([], '-') + rows.map((row) => padded(row, ' ')).join('');
}

/** The page docs/performance.md. */
export const pageOf = (run: Results): string => `# Performance

${run.machine}, Node ${run.node}. Medians of ${run.repetitions} repetitions that took turns; a reference is measured beside, in the same
run. Machines differ: read the ratios. The exponent of growth is 1 where ten times the flow logs take ten times as long.

${tableOf(run)}
A command measures, and writes this page and the lines that the README quotes:

    npm run -s performance

The programs in \`bench/\` say how each is measured.
`;

/** At least two digits. */
const rounded = (value: number | undefined): string =>
  value === undefined ? '' : String(Number(value.toPrecision(value >= 100 ? 3 : 2)));
