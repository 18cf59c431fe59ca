import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { generatePublisherKey, loadPublisherKey, type PublisherKey } from '@bailiwick/plugin-runtime';
import { KitError, messageOf } from '../kit-error.ts';

/** Where the author's key is, unless `--key` says otherwise. */
export const defaultKeyFile = join(homedir(), '.config', 'bailiwick', 'publisher-key.pem');

/**
 * Reads the publisher's key; the default one is made where it is not there yet, readable by its owner only.
 *
 * @throws KitError
 */
export async function readKeyFile(given: string | undefined): Promise<PublisherKey & { readonly isNew: boolean }> {
  const path = given ?? defaultKeyFile;
  const pem = await readFile(path, 'utf8').catch(() => undefined);
  if (pem !== undefined) {
    try {
      return { ...loadPublisherKey(pem), isNew: false };
    } catch (error) {
      throw new KitError(`${path} holds no publisher key: ${messageOf(error)}`, { cause: error });
    }
  }
  if (given !== undefined) throw new KitError(`${path} is not there. \`pack\` without --key makes a key for you.`);
  const key = generatePublisherKey();
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, key.pem, { mode: 0o600, flag: 'wx' });
  return { ...key, isNew: true };
}
