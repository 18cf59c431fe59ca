import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { idSchema } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { AttachFiles } from '#modules/files';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import { assertNothingNew } from './newer-comment-queries.ts';
import { attachToComment } from './attach-to-comment.ts';
import { wordsInput, wordsOf, type CommentWords, type FoldedWords } from './comment-words.ts';
import {
  assertStatusChange,
  authorOf,
  statusAfterClientReply,
  statusAfterStaffReply,
  TICKET_STATUSES,
  ticketLabel,
  type TicketStatus,
  type Visibility,
} from './ticket.ts';
import type { TicketChanger } from './ticket-changer.ts';
import { ticketCommented } from './ticket-events.ts';
import type { HistoryEntry } from './ticket-history.ts';
import type { TicketRow, TicketStore } from './ticket-store.ts';
import type { TicketCommentId, TicketTables } from './ticket-table.ts';

export const fileIdsSchema = z.array(idSchema('file')).max(20, { error: 'must be at most 20 files' });

export const replyInput = z.object({
  ticketId: idSchema('ticket'),
  ...wordsInput,
  fileIds: fileIdsSchema.default([]),
  /** The status that the reply leaves behind; left out, a new ticket becomes one in progress. */
  status: z.enum(TICKET_STATUSES).optional(),
  /** The newest public words that whoever replies has read, null for none: newer ones by somebody else refuse the reply. Left out, nothing is looked at. */
  lastSeenCommentId: idSchema('ticket-comment').nullable().optional(),
});
export const noteInput = z.object({
  ticketId: idSchema('ticket'),
  ...wordsInput,
  fileIds: fileIdsSchema.default([]),
  /** `client_it` is read by the client's own IT as well. */
  visibility: z.enum(['internal', 'client_it']).default('internal'),
});
export type ReplyInput = z.output<typeof replyInput>;
export type NoteInput = z.output<typeof noteInput>;
export interface CommentResult {
  readonly commentId: TicketCommentId;
  readonly version: number;
}

interface Deps {
  readonly db: ScopedDb;
  readonly store: TicketStore;
  readonly changer: TicketChanger;
  readonly attach: AttachFiles;
  readonly audit: AuditTrail;
  readonly jobs: JobQueue;
  readonly clock: Clock;
}

const REPLIES = { staff: 'public-reply', contact: 'client-reply', system: 'automatic-reply' } as const;
const STATUS_AFTER = {
  staff: statusAfterStaffReply,
  contact: statusAfterClientReply,
  system: (status: TicketStatus) => status,
} as const;

/** Writes on a ticket: a public reply, by staff or by a contact, or a note. */
export class CommentOnTicket {
  readonly #db: ScopedDb<TicketTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TicketTables>();
    this.#deps = deps;
  }

  /**
   * Replies for all to read. What a client, or a mail, says on a ticket that was merged goes to the one that it goes on as. A contact's reply puts what waited for it, or was done, back to work;
   * an automatic one answers nobody: no promise is kept by it. Throws `tickets.ticket-not-found`,
   * `tickets.status-not-reachable`, `tickets.empty-comment`, `tickets.replied-meanwhile`, `files.file-not-found`.
   */
  async reply(scope: TenantScope, input: ReplyInput & FoldedWords, within?: AnyTransaction): Promise<CommentResult> {
    return this.#db.transaction(
      scope,
      async (tx) => {
        const { store } = this.#deps;
        const { kind } = authorOf(scope);
        const before = await (kind === 'staff'
          ? store.forChange(tx, input.ticketId)
          : store.survivorForChange(tx, input.ticketId));
        await assertNothingNew(tx, before, input.lastSeenCommentId);
        const next = input.status ?? STATUS_AFTER[kind](before.status);
        if (input.status !== undefined && next !== before.status) assertStatusChange(before.status, next);
        const isReplyAwaited = kind === 'system' ? before.is_reply_awaited : kind === 'contact';
        const outcome = { entries: [{ kind: REPLIES[kind] }], status: next, isReplyAwaited };
        return this.#write(
          tx,
          before,
          { words: wordsOf(scope, input), fileIds: input.fileIds, visibility: 'public' },
          outcome,
        );
      },
      within,
    );
  }

  /** Notes for staff, or for them and the client's own IT. Throws `tickets.ticket-not-found`, `files.file-not-found`. */
  async note(scope: TenantScope, input: NoteInput & FoldedWords, within?: AnyTransaction): Promise<CommentResult> {
    return this.#db.transaction(
      scope,
      async (tx) => {
        const before = await this.#deps.store.forChange(tx, input.ticketId);
        const outcome = {
          entries: [{ kind: 'note' as const }],
          status: before.status,
          isReplyAwaited: before.is_reply_awaited,
        };
        const words = wordsOf(scope, input);
        return this.#write(tx, before, { words, fileIds: input.fileIds, visibility: input.visibility }, outcome);
      },
      within,
    );
  }

  async #write(
    tx: ScopedTransaction<TicketTables>,
    before: TicketRow,
    input: { words: CommentWords; fileIds: ReplyInput['fileIds']; visibility: Visibility },
    {
      entries,
      status,
      isReplyAwaited,
    }: { entries: readonly HistoryEntry[]; status: TicketStatus; isReplyAwaited: boolean },
  ): Promise<CommentResult> {
    const { store, changer, attach, audit, jobs, clock } = this.#deps;
    const commentId = await store.insertComment(tx, {
      ticketId: before.id,
      clientId: before.client_id,
      visibility: input.visibility,
      words: input.words,
      at: clock.now(),
    });
    await attachToComment(tx, attach, before, { id: commentId, ...input }, clock.now());
    const version = await changer.apply(
      tx,
      before,
      { status, is_reply_awaited: isReplyAwaited },
      status === before.status ? entries : [...entries, { kind: 'status', from: before.status, to: status }],
    );
    await jobs.publish(
      tx,
      ticketCommented,
      { aggregateId: before.id, version },
      {
        ticketId: before.id,
        clientId: before.client_id,
        commentId,
        visibility: input.visibility,
        author: authorOf(tx.scope).kind,
      },
    );
    await audit.record(tx, {
      action: input.visibility === 'public' ? 'tickets.reply-to-ticket' : 'tickets.add-note',
      subject: { kind: 'ticket', id: before.id, clientId: before.client_id },
      summary: `${input.visibility === 'public' ? 'Replied on' : 'Noted on'} the ticket ${ticketLabel(before.number)}`,
      after: { commentId, status },
      isClientVisible: input.visibility === 'public',
    });
    return { commentId, version };
  }
}
