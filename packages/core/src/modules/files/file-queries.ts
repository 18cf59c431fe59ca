import { sql } from 'kysely';
import { z } from 'zod';
import { NotFoundError } from '#kernel/errors';
import type { Download } from '#kernel/operation';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { FileStore } from '#platform/files/file-store';
import { downloadName } from './file-name.ts';
import type { FileId, FileTables } from './file-table.ts';
import { fileIdSchema, toFileView, type FileRow, type FileView } from './file-view.ts';

export const getFileInput = z.object({ fileId: fileIdSchema });

/** Reads files. Whether a contact may open one is for the module that it is attached to: contacts have no operation here. */
export class FileQueries {
  readonly #db: ScopedDb<FileTables>;
  readonly #files: FileStore;

  constructor(deps: { db: ScopedDb; files: FileStore }) {
    this.#db = deps.db.typed<FileTables>();
    this.#files = deps.files;
  }

  /** One file. Throws `files.file-not-found`, also for another tenant's and for one that is not whole yet. */
  async get(scope: TenantScope, fileId: FileId): Promise<FileView> {
    return toFileView(await this.#row(scope, fileId));
  }

  /** Those of the files that the scope may see, in no order; for lists that show many. */
  async getMany(scope: TenantScope, fileIds: readonly FileId[]): Promise<FileView[]> {
    if (fileIds.length === 0) return [];
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('file')
        .selectAll()
        .where('id', '=', sql<never>`any(${[...fileIds]}::uuid[])`)
        .where('state', '=', 'kept'),
    );
    return rows.map(toFileView);
  }

  /** The file on its way out, always to be saved and never to be shown by the browser itself. `owner` makes sure that it is attached to what the caller checked. */
  async open(scope: TenantScope, fileId: FileId, owner?: { kind: string; id: string }): Promise<Download> {
    const row = await this.#row(scope, fileId);
    if (owner !== undefined && (row.owner_kind !== owner.kind || row.owner_id !== owner.id)) throw notFound();
    return {
      fileName: downloadName(row.name),
      contentType: row.content_type,
      body: await this.#files.read(row.storage_key),
      disposition: 'attachment',
    };
  }

  async #row(scope: TenantScope, fileId: FileId): Promise<FileRow> {
    const row = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('file').selectAll().where('id', '=', fileId).where('state', '=', 'kept'),
    );
    if (row === undefined) throw notFound();
    return row;
  }
}

function notFound(): NotFoundError {
  return new NotFoundError('files.file-not-found', 'There is no such file.');
}
