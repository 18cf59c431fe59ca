import type { SnoozeTicket } from '#modules/ticket-snooze';
import type { BulkTickets, CommentOnTicket, TicketId } from '#modules/tickets';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { BulkChange, BulkUndo } from './bulk-input.ts';

/** Changes one ticket of many as its person would, all of it or nothing; and takes it back. */
export class ChangeOne {
  readonly #deps: { readonly bulk: BulkTickets; readonly snooze: SnoozeTicket; readonly comments: CommentOnTicket };

  constructor(deps: { bulk: BulkTickets; snooze: SnoozeTicket; comments: CommentOnTicket }) {
    this.#deps = deps;
  }

  /** Returns what takes it back. Throws what the use cases of each change throw. */
  async run(tx: AnyTransaction, ticketId: TicketId, { note, snooze, ...fields }: BulkChange): Promise<BulkUndo> {
    const { bulk, snooze: sleep, comments } = this.#deps;
    const changed = await bulk.changeOne(tx, ticketId, fields);
    let { version } = changed;
    if (note !== undefined)
      ({ version } = await comments.note(tx.scope, { ticketId, body: note, fileIds: [], visibility: 'internal' }, tx));
    if (snooze !== undefined) ({ version } = await sleep.run(tx.scope, { ticketId, version, ...snooze }, tx));
    return { ...changed, version, ...(snooze === undefined ? {} : { isSnoozed: true }) };
  }

  /** What was written stays. Throws `tickets.ticket-changed` where somebody changed the ticket since. */
  async undo(tx: AnyTransaction, { isSnoozed, ...item }: BulkUndo): Promise<void> {
    const { bulk, snooze } = this.#deps;
    let { version } = item;
    if (isSnoozed === true) ({ version } = await snooze.wake(tx.scope, { ticketId: item.ticketId, version }, tx));
    await bulk.restoreOne(tx, { ...item, version });
  }
}
