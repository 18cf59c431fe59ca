import { describe, expect, it } from 'vitest';
import { clampWidth, readWidths } from './column-widths.ts';

describe('readWidths', () => {
  it('reads what was stored', () => {
    expect(readWidths('{"subject":320}')).toEqual({ subject: 320 });
    expect(readWidths(null)).toEqual({});
  });
  it('takes nothing from a text that is not of this shape', () => {
    for (const text of ['', 'null', '[', '"x"', '{"subject":"wide"}', '{"subject":null}'])
      expect(readWidths(text)).toEqual({});
  });
  it('keeps every column grabbable', () => {
    expect(readWidths('{"a":-5,"b":1e9}')).toEqual({ a: clampWidth(0), b: clampWidth(Infinity) });
  });
});
