import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, InvalidInputError } from '#kernel/errors';
import { clientIdSchema, newId } from '#kernel/id';
import type { Upload } from '#kernel/operation';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ClientQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { FileKey, FileStore } from '#platform/files/file-store';
import { contentTypeOf } from './content-type.ts';
import { downloadName, originalName } from './file-name.ts';
import type { FileRows } from './file-store.ts';
import { FILE_VISIBILITIES, type FileId, type FileTables } from './file-table.ts';
import { toFileView, type FileView } from './file-view.ts';

export const uploadFileInput = z.object({
  clientId: clientIdSchema,
  /** Contacts' files are always `public`. */
  visibility: z.enum(FILE_VISIBILITIES).default('public'),
});
export type UploadFileInput = z.output<typeof uploadFileInput>;

const MAX_FILE_BYTES = 50 * 1024 * 1024;
/** More than anybody attaches to one message; it bounds what one sign-in can leave lying about until the sweep. */
const MAX_LOOSE_FILES = 40;

interface Deps {
  readonly db: ScopedDb;
  readonly rows: FileRows;
  readonly files: FileStore;
  readonly clients: ClientQueries;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** Takes a file in. It belongs to nothing yet; what is not attached within a day is swept away. */
export class UploadFile {
  readonly #db: ScopedDb<FileTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<FileTables>();
    this.#deps = deps;
  }

  /**
   * Resolves once the bytes are safe. Throws `files.too-large`, `files.empty`, `files.too-many-loose`, `tenancy.client-not-found`; a failed or broken-off
   * upload leaves neither row nor bytes.
   */
  async run(scope: TenantScope, input: UploadFileInput, upload: Upload): Promise<FileView> {
    const { clients, files } = this.#deps;
    const { clientId } = input;
    await clients.get(scope, clientId);
    const key = files.newKey();
    const id = await this.#begin(scope, input, upload.fileName, key);
    try {
      const stored = await files.write(key, upload.body, { maxBytes: MAX_FILE_BYTES });
      if (stored.sizeBytes === 0)
        throw new InvalidInputError('files.empty', 'The file is empty.', {
          fields: [{ path: ['body'], message: 'must not be empty' }],
        });
      const contentType = contentTypeOf(stored.head, upload.fileName);
      return await this.#db.transaction(scope, async (tx) => {
        const row = await this.#deps.rows.keep(tx, id, stored, contentType);
        await this.#deps.audit.record(tx, {
          action: 'files.upload-file',
          subject: { kind: 'file', id, clientId },
          summary: `Uploaded the file ${downloadName(row.name)}`,
          after: { name: row.name, contentType, sizeBytes: stored.sizeBytes, sha256: stored.sha256 },
          isClientVisible: row.visibility === 'public',
        });
        return toFileView(row);
      });
    } catch (error) {
      await files.remove(key);
      await this.#db.transaction(scope, (tx) => this.#deps.rows.remove(tx, id));
      throw error;
    }
  }

  async #begin(scope: TenantScope, input: UploadFileInput, fileName: string, key: FileKey): Promise<FileId> {
    const { rows, clock } = this.#deps;
    const isContact = scope.audience === 'client' || scope.audience === 'client_it';
    const id: FileId = newId();
    await this.#db.transaction(scope, async (tx) => {
      if ((await rows.countLoose(tx, scope.actor.id)) >= MAX_LOOSE_FILES)
        throw new ConflictError(
          'files.too-many-loose',
          `You have uploaded ${MAX_LOOSE_FILES} files without attaching them to anything. Attach them first, or come back tomorrow.`,
        );
      await rows.insertPending(tx, {
        msp_id: scope.mspId,
        id,
        client_id: input.clientId,
        visibility: isContact ? 'public' : input.visibility,
        state: 'pending',
        name: originalName(fileName),
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
    return id;
  }
}
