import { expect, it } from 'vitest';
import { isSource } from './watch-folder.ts';

it.each(['plugin.json', 'src/plugin.ts', 'src\\api.ts', 'fixtures/vendor.ts', 'fixtures\\a\\b.json', 'sdk/index.ts'])(
  'builds again where %s was saved',
  (path) => expect(isSource(path)).toBe(true),
);

it.each([
  'README.md',
  'live.json',
  'acme-1.0.0.bailiwick-plugin',
  'node_modules/x/src/plugin.ts',
  'dist\\plugin.mjs',
  'src/.plugin.ts.swp',
  'src/plugin.ts~',
  'fixtures/recorded.cassette.json.partial',
])('leaves %s alone', (path) => expect(isSource(path)).toBe(false));
