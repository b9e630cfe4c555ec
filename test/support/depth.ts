/**
 * How many random lives a property is tried on: `usual` in CI, `npm run deep` asks for more; the seed repeats a run.
 */
export function depth(usual: number): { readonly numRuns: number; readonly seed?: number } {
  const numRuns = usual * Number(process.env['SWITCHBOARD_TEST_DEPTH'] ?? 1);
  const seed = process.env['SWITCHBOARD_TEST_SEED'];
  return seed === undefined ? { numRuns } : { numRuns, seed: Number(seed) };
}
