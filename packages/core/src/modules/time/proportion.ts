/**
 * A whole number in parts by weights, so that the parts add up to it exactly: each gets its floor, and what is left goes one by one to the largest remainders, of
 * equal ones to the first (the method of largest remainders, Hamilton's). Without weight the first part takes all. Negative wholes are spread as their opposite.
 */
export function proportionally(whole: number, weights: readonly bigint[]): number[] {
  if (whole < 0) return proportionally(-whole, weights).map((part) => (part === 0 ? 0 : -part));
  const sum = weights.reduce((total, weight) => total + weight, 0n);
  if (sum === 0n) return weights.map((_, index) => (index === 0 ? whole : 0));
  const exact = weights.map((weight, index) => {
    const product = BigInt(whole) * weight;
    return { index, floor: Number(product / sum), remainder: product % sum };
  });
  const left = whole - exact.reduce((total, { floor }) => total + floor, 0);
  const first = exact
    .toSorted((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1))
    .slice(0, left);
  const lucky = new Set(first.map(({ index }) => index));
  return exact.map(({ index, floor }) => floor + (lucky.has(index) ? 1 : 0));
}
