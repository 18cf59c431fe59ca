import type { z } from 'zod';
import type { TenantScope } from '#kernel/tenant-scope';
import { scopedQuery } from '#platform/db/scoped-query';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { TicketRow } from './ticket-store.ts';
import type { TicketTables } from './ticket-table.ts';
import type { commentView, historyView, linkView } from './ticket-view.ts';

type Db = ScopedDb<TicketTables>;
type Ticket = Pick<TicketRow, 'id' | 'client_id'>;

/** A conversation longer than this is shown from its newest end. */
const MAX_COMMENTS = 500;

interface OfTicket {
  readonly clientId: Ticket['client_id'];
  readonly ticketId: Ticket['id'];
}

const commentsOfTicket = scopedQuery<TicketTables, OfTicket>()((query, p) =>
  query
    .selectFrom('ticket_comment')
    .select([
      'id',
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
    .where('client_id', '=', p('clientId'))
    .where('ticket_id', '=', p('ticketId'))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(MAX_COMMENTS),
);

const attachmentsOfTicket = scopedQuery<TicketTables, OfTicket>()((query, p) =>
  query
    .selectFrom('ticket_attachment')
    .select(['id', 'comment_id', 'file_id', 'file_name', 'size_bytes'])
    .where('client_id', '=', p('clientId'))
    .where('ticket_id', '=', p('ticketId'))
    .orderBy('created_at')
    .orderBy('id'),
);

const eventsOfTicket = scopedQuery<TicketTables, OfTicket>()((query, p) =>
  query
    .selectFrom('ticket_event')
    .select(['id', 'kind', 'at', 'actor_kind', 'actor_label', 'from_value', 'to_value', 'reason'])
    .where('client_id', '=', p('clientId'))
    .where('ticket_id', '=', p('ticketId'))
    .orderBy('at')
    .orderBy('id')
    .limit(1000),
);

const LINKED = [
  'link.id as id',
  'link.kind as kind',
  'other.id as ticketId',
  'other.number',
  'other.subject',
  'other.status',
] as const;

const linksFrom = scopedQuery<TicketTables, OfTicket>()((query, p) =>
  query
    .selectFrom('ticket_link as link')
    .innerJoin('ticket as other', 'other.id', 'link.to_ticket_id')
    .select(LINKED)
    .where('link.client_id', '=', p('clientId'))
    .where('link.ticket_id', '=', p('ticketId')),
);

const linksTo = scopedQuery<TicketTables, OfTicket>()((query, p) =>
  query
    .selectFrom('ticket_link as link')
    .innerJoin('ticket as other', 'other.id', 'link.ticket_id')
    .select(LINKED)
    .where('link.to_client_id', '=', p('clientId'))
    .where('link.to_ticket_id', '=', p('ticketId')),
);

/** What was said on a ticket, as far as the reader's audience goes, oldest first. */
export async function readConversation(
  db: Db,
  scope: TenantScope,
  ticket: Ticket,
): Promise<z.input<typeof commentView>[]> {
  const of = { clientId: ticket.client_id, ticketId: ticket.id };
  const [comments, attachments] = await Promise.all([
    db.run(scope, commentsOfTicket, of),
    db.run(scope, attachmentsOfTicket, of),
  ]);
  const byComment = Map.groupBy(attachments, (attachment) => attachment.comment_id);
  return comments.toReversed().map((comment) => ({
    id: comment.id,
    visibility: comment.visibility,
    authorKind: comment.author_kind,
    authorId: comment.author_id,
    authorName: comment.author_label,
    body: comment.body,
    html: comment.html,
    foldedHtml: comment.folded_html,
    foldedText: comment.folded_text,
    createdAt: comment.created_at.toString(),
    attachments: (byComment.get(comment.id) ?? []).map((attachment) => ({
      id: attachment.id,
      fileId: attachment.file_id,
      fileName: attachment.file_name,
      sizeBytes: attachment.size_bytes,
    })),
  }));
}

/** What happened to a ticket, as far as the reader's audience goes, oldest first. */
export async function readHistory(db: Db, scope: TenantScope, ticket: Ticket): Promise<z.input<typeof historyView>[]> {
  const events = await db.run(scope, eventsOfTicket, { clientId: ticket.client_id, ticketId: ticket.id });
  return events.map((event) => ({
    id: event.id,
    kind: event.kind,
    at: event.at.toString(),
    actorKind: event.actor_kind,
    actorName: event.actor_label,
    from: event.from_value,
    to: event.to_value,
    reason: event.reason,
  }));
}

/** The tickets that one is linked with, either way; a far end that is not in reach is left out. */
export async function readLinks(db: Db, scope: TenantScope, ticket: Ticket): Promise<z.input<typeof linkView>[]> {
  const of = { clientId: ticket.client_id, ticketId: ticket.id };
  const [out, back] = await Promise.all([db.run(scope, linksFrom, of), db.run(scope, linksTo, of)]);
  return [
    ...out.map((link) => ({ ...link, direction: 'from' as const })),
    ...back.map((link) => ({ ...link, direction: 'to' as const })),
  ];
}
