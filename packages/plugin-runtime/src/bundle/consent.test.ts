import { expect, test } from 'vitest';
import type { ActionEffect, PluginManifest } from '@bailiwick/sdk';
import type { PluginDescription } from '../description.ts';
import { capabilitiesInWords, capabilityDiff } from './consent.ts';

/** A version whose actions may go as far as `furthest`, and go as far as `effects`. */
function version(furthest: ActionEffect, ...effects: ActionEffect[]) {
  const manifest = { egress: [], capabilities: { records: [], actions: furthest } } as unknown as PluginManifest;
  const actions = effects.map((effect) => ({ effect, label: `Do ${effect}` }));
  return { manifest, description: { connections: [], actions } as unknown as PluginDescription };
}

const asks = ({ manifest, description }: ReturnType<typeof version>) => capabilitiesInWords(manifest, description);

test('only what the actions of a version do stands out; what they might is one calm sentence', () => {
  expect(asks(version('update', 'update', 'update'))).toEqual([
    { key: 'actions:update', text: 'Changes things at the vendor (Do update and Do update).', isStrong: true },
    {
      key: 'actions-up-to:update',
      text: 'Its actions go no further than changing things at the vendor. A version that begins running queries or creating things asks again.',
      isStrong: false,
    },
  ]);
  expect(asks(version('create', 'read', 'create')).at(-1)).toEqual({
    key: 'actions-up-to:create',
    text: 'Its actions go no further than creating things at the vendor.',
    isStrong: false,
  });
});

test('a version whose actions begin to do something else, or may go further, needs consent again', () => {
  const added = (before: ReturnType<typeof version>, after: ReturnType<typeof version>) =>
    capabilityDiff(before, after).added.map(({ key }) => key);
  expect(added(version('update', 'update'), version('update', 'update', 'create'))).toEqual(['actions:create']);
  expect(added(version('update', 'update'), version('delete', 'update'))).toEqual(['actions-up-to:delete']);
  expect(added(version('update', 'update', 'create'), version('update', 'update'))).toEqual([]);
});
