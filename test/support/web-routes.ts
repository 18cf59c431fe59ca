import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('../../packages/web/src', import.meta.url));

/** A screen's place, as its feature declares it: `/tickets/:number`; the portal's begin with `/portal`. */
export interface WebRoute {
  readonly door: 'console' | 'portal';
  readonly path: string;
}

/**
 * Every route that the features of both doors declare. Read from their text: the modules themselves load icons and the browser's own things. A path that is not
 * written out in `feature.ts` would be missed, so each file must give at least one.
 */
export function webRoutes(): readonly WebRoute[] {
  return [...routesUnder('features', 'console'), ...routesUnder('portal', 'portal')];
}

function routesUnder(folder: string, door: WebRoute['door']): WebRoute[] {
  return readdirSync(join(SOURCE, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => {
      const file = join(SOURCE, folder, entry.name, 'feature.ts');
      // A folder without one is drawn inside of other features' screens.
      const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
      if (!text.includes('routes:') || text.includes('routes: []')) return [];
      const paths = [...text.matchAll(/\bpath: '([^']+)'/g)].map((match) => match[1] ?? '');
      if (paths.length === 0) throw new Error(`${file} declares routes that this reader does not see.`);
      return paths.map((path) => ({ door, path: door === 'portal' ? `/portal${path}` : path }));
    });
}
