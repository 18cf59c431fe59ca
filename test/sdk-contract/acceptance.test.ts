import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { accept, toAccepted } from '@bailiwick/plugin-kit';
import { expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../packages/plugins', import.meta.url));
const plugins = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'plugin.json')));

it('ships five plugins', () => {
  expect(plugins.toSorted()).toEqual(['alertmanager', 'aws', 'microsoft-365', 'ninjaone', 'zabbix']);
});

it.each(plugins)('finds no fault with %s', async (name) => {
  const report = await accept(join(folder, name));
  const { checks, tier } = report;
  const failed = checks.filter(({ outcome }) => outcome === 'fail' || outcome === 'exempt');
  expect(failed.map((check) => `${check.name}: ${check.reason}`)).toEqual([]);
  expect(tier).toBe('gold');
  // What the catalogue shows of it; `node_modules/.bin/node scripts/accept-plugins.ts` writes it anew.
  expect(JSON.parse(readFileSync(join(folder, name, 'accepted.json'), 'utf8'))).toEqual(toAccepted(report));
});
