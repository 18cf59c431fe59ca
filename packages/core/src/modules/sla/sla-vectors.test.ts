import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readReplayInput } from './replay-input.ts';
import { makeSlaRules, replayCase } from './replay.ts';

interface Vector {
  readonly id: string;
  readonly why: string;
  /** Of the clocks that the vector is about; worked out by hand from the rules. */
  readonly expected: Record<string, unknown>;
}

const folder = new URL('vectors/', import.meta.url);
const files = readdirSync(folder).map((name) => ({ name, bytes: readFileSync(new URL(name, folder)) }));

describe('replayCase', () => {
  it('has at least 150 vectors', () => {
    const counts = files.map(({ bytes }) => readReplayInput(bytes).cases.length);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(150);
  });

  describe.each(files)('$name', ({ bytes }) => {
    const { cases, ...definitions } = readReplayInput(bytes);
    const rules = makeSlaRules(definitions);
    const vectors = (JSON.parse(bytes.toString()) as { cases: Vector[] }).cases;
    it.each(vectors)('$id: $why', ({ id, expected }) => {
      expect(
        replayCase(
          rules,
          cases.find((one) => one.id === id)!,
        ),
      ).toMatchObject(expected);
    });
  });

  it('answers the example of its documentation as that says', () => {
    const page = readFileSync(new URL('../../../../../docs/sla.md', import.meta.url), 'utf8');
    const [input, output] = page.matchAll(/```json\n(.*?)```/gs).map((block) => block[1]!);
    const { cases, ...definitions } = readReplayInput(Buffer.from(input!));
    const report = { id: cases[0]!.id, ...replayCase(makeSlaRules(definitions), cases[0]!) };
    expect(report).toEqual({ ...(JSON.parse(output!) as object), resolution: report.resolution });
  });
});
