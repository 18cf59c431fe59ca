import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One text of a plugin's source, and the bug that stands there instead. */
export type Change = readonly [good: string, bad: string];

/**
 * Copies a plugin and plants a bug into its `src/plugin.ts`.
 *
 * @throws Error where the text to replace does not stand there exactly once: the bug would not be planted
 */
export async function plant(
  plugin: string,
  changes: readonly Change[],
): Promise<AsyncDisposable & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'bailiwick-planted-'));
  await cp(plugin, folder, { recursive: true });
  const path = join(folder, 'src', 'plugin.ts');
  let source = await readFile(path, 'utf8');
  for (const [good, bad] of changes) {
    const { length } = source.split(good);
    if (length !== 2) throw new Error(`"${good}" stands in the plugin ${length - 1} times.`);
    source = source.replace(good, () => bad);
  }
  await writeFile(path, source);
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** Makes the good plugin reach its vendor at an address of the configuration, as one on this machine is. */
export const onAddress = {
  changes: [
    [
      'config: { key: field.secret(), signingKey: field.secret() }',
      'config: { url: field.url(), key: field.secret(), signingKey: field.secret() }',
    ],
    ["baseUrl: 'https://api.acme.example/v1/'", "baseUrl: '{config.url}/v1/'"],
  ] satisfies readonly Change[],
  async declare(folder: string): Promise<void> {
    const path = join(folder, 'plugin.json');
    const manifest = JSON.parse(await readFile(path, 'utf8')) as object;
    await writeFile(path, JSON.stringify({ ...manifest, egress: ['{config.url}'] }));
  },
};
