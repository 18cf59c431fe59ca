import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { exportedNames, sdkSurface, surfacePath } from '../../scripts/sdk-surface.ts';
import { compileExamples, documented } from './sdk-examples.ts';

it('is the surface that was committed', () => {
  // Where this fails, the contract has changed: run scripts/sdk-surface.ts, read what it changes in packages/sdk/api.md, and commit it.
  expect(readFileSync(surfacePath, 'utf8')).toBe(sdkSurface());
});

it('says something of every export', () => {
  const all = documented();
  expect(all.map(({ name }) => name).toSorted()).toEqual([...exportedNames()].toSorted());
  const silent = all.filter(({ text }) => !/^[A-Z`*][^]{15,}[.:]/.test(text.trim()));
  expect(silent.map(({ name }) => name)).toEqual([]);
});

it('shows every function and class in use', () => {
  const unshown = documented().filter(({ isFunctionOrClass, examples }) => isFunctionOrClass && examples.length === 0);
  expect(unshown.map(({ name }) => name)).toEqual([]);
});

it('has examples that compile', () => {
  const all = documented();
  expect(all.flatMap(({ examples }) => examples).length).toBeGreaterThan(25);
  expect(compileExamples(all)).toEqual([]);
});

it('sees an example that does not compile', () => {
  const wrong = {
    name: 'field',
    isFunctionOrClass: true,
    text: '',
    examples: ['field.text({ label: 1 });\nundeclared;'],
  };
  expect(compileExamples([wrong]).join('\n')).toMatch(
    /field: Type 'number' is not assignable[\s\S]*Cannot find name 'undeclared'/,
  );
});
