import { BundleRefused } from '@bailiwick/plugin-runtime';
import { describe, expect, it } from 'vitest';
import { nameDefiner } from './name-definer.ts';

const said = { connections: [{ name: 'account' }], streams: [{ name: 'alerts', every: 'PT1S' }, { label: 'Devices' }] };

describe('nameDefiner', () => {
  it.each([
    [
      'bad-field',
      'connections/0/auth',
      'expected object, received undefined',
      "defineConnection('account'): auth is missing.",
    ],
    ['bad-field', 'streams/0/every', 'is no duration', "defineStream('alerts'): every: is no duration"],
    ['unknown-field', 'streams/0/evry', 'is not a known field.', "defineStream('alerts'): evry: is not a known field."],
    ['bad-field', 'streams/1/name', 'expected string', 'defineStream number 2: name is missing.'],
    [
      'unknown-reference',
      'connections/0/config/site/options',
      'names none.',
      "defineConnection('account'): config/site/options: names none.",
    ],
    ['beyond-capabilities', 'webhooks', 'A webhook is too much.', 'definePlugin: webhooks: A webhook is too much.'],
  ] as const)('says where the author finds a %s at %s', (code, path, why, told) => {
    expect(nameDefiner(new BundleRefused(code, `contributions.json/${path}`, why), said).message).toBe(told);
  });

  it('leaves what is about a file of the author as it is', () => {
    const refused = new BundleRefused('bad-field', 'plugin.json/egress/0', 'is no host');
    expect(nameDefiner(refused, said)).toBe(refused);
  });
});
