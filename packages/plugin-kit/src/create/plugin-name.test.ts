import { expect, it } from 'vitest';
import { pluginNameOf, pluginTitle } from './plugin-name.ts';

it.each([
  ['/plugins/Acme RMM', 'acme-rmm'],
  ['/plugins/acmeRmm', 'acme-rmm'],
  ['/plugins/Zürich Café', 'zurich-cafe'],
  ['/plugins/365', 'plugin-365'],
  ['/plugins/株式会社', 'my-plugin'],
  ['/plugins/--', 'my-plugin'],
  ['/', 'my-plugin'],
])('names the plugin of %s %s', (folder, name) => expect(pluginNameOf(folder)).toBe(name));

it('gives it a title that a person reads', () => {
  expect(pluginTitle('acme-rmm')).toBe('Acme rmm');
});
