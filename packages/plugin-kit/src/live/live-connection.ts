import { checkValue, type PluginDescription } from '@bailiwick/plugin-runtime';
import { checked } from '../fixtures/read-fixtures.ts';
import { connectionSchema, type ConnectionFixture } from '../fixtures/fixture-schemas.ts';
import { readJsonFile } from '../build/project.ts';
import { KitError } from '../kit-error.ts';

/**
 * Reads a connection to a live vendor: the shape of `fixtures/connection.json`, with what is really needed to sign in.
 *
 * @param path absolute
 * @param now what `ctx.now` says where the file says nothing
 * @throws KitError that names file and field, never a value
 */
export async function readLiveConnection(
  path: string,
  description: PluginDescription,
  now: Temporal.Instant,
): Promise<ConnectionFixture> {
  const given = checked(path, connectionSchema, await readJsonFile<unknown>(path));
  const type = description.connections.find(({ name }) => name === given.connection);
  if (type === undefined) {
    const names = description.connections.map(({ name }) => name).join(', ');
    throw new KitError(`${path}: connection: the plugin has no "${given.connection}", only ${names}.`);
  }
  const verdict = checkValue(type.config, { ...given.config, ...given.secrets });
  if (!verdict.ok) {
    throw new KitError(`${path}: ${verdict.errors.map((error) => `${error.path}: ${error.message}`).join('; ')}`);
  }
  const secretKeys = new Set(Object.keys(type.config).filter((key) => type.config[key]?.kind === 'secret'));
  const open = Object.keys(given.config).find((key) => secretKeys.has(key));
  if (open !== undefined) throw new KitError(`${path}: config/${open}: is a secret, so it belongs under "secrets".`);
  const config = Object.entries(verdict.value).filter(([key]) => !secretKeys.has(key));
  return {
    ...given,
    config: Object.fromEntries(config) as ConnectionFixture['config'],
    now: given.now ?? now.toString(),
  };
}
