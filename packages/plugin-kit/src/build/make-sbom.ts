import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Sbom } from '@bailiwick/plugin-runtime';
import type { PluginManifest } from '@bailiwick/sdk';

type Component = Sbom['components'][number];

/** Lists what went into the code: each package that a bundled file belongs to, in order of name. */
export async function makeSbom(manifest: PluginManifest, modules: readonly string[]): Promise<Sbom> {
  const found = await Promise.all([...new Set(modules.map(packageFolderOf))].map(readComponent));
  const components = found
    .filter((component) => component !== undefined)
    .toSorted((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        name: manifest.id,
        version: manifest.version,
        licenses: [{ expression: manifest.licence }],
      },
    },
    components,
  };
}

/** The folder of the package in `node_modules` that a file belongs to; empty for the plugin's own files and the SDK. */
function packageFolderOf(file: string): string {
  const path = file.replaceAll('\\', '/');
  const at = path.lastIndexOf('/node_modules/');
  if (at === -1) return '';
  const [scopeOrName = '', name = ''] = path.slice(at + '/node_modules/'.length).split('/');
  const packageName = scopeOrName.startsWith('@') ? `${scopeOrName}/${name}` : scopeOrName;
  return join(dirname(`${path.slice(0, at)}/node_modules/x`), packageName);
}

async function readComponent(folder: string): Promise<Component | undefined> {
  if (folder === '') return undefined;
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
  };
  return {
    type: 'library',
    name,
    version,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    ...(license === undefined ? {} : { licenses: [{ expression: license }] }),
  };
}
