// Packs the plugins of packages/plugins for the catalogue: each into its dist, signed with a key that is this tree's own.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPlugin, bundleFileName, packPlugin } from '@bailiwick/plugin-kit';
import { generatePublisherKey, loadPublisherKey, type Accepted, type PublisherKey } from '@bailiwick/plugin-runtime';

const folder = fileURLToPath(new URL('../packages/plugins', import.meta.url));

/** The server trusts what lies in its own folders by its digest, so the key may differ from machine to machine. */
function publisherKey(): PublisherKey {
  const path = join(folder, 'dist', 'publisher-key.pem');
  if (existsSync(path)) return loadPublisherKey(readFileSync(path, 'utf8'));
  const { pem, ...key } = generatePublisherKey();
  mkdirSync(join(folder, 'dist'), { recursive: true });
  writeFileSync(path, pem, { mode: 0o600 });
  return key;
}

async function pack(plugin: string, key: PublisherKey): Promise<void> {
  const built = await buildPlugin(plugin);
  const accepted = JSON.parse(readFileSync(join(plugin, 'accepted.json'), 'utf8')) as Accepted;
  const bytes = packPlugin(built, key, accepted);
  const dist = join(plugin, 'dist');
  const name = bundleFileName(built);
  mkdirSync(dist, { recursive: true });
  writeFileSync(join(dist, `${name}.partial`), bytes);
  renameSync(join(dist, `${name}.partial`), join(dist, name));
  for (const other of readdirSync(dist)) if (other !== name) rmSync(join(dist, other), { recursive: true });
}

const key = publisherKey();
const plugins = readdirSync(folder)
  .map((name) => join(folder, name))
  .filter((plugin) => existsSync(join(plugin, 'plugin.json')));
const packed = await Promise.allSettled(plugins.map((plugin) => pack(plugin, key)));
for (const [index, result] of packed.entries())
  if (result.status === 'rejected') {
    process.stderr.write(`${plugins[index]}: ${String(result.reason)}\n`);
    process.exitCode = 1;
  }
