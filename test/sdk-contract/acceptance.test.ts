import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { accept } from '@bailiwick/plugin-kit';
import { expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../packages/plugins', import.meta.url));
const plugins = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'plugin.json')));

it('ships five plugins', () => {
  expect(plugins.toSorted()).toEqual(['alertmanager', 'aws', 'microsoft-365', 'ninjaone', 'zabbix']);
});

it.each(plugins)('finds no fault with %s', async (name) => {
  const { checks, tier } = await accept(join(folder, name));
  const failed = checks.filter(({ outcome }) => outcome === 'fail' || outcome === 'exempt');
  expect(failed.map((check) => `${check.name}: ${check.reason}`)).toEqual([]);
  expect(tier).toBe('gold');
});
