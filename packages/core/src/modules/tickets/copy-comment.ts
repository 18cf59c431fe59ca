import { NotFoundError } from '#kernel/errors';
import { newId } from '#kernel/id';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { TicketRow } from './ticket-store.ts';
import type { TicketCommentId, TicketId, TicketTables } from './ticket-table.ts';

/** Words that begin another ticket as well. */
export class CopyComment {
  /** Copies a comment with its author and its time to another ticket of the same client; its files stay. Throws `tickets.comment-not-found`. */
  async run(
    within: AnyTransaction,
    from: Pick<TicketRow, 'id' | 'client_id'>,
    commentId: TicketCommentId,
    to: TicketId,
  ): Promise<{ commentId: TicketCommentId }> {
    const tx = within.typed<TicketTables>();
    const words = await tx.query
      .selectFrom('ticket_comment')
      .select([
        'visibility',
        'author_kind',
        'author_id',
        'author_label',
        'body',
        'html',
        'folded_html',
        'folded_text',
        'created_at',
      ])
      .where('client_id', '=', from.client_id)
      .where('ticket_id', '=', from.id)
      .where('id', '=', commentId)
      .executeTakeFirst();
    if (words === undefined) throw commentNotFound();
    const id = newId<'ticket-comment'>();
    await tx.query
      .insertInto('ticket_comment')
      .values({ msp_id: tx.scope.mspId, id, client_id: from.client_id, ticket_id: to, ...words })
      .execute();
    return { commentId: id };
  }
}

function commentNotFound(): NotFoundError {
  return new NotFoundError('tickets.comment-not-found', 'There is no such comment on this ticket.', {
    fields: [{ path: ['commentId'], message: 'is not on this ticket' }],
  });
}
