import type { JSONColumnType } from 'kysely';
import type { ClientId, Id, MspId } from '#kernel/id';
import type { Actor } from '#kernel/tenant-scope';
import type { StaffId, TicketId } from '#modules/tickets';
import type { BulkChange, BulkUndo } from './bulk-input.ts';

export type BulkRunId = Id<'bulk-run'>;

type Json<Value> = JSONColumnType<Value & object, string, string>;

export const BULK_STATES = ['running', 'stopped', 'done', 'undoing', 'undone'] as const;
/** `stopped`: ended before its last ticket, by a person or because whoever asked may not any more. */
export type BulkState = (typeof BULK_STATES)[number];

/** `kept`: it was changed, and could not be taken back. */
export type BulkItemState = 'waiting' | 'changed' | 'skipped' | 'undone' | 'kept';

export interface BulkTables {
  bulk_run: {
    msp_id: MspId;
    id: BulkRunId;
    change: Json<BulkChange>;
    state: BulkState;
    /** Why it was stopped, where no person did. */
    reason: string | null;
    staff_id: StaffId | null;
    /** In whose name: of the change, and once it is taken back of whoever does that. */
    actor_kind: Actor['kind'];
    actor_id: string;
    actor_label: string;
    created_at: Temporal.Instant;
    ended_at: Temporal.Instant | null;
  };
  bulk_item: {
    msp_id: MspId;
    run_id: BulkRunId;
    client_id: ClientId;
    ticket_id: TicketId;
    place: number;
    state: BulkItemState;
    /** Why it was skipped or kept. */
    why: string | null;
    undo: Json<BulkUndo> | null;
  };
}
