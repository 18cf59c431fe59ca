import { fileURLToPath } from 'node:url';
import { accept } from '@bailiwick/plugin-kit';
import { expect, it } from 'vitest';
import { plantedBugs } from './planted-bugs.ts';
import { plant } from './plant.ts';

const acme = fileURLToPath(new URL('acme', import.meta.url));

it('finds no fault with the plugin that the bugs are planted into', async () => {
  const { checks, tier } = await accept(acme);
  const failed = checks.filter(({ outcome }) => outcome === 'fail');
  expect(failed.map((check) => `${check.name}: ${check.reason}`)).toEqual([]);
  expect(tier).toBe('gold');
});

it.each(plantedBugs)('catches $bug by $check', async ({ check, says, changes }) => {
  await using planted = await plant(acme, changes);
  const { checks, tier } = await accept(planted.folder, { only: [check] });
  expect(checks).toMatchObject([{ name: check, outcome: 'fail', reason: expect.stringMatching(says) as string }]);
  expect(tier).not.toBe('gold');
});
