import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSamples, encodeSamples } from './sample-codec.ts';

const times = fc
  .array(fc.integer({ min: 0, max: 4_000_000 }), { maxLength: 200 })
  .map((gaps) => gaps.reduce<number[]>((all, gap) => [...all, (all.at(-1) ?? 1_795_000_000_000) + gap], []));
/** Without a minus on zero: it says nothing of a machine, and JSON, in which samples come, does not carry it. */
const values = fc
  .oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer({ min: 0, max: 10_000 }).map((value) => value / 100),
    fc.constantFrom(0, Number.MAX_VALUE, Number.MIN_VALUE, -1.5, 2 ** 53, 2 ** 51, -(2 ** 51) + 1),
  )
  .map((value) => value + 0);

describe('encodeSamples', () => {
  it('gives back exactly what went in', () => {
    fc.assert(
      fc.property(times, fc.array(values, { minLength: 200, maxLength: 200 }), (timesMs, many) => {
        const samples = { timesMs, values: many.slice(0, timesMs.length) };
        const decoded = decodeSamples(encodeSamples(samples));
        expect(decoded.timesMs).toEqual(samples.timesMs);
        expect(decoded.values.every((value, index) => Object.is(value, samples.values[index]))).toBe(true);
      }),
    );
  });

  it('keeps decimals, constants and doubles each in their own form', () => {
    const regular = Array.from({ length: 120 }, (_, index) => 1_795_000_000_000 + index * 30_000);
    const sizeOf = (value: (index: number) => number) =>
      encodeSamples({ timesMs: regular, values: regular.map((_, index) => value(index)) }).length;
    expect(sizeOf(() => 8_589_934_592)).toBeLessThan(40);
    expect(sizeOf((index) => Math.round(5000 + Math.sin(index / 7) * 3000) / 100)).toBeLessThan(300);
    expect(sizeOf((index) => Math.sin(index))).toBeLessThan(120 * 8);
  });

  it('refuses a block that is cut off', () => {
    const block = encodeSamples({ timesMs: [1, 2, 3], values: [1, 2, 3] });
    expect(() => decodeSamples(block.subarray(0, block.length - 2))).toThrow(RangeError);
    expect(() => decodeSamples(new Uint8Array())).toThrow();
  });
});
