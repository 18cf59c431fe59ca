/** The SVG path of values over a width and height, with a new subpath after each gap. A flat line runs in the middle. */
export function sparklinePath(values: readonly (number | null)[], width: number, height: number): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return '';
  const low = Math.min(...known);
  const span = Math.max(...known) - low;
  let isPenUp = true;
  const parts: string[] = [];
  for (const [index, value] of values.entries()) {
    if (value === null) {
      isPenUp = true;
      continue;
    }
    const x = values.length === 1 ? width / 2 : (index / (values.length - 1)) * width;
    const y = span === 0 ? height / 2 : height - ((value - low) / span) * height;
    parts.push(`${isPenUp ? 'M' : 'L'}${x.toFixed(2)} ${y.toFixed(2)}`);
    isPenUp = false;
  }
  return parts.join('');
}
