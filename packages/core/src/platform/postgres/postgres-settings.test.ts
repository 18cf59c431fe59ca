import { describe, expect, it } from 'vitest';
import { postgresSettings } from './postgres-settings.ts';

const GIB = 1024 ** 3;

describe('postgresSettings', () => {
  it.each([
    [GIB, '128MB', '512MB'],
    [2 * GIB, '256MB', '1024MB'],
    [8 * GIB, '1024MB', '4096MB'],
    [64 * GIB, '2048MB', '32768MB'],
  ])('gives PostgreSQL its part of %i bytes', (memory, buffers, cache) => {
    expect(postgresSettings(memory, false)).toMatchObject({ shared_buffers: buffers, effective_cache_size: cache });
  });

  it('stays small where it is for tests', () => {
    expect(postgresSettings(64 * GIB, true)).toMatchObject({ shared_buffers: '128MB', fsync: 'off' });
  });
});
