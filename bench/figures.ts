/** Arithmetic of the tables: medians, percentiles, and ratios taken round by round. */
export function percentile(values: readonly number[], p: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((p / 100) * sorted.length))]!;
}

export const median = (values: readonly number[]): number => percentile(values, 50);

/** One measured thing over the rounds. */
export interface Series {
  readonly name: string;
  readonly unit: string;
  readonly values: number[];
}

/** Median of the per-round ratios, with the lowest and the highest: the machine's speed drifts, the ratio less so. */
export function ratio(a: Series, b: Series): string {
  const ratios = a.values.map((value, round) => value / b.values[round]!);
  return `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)})`;
}

export function shown({ values, unit }: Series): string {
  const digits = unit === '/s' ? 0 : 2;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return `${median(values).toFixed(digits)} ${unit} (${low.toFixed(digits)}-${high.toFixed(digits)})`;
}
