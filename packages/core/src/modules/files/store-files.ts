import type { Clock } from '#kernel/clock';
import { newId, type ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { FileStore, StoredFile } from '#platform/files/file-store';
import { contentTypeOf } from './content-type.ts';
import { originalName } from './file-name.ts';
import type { FileRows } from './file-store.ts';
import type { FileId, FileTables, FileVisibility } from './file-table.ts';

/** Bytes that came by another way than an upload, such as with a mail. */
export interface IncomingFile {
  readonly name: string;
  /** Called once, when its turn has come, so that not all of them are in memory. */
  readonly open: () => Uint8Array;
}

/** A file whose bytes are safe, and which becomes one only with `keep`. */
export interface PreparedFile {
  readonly fileId: FileId;
  readonly name: string;
  readonly contentType: string;
  readonly stored: StoredFile;
}

interface Deps {
  readonly db: ScopedDb;
  readonly rows: FileRows;
  readonly files: FileStore;
  readonly clock: Clock;
}

/** Takes in files that the system itself got. Bytes are written before the transaction that keeps them, and swept away where it never comes. */
export class StoreFiles {
  readonly #db: ScopedDb<FileTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<FileTables>();
    this.#deps = deps;
  }

  /** Writes the bytes. Their size is for the caller to limit. The type is told by the bytes, never by the sender. */
  async prepare(
    scope: TenantScope,
    to: { readonly clientId: ClientId; readonly visibility: FileVisibility },
    incoming: readonly IncomingFile[],
  ): Promise<PreparedFile[]> {
    const { rows, files, clock } = this.#deps;
    const begun = incoming.map((file) => ({ ...file, id: newId<'file'>(), key: files.newKey() }));
    await this.#db.transaction(scope, async (tx) => {
      for (const { id, key, name } of begun)
        await rows.insertPending(tx, {
          msp_id: scope.mspId,
          id,
          client_id: to.clientId,
          visibility: to.visibility,
          state: 'pending',
          name: originalName(name),
          content_type: 'application/octet-stream',
          size_bytes: 0,
          sha256: '',
          storage_key: key,
          owner_kind: null,
          owner_id: null,
          uploaded_by_id: scope.actor.id,
          uploaded_by_label: scope.actor.label,
          created_at: clock.now(),
        });
    });
    const prepared: PreparedFile[] = [];
    for (const { id, key, name, open } of begun) {
      const bytes = open();
      const stored = await files.write(key, streamOf(bytes), { maxBytes: bytes.byteLength });
      prepared.push({ fileId: id, name, contentType: contentTypeOf(stored.head, name), stored });
    }
    return prepared;
  }

  /** Joins the caller's transaction, whose actor they are from; attach the files in it. Throws `files.upload-gone` where the sweep was quicker. */
  async keep(tx: AnyTransaction, prepared: readonly PreparedFile[]): Promise<void> {
    for (const { fileId, stored, contentType } of prepared)
      await this.#deps.rows.keep(tx.typed<FileTables>(), fileId, stored, contentType, tx.scope.actor);
  }
}

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      if (bytes.byteLength > 0) controller.enqueue(bytes);
      controller.close();
    },
  });
}
