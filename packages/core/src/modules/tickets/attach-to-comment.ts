import { newId, type Id } from '#kernel/id';
import type { AttachFiles } from '#modules/files';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { Visibility } from './ticket.ts';
import type { TicketRow } from './ticket-store.ts';
import type { TicketCommentId, TicketTables } from './ticket-table.ts';

/** Attaches uploaded files to a comment; they become as visible as it is. What an earlier one brought may be shown again and stays with that one. Throws `files.file-not-found`, `files.already-attached`. */
export async function attachToComment(
  tx: ScopedTransaction<TicketTables>,
  attach: AttachFiles,
  ticket: Pick<TicketRow, 'id' | 'client_id'>,
  comment: { id: TicketCommentId; visibility: Visibility; fileIds: readonly Id<'file'>[] },
  at: Temporal.Instant,
): Promise<void> {
  if (comment.fileIds.length === 0) return;
  const files = await attach.run(tx, {
    fileIds: comment.fileIds,
    clientId: ticket.client_id,
    to: { kind: 'ticket', id: ticket.id },
    visibility: comment.visibility,
  });
  if (files.length === 0) return;
  await tx.query
    .insertInto('ticket_attachment')
    .values(
      files.map((file) => ({
        msp_id: tx.scope.mspId,
        id: newId<'ticket-attachment'>(),
        client_id: ticket.client_id,
        ticket_id: ticket.id,
        comment_id: comment.id,
        visibility: comment.visibility,
        file_id: file.id,
        file_name: file.name,
        size_bytes: file.sizeBytes,
        created_at: at,
      })),
    )
    .execute();
}
