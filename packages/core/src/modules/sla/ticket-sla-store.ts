import type { ClientId, Id } from '#kernel/id';
import { newId } from '#kernel/id';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { ChosenBy } from './policy-finder.ts';
import { slaEvent, type SlaEvent } from './sla-event.ts';
import { ticketClocks, type TicketClocks } from './ticket-clocks.ts';
import type { SlaPolicyVersionId, SlaTables } from './sla-table.ts';

type Tx = ScopedTransaction<SlaTables>;

/** The clocks of a ticket as they are stored. */
export interface StoredClocks {
  readonly clocks: TicketClocks;
  readonly policyVersionId: SlaPolicyVersionId | null;
  readonly chosenBy: ChosenBy;
  /** How many events there are. */
  readonly events: number;
}

/** What is to be written of one ticket. */
export interface ClocksChange extends StoredClocks {
  readonly ticketId: Id<'ticket'>;
  readonly clientId: ClientId;
  /** Those that are new, in order; counted in `events` already. */
  readonly newEvents: readonly SlaEvent[];
}

/** The only writer of `sla_ticket` and `sla_event`. */
export class TicketSlaStore {
  /** The clocks of those tickets that have any. The caller holds the tickets locked. */
  async read(tx: Tx, ticketIds: readonly Id<'ticket'>[]): Promise<Map<string, StoredClocks>> {
    const rows = await tx.query
      .selectFrom('sla_ticket')
      .select(['ticket_id', 'policy_version_id', 'chosen_by', 'clocks', 'events'])
      .where('ticket_id', 'in', ticketIds)
      .execute();
    return new Map(rows.map((row) => [row.ticket_id, storedClocks(row)]));
  }

  async write(tx: Tx, changes: readonly ClocksChange[]): Promise<void> {
    if (changes.length === 0) return;
    await tx.query
      .insertInto('sla_ticket')
      .values(
        changes.map(({ ticketId, clientId, clocks, policyVersionId, chosenBy, events }) => ({
          msp_id: tx.scope.mspId,
          client_id: clientId,
          ticket_id: ticketId,
          policy_version_id: policyVersionId,
          chosen_by: chosenBy,
          clocks: JSON.stringify(clocks),
          events,
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['msp_id', 'ticket_id']).doUpdateSet((row) => ({
          policy_version_id: row.ref('excluded.policy_version_id'),
          chosen_by: row.ref('excluded.chosen_by'),
          clocks: row.ref('excluded.clocks'),
          events: row.ref('excluded.events'),
        })),
      )
      .execute();
    const rows = changes.flatMap(({ ticketId, clientId, newEvents, events }) =>
      newEvents.map((event, index) => ({
        msp_id: tx.scope.mspId,
        id: newId<'sla-event'>(),
        client_id: clientId,
        ticket_id: ticketId,
        place: events - newEvents.length + index + 1,
        at: event.at,
        type: event.type,
        value: 'value' in event ? JSON.stringify(event.value) : null,
      })),
    );
    if (rows.length > 0) await tx.query.insertInto('sla_event').values(rows).execute();
  }
}

export function storedClocks(row: {
  clocks: object;
  policy_version_id: SlaPolicyVersionId | null;
  chosen_by: ChosenBy;
  events: number;
}): StoredClocks {
  return {
    clocks: ticketClocks.parse(row.clocks),
    policyVersionId: row.policy_version_id,
    chosenBy: row.chosen_by,
    events: row.events,
  };
}

/** An event as it was stored. */
export function storedEvent(row: { at: Temporal.Instant; type: string; value: unknown }): SlaEvent {
  return slaEvent.parse({ at: row.at.toString(), type: row.type, value: row.value });
}
