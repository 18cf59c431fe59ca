import { expect, test } from 'vitest';
import { entityName, entityWords, nameWords } from './plugin-words.ts';

test('names of a plugin are read as words, codes of a vendor as they are', () => {
  expect(nameWords('token-in-header')).toBe('Token in header');
  expect(nameWords('password')).toBe('Password');
  expect(nameWords('eu-central-1')).toBe('eu-central-1');
  expect(nameWords('eu')).toBe('eu');
  expect(nameWords('TLS')).toBe('TLS');
});

test('a type of record is named for one and for many', () => {
  expect(entityName('cloudResource')).toBe('Cloud resource');
  expect(entityWords('cloudResource')).toBe('Cloud resources');
  expect(entityName('x:acme/probe')).toBe('Probe');
  expect(entityWords('software')).toBe('Software');
});
