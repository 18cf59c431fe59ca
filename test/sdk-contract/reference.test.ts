import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { pluginReference, referencePath } from '../../scripts/plugin-reference.ts';

it('holds what the source of the SDK says', () => {
  // Where this fails: run scripts/plugin-reference.ts and commit what it writes.
  expect(readFileSync(referencePath, 'utf8')).toBe(pluginReference());
});

it('says something of every function, and shows it in use', () => {
  const entries = pluginReference().split(/^### /m).slice(1);
  const functions = entries.filter((entry) => /^```ts\n(?:async )?function/m.test(entry));
  expect(functions.length).toBeGreaterThan(10);
  for (const entry of functions) expect(entry).toMatch(/^`\w+`\n\n[A-Z][\s\S]+For example:/);
});
