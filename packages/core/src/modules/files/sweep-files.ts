import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { FileStore } from '#platform/files/file-store';
import type { FileRows } from './file-store.ts';
import type { FileTables } from './file-table.ts';

/** Longer than a request may take, so that a slow upload is never swept from under its sender. */
const PENDING_HOURS = 2;
const LOOSE_HOURS = 24;

/** Takes away uploads that a crash cut short and files that were never attached. */
export class SweepFiles {
  readonly #deps: { db: ScopedDb<FileTables>; rows: FileRows; files: FileStore; clock: Clock };

  constructor(deps: { db: ScopedDb; rows: FileRows; files: FileStore; clock: Clock }) {
    this.#deps = { ...deps, db: deps.db.typed<FileTables>() };
  }

  /** Returns how many went. Bytes go before their row, so that a crash here leaves a row to find them by. */
  async run(scope: TenantScope): Promise<number> {
    const { db, rows, files, clock } = this.#deps;
    const now = clock.now();
    const forgotten = await db.transaction(scope, (tx) =>
      rows.markForgotten(tx, {
        pendingBefore: now.subtract({ hours: PENDING_HOURS }),
        looseBefore: now.subtract({ hours: LOOSE_HOURS }),
      }),
    );
    for (const file of forgotten) {
      await files.remove(file.storage_key);
      await db.transaction(scope, (tx) => rows.remove(tx, file.id));
    }
    return forgotten.length;
  }
}
