import { fileURLToPath } from 'node:url';
import { migrateDatabase } from '#platform/db/migrator';

/** Brings a database to this version, as its owner. */
export async function migrate(options: { ownerUrl: string }): Promise<void> {
  await migrateDatabase({
    ownerUrl: options.ownerUrl,
    modulesFolder: fileURLToPath(new URL('../modules', import.meta.url)),
    platformFolder: fileURLToPath(new URL('../platform/db/migrations', import.meta.url)),
  });
}
