import { ConflictError, NotFoundError } from '#kernel/errors';
import type { ClientId } from '#kernel/id';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { StoredFile } from '#platform/files/file-store';
import type { Insertable } from 'kysely';
import type { FileId, FileTables, FileVisibility } from './file-table.ts';
import type { FileRow } from './file-view.ts';

type Tx = ScopedTransaction<FileTables>;

/** The only writer of `file`. */
export class FileRows {
  async insertPending(tx: Tx, file: Insertable<FileTables['file']>): Promise<void> {
    await tx.query.insertInto('file').values(file).execute();
  }

  /** Marks a file whose bytes are safe. Throws `files.upload-gone` when the sweep was quicker. */
  async keep(
    tx: Tx,
    id: FileId,
    stored: StoredFile,
    contentType: string,
    sender?: { id: string; label: string },
  ): Promise<FileRow> {
    const row = await tx.query
      .updateTable('file')
      .set({
        state: 'kept',
        size_bytes: stored.sizeBytes,
        sha256: stored.sha256,
        content_type: contentType,
        ...(sender === undefined ? {} : { uploaded_by_id: sender.id, uploaded_by_label: sender.label }),
      })
      .where('id', '=', id)
      .where('state', '=', 'pending')
      .returningAll()
      .executeTakeFirst();
    if (row === undefined)
      throw new ConflictError('files.upload-gone', 'The upload took too long and was given up. Send the file again.');
    return row;
  }

  /** The file, locked for a change. Throws `files.file-not-found`, also for another tenant's. */
  async forChange(tx: Tx, id: FileId): Promise<FileRow> {
    const row = await tx.query
      .selectFrom('file')
      .selectAll()
      .where('id', '=', id)
      .where('state', '=', 'kept')
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) throw new NotFoundError('files.file-not-found', 'There is no such file.');
    return row;
  }

  async giveTo(tx: Tx, file: FileRow, owner: { kind: string; id: string }, visibility: FileVisibility): Promise<void> {
    await tx.query
      .updateTable('file')
      .set({ owner_kind: owner.kind, owner_id: owner.id, visibility, version: file.version + 1 })
      .where('id', '=', file.id)
      .execute();
  }

  async changeOwner(tx: Tx, ids: readonly FileId[], owner: { kind: string; id: string }): Promise<void> {
    if (ids.length === 0) return;
    await tx.query
      .updateTable('file')
      .set({ owner_id: owner.id })
      .where('owner_kind', '=', owner.kind)
      .where('id', 'in', ids)
      .execute();
  }

  /** Gives all files of one thing to the client that the thing now belongs to. */
  async moveOwned(tx: Tx, owner: { kind: string; id: string }, clientId: ClientId): Promise<void> {
    await tx.query
      .updateTable('file')
      .set({ client_id: clientId })
      .where('owner_kind', '=', owner.kind)
      .where('owner_id', '=', owner.id)
      .execute();
  }

  /** How many files somebody sent and attached to nothing yet. */
  async countLoose(tx: Tx, uploadedBy: string): Promise<number> {
    const { count } = await tx.query
      .selectFrom('file')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('uploaded_by_id', '=', uploadedBy)
      .where('owner_id', 'is', null)
      .executeTakeFirstOrThrow();
    return count;
  }

  /** Marks up to 200 files that nothing will ever need, and files whose removal was cut short. */
  async markForgotten(
    tx: Tx,
    limits: { pendingBefore: Temporal.Instant; looseBefore: Temporal.Instant },
  ): Promise<FileRow[]> {
    const forgotten = tx.query
      .selectFrom('file')
      .select('id')
      .where((eb) =>
        eb.or([
          eb('state', '=', 'removing'),
          eb.and([eb('state', '=', 'pending'), eb('created_at', '<', limits.pendingBefore)]),
          eb.and([eb('state', '=', 'kept'), eb('owner_id', 'is', null), eb('created_at', '<', limits.looseBefore)]),
        ]),
      )
      .orderBy('created_at')
      .limit(200);
    return tx.query
      .updateTable('file')
      .set({ state: 'removing' })
      .where('id', 'in', forgotten)
      .returningAll()
      .execute();
  }

  async remove(tx: Tx, id: FileId): Promise<void> {
    await tx.query.deleteFrom('file').where('id', '=', id).where('state', '<>', 'kept').execute();
  }
}
