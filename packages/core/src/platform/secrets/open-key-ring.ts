import { randomBytes, timingSafeEqual, createHmac } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { UnavailableError } from '#kernel/errors';
import type { Settings } from '#platform/settings';
import { KeyRing } from './key-ring.ts';

/**
 * The install's keys: from BAILIWICK_SECRET_KEY, else from a file of mode 0600 in the data folder that the first start makes. Refuses a key that is not the
 * one that this database's secrets were written under: starting with it would lose them one by one. Throws `secrets.wrong-key`, `secrets.bad-key-file`.
 */
export async function openKeyRing(settings: Settings, pool: pg.Pool): Promise<KeyRing> {
  const current = settings.BAILIWICK_SECRET_KEY ?? (await keyFile(settings.BAILIWICK_DATA_DIR));
  const previous = settings.BAILIWICK_SECRET_KEY_PREVIOUS;
  const ring = new KeyRing(
    Buffer.from(current, 'base64'),
    previous === undefined ? [] : [Buffer.from(previous, 'base64')],
  );
  await checkRing(ring, pool);
  return ring;
}

async function keyFile(dataDir: string): Promise<string> {
  const path = join(dataDir, 'secret.key');
  await mkdir(dataDir, { recursive: true });
  try {
    const handle = await open(path, 'wx', 0o600);
    try {
      await handle.writeFile(`${randomBytes(32).toString('base64')}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const text = (await readFile(path, 'utf8')).trim();
  if (!/^[A-Za-z0-9+/]{43}=$/.test(text))
    throw new UnavailableError(
      'secrets.bad-key-file',
      `${path} does not hold a key. Restore it from a backup: without it stored secrets cannot be opened.`,
    );
  return text;
}

/** The check value proves the key without showing it: an HMAC under the key, of a known text. */
async function checkRing(ring: KeyRing, pool: pg.Pool): Promise<void> {
  const { id, key } = ring.current;
  const value = createHmac('sha256', key).update('bailiwick key check').digest();
  const { rows } = await pool.query<{ key_id: string; check_value: Buffer }>(
    'select key_id, check_value from secret_key_check',
  );
  const own = rows.find((row) => row.key_id === id);
  if (own !== undefined && timingSafeEqual(own.check_value, value)) return;
  if (own !== undefined || (rows.length > 0 && !rows.some((row) => ring.has(row.key_id)))) {
    throw new UnavailableError(
      'secrets.wrong-key',
      'BAILIWICK_SECRET_KEY is not the key that this database was written under. Set the right one; to change keys, set the old one as BAILIWICK_SECRET_KEY_PREVIOUS.',
    );
  }
  await pool.query('insert into secret_key_check (key_id, check_value) values ($1, $2) on conflict do nothing', [
    id,
    value,
  ]);
}
