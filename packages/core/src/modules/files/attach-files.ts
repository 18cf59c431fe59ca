import { ConflictError, NotFoundError } from '#kernel/errors';
import type { ClientId } from '#kernel/id';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { FileRows } from './file-store.ts';
import { FILE_VISIBILITIES, type FileId, type FileTables, type FileVisibility } from './file-table.ts';
import { toFileView, type FileView } from './file-view.ts';

/** Gives uploaded files to something of another module, which keeps its own link row to each. */
export class AttachFiles {
  readonly #rows: FileRows;

  constructor(deps: { rows: FileRows }) {
    this.#rows = deps.rows;
  }

  /**
   * Joins the caller's transaction. Each file must be of `clientId`, sent by the same actor and attached to nothing yet. `visibility` becomes the file's
   * own, so that the attachment of an internal note is hidden with it. A file that the same thing has already, for as many readers or more, is only shown once more: it stays as it is, whoever
   * sent it. Returns those that were given away now, in the order given. Throws `files.file-not-found`, also for another client's or another sender's; `files.already-attached`.
   */
  async run(
    tx: AnyTransaction,
    attach: {
      fileIds: readonly FileId[];
      clientId: ClientId;
      to: { kind: string; id: string };
      visibility: FileVisibility;
    },
  ): Promise<FileView[]> {
    const typed = tx.typed<FileTables>();
    const views: FileView[] = [];
    for (const fileId of new Set(attach.fileIds)) {
      const file = await this.#rows.forChange(typed, fileId);
      if (file.client_id === attach.clientId && isShownAgain(file, attach)) continue;
      const isSenders = file.uploaded_by_id === tx.scope.actor.id || tx.scope.audience === 'system';
      if (file.client_id !== attach.clientId || !isSenders)
        throw new NotFoundError('files.file-not-found', 'There is no such file.');
      if (file.owner_id !== null)
        throw new ConflictError('files.already-attached', `${toFileView(file).name} is attached to something already.`);
      await this.#rows.giveTo(typed, file, attach.to, attach.visibility);
      views.push(toFileView({ ...file, visibility: attach.visibility }));
    }
    return views;
  }

  /** Joins the caller's transaction: files go from the thing that they are attached to, which the caller may change, to another of the same client. */
  async changeOwner(tx: AnyTransaction, fileIds: readonly string[], to: { kind: string; id: string }): Promise<void> {
    await this.#rows.changeOwner(tx.typed<FileTables>(), fileIds as FileId[], to);
  }

  /** Joins the caller's transaction: when a thing is corrected to another client, its files go with it. */
  async moveTo(tx: AnyTransaction, move: { owner: { kind: string; id: string }; clientId: ClientId }): Promise<void> {
    await this.#rows.moveOwned(tx.typed<FileTables>(), move.owner, move.clientId);
  }
}

function isShownAgain(
  file: { owner_kind: string | null; owner_id: string | null; visibility: FileVisibility },
  { to, visibility }: { to: { kind: string; id: string }; visibility: FileVisibility },
): boolean {
  const isThere = file.owner_kind === to.kind && file.owner_id === to.id;
  // What fewer may read must not come to more by being shown again.
  return isThere && FILE_VISIBILITIES.indexOf(file.visibility) <= FILE_VISIBILITIES.indexOf(visibility);
}
