import type { Generated, JSONColumnType } from 'kysely';
import type { ClientId, Id, MspId } from '#kernel/id';
import type { StaffId, TicketId } from '#modules/tickets';
import type { MacroStep } from './macro.ts';

export type ReplyDraftId = Id<'reply-draft'>;
export type ReplyMentionId = Id<'reply-mention'>;
export type ReplyTemplateId = Id<'reply-template'>;
export type ReplyMacroId = Id<'reply-macro'>;

interface Kept {
  msp_id: MspId;
  /** Whose alone it is; null for all. */
  owner_id: StaffId | null;
  name: string;
  folder: string;
  version: Generated<number>;
  created_at: Temporal.Instant;
}

export interface ReplyTables {
  reply_draft: {
    msp_id: MspId;
    id: ReplyDraftId;
    client_id: ClientId;
    ticket_id: TicketId;
    staff_id: StaffId;
    kind: 'reply' | 'note';
    html: string;
    version: Generated<number>;
    updated_at: Temporal.Instant;
  };
  reply_mention: {
    msp_id: MspId;
    id: ReplyMentionId;
    client_id: ClientId;
    ticket_id: TicketId;
    comment_id: Id<'ticket-comment'>;
    staff_id: StaffId;
    by_label: string;
    created_at: Temporal.Instant;
    seen_at: Temporal.Instant | null;
  };
  reply_template: Kept & { id: ReplyTemplateId; html: string; language: string | null };
  reply_macro: Kept & { id: ReplyMacroId; steps: JSONColumnType<MacroStep[], string, string> };
}
