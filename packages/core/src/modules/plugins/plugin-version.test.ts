import { expect, it } from 'vitest';
import { isOlder } from './plugin-version.ts';

it('orders versions as semver.org does', () => {
  const inOrder = [
    '0.9.0',
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0-rc.1',
    '1.0.0',
    '1.0.1',
    '1.10.0',
    '2.0.0',
  ];
  for (const [index, version] of inOrder.entries())
    for (const [otherIndex, other] of inOrder.entries())
      expect(`${version} ${other} ${isOlder(version, other)}`).toBe(`${version} ${other} ${index < otherIndex}`);
});
