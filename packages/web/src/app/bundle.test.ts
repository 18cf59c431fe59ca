import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_INITIAL_BYTES, measureBundle } from '../../scripts/measure-bundle.ts';
import type { DoorWeight } from '../../scripts/measure-bundle.ts';

describe('the initial JavaScript', () => {
  let folder = '';
  let weights: readonly DoorWeight[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bailiwick-web-'));
    const configFile = fileURLToPath(new URL('../../vite.config.ts', import.meta.url));
    await build({ configFile, mode: 'production', logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
    weights = measureBundle(folder);
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('of each door is under 100 kB gzip', () => {
    expect(weights.map(({ door }) => door)).toEqual(['console', 'portal']);
    for (const { gzipBytes } of weights) {
      expect(gzipBytes).toBeGreaterThan(10_000);
      expect(gzipBytes).toBeLessThan(MAX_INITIAL_BYTES);
    }
  });

  it('of one door holds no entry of the other', () => {
    const [console, portal] = weights;
    expect(console?.sources).not.toContain('portal.html');
    expect(portal?.sources).not.toContain('index.html');
  });
});
