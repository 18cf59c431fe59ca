import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { groups } from '../../packages/plugin-kit/src/acceptance/groups.ts';

const text = readFileSync(fileURLToPath(new URL('../../docs/plugins/acceptance.md', import.meta.url)), 'utf8');

it('has every check with its tier and its promise, in the order in which they run', () => {
  const written = [...text.matchAll(/^(?:## (.+)|### `([a-z-]+)` \((\w+)\)\n\n(.+))$/gm)].map(
    ([, group, name, tier, promise]) => group ?? `${name} ${tier}: ${promise}`,
  );
  const run = groups.flatMap(({ name, checks }) => [
    name,
    ...checks.map((check) => `${check.name} ${check.tier}: ${check.promise}`),
  ]);
  expect(written).toEqual(run);
});

it('says of each check why it is there, and what to do where it fails', () => {
  const sections = text.split(/^### /m).slice(1);
  expect(sections.length).toBeGreaterThan(40);
  for (const section of sections) expect(section).toMatch(/\n\*Why:\* .{20,} {2}\n\*Where it fails:\* .{20,}/);
});
