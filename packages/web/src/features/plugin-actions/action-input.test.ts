import { expect, test } from 'vitest';
import { fieldErrors, labelOf } from './action-input.ts';

test('a field without a label is called by its name in words', () => {
  expect(labelOf('runAs', {})).toBe('Run as');
  expect(labelOf('runAs', { label: 'Credential' })).toBe('Credential');
});

test('what is refused inside a field stands at the field, and what is about no field at none', () => {
  expect(fieldErrors({ 'input.hosts.2': 'is no host', scopeId: 'must be given' })).toEqual({ hosts: 'is no host' });
});
