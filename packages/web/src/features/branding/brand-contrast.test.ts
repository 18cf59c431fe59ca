import { describe, expect, it } from 'vitest';

/** Relative luminance (WCAG 2.2) of an OKLCH colour, by Ottosson's matrices; what lies outside of sRGB is clipped, as browsers at worst do. */
function luminance(lightness: number, chroma: number, hue: number): number {
  const [a, b] = [chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)];
  const [l, m, s] = [
    (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3,
    (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3,
    (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3,
  ] as const;
  const [red, green, blue] = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((part) => Math.min(1, Math.max(0, part))) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const contrast = (one: number, other: number): number => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);

describe('the colour of an MSP or a client', () => {
  it('carries words of at least 4.5 : 1 at every hue, light and dark', () => {
    const hues = Array.from({ length: 360 }, (_, hue) => hue);
    const light = hues.map((hue) => contrast(luminance(0.5, 0.1, hue), 1));
    const dark = hues.map((hue) => contrast(luminance(0.72, 0.078, hue), luminance(0.16, 0.03, 277)));
    expect(Math.min(...light)).toBeGreaterThanOrEqual(4.5);
    expect(Math.min(...dark)).toBeGreaterThanOrEqual(4.5);
  });
});
