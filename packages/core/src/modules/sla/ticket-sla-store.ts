import type { ClientId, Id } from '#kernel/id';
import { newId } from '#kernel/id';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { Outcomes } from './clock-outcomes.ts';
import type { ChosenBy } from './policy-finder.ts';
import { slaEvent, type SlaEvent } from './sla-event.ts';
import { ticketClocks, type TicketClocks } from './ticket-clocks.ts';
import type { SlaPolicyVersionId, SlaTables } from './sla-table.ts';
import type { Crossing, Warned } from './warning-schedule.ts';

type Tx = ScopedTransaction<SlaTables>;

/** The clocks of a ticket as they are stored. */
export interface StoredClocks {
  readonly clocks: TicketClocks;
  readonly policyVersionId: SlaPolicyVersionId | null;
  readonly chosenBy: ChosenBy;
  /** How many events there are. */
  readonly events: number;
  readonly warned: Warned;
}

/** What is to be written of one ticket. */
export interface ClocksChange extends StoredClocks {
  readonly ticketId: Id<'ticket'>;
  readonly clientId: ClientId;
  readonly outcomes: Outcomes;
  readonly nextWarningAt: Temporal.Instant | null;
  /** Those that are new, in order; counted in `events` already. */
  readonly newEvents: readonly SlaEvent[];
}

/** A ticket of which somebody may have to be warned. */
export interface ToWarn extends StoredClocks {
  readonly ticketId: Id<'ticket'>;
  readonly clientId: ClientId;
}

/** A warning that is being given. */
export interface GivenWarning extends Crossing {
  readonly id: Id<'sla-warning'>;
  readonly ticketId: Id<'ticket'>;
  readonly clientId: ClientId;
  readonly policyVersionId: SlaPolicyVersionId | null;
}

const STORED = ['ticket_id', 'client_id', 'policy_version_id', 'chosen_by', 'clocks', 'events', 'warned'] as const;

/** The columns of `sla_ticket` after its keys, with their types and where each comes from. One statement writes a whole batch. */
const COLUMNS: readonly (readonly [name: string, type: string, of: (change: ClocksChange) => unknown])[] = [
  ['policy_version_id', 'uuid', ({ policyVersionId }) => policyVersionId],
  ['chosen_by', 'text', ({ chosenBy }) => chosenBy],
  ['clocks', 'jsonb', ({ clocks }) => JSON.stringify(clocks)],
  ['events', 'integer', ({ events }) => events],
  ['warned', 'jsonb', ({ warned }) => JSON.stringify(warned)],
  ['next_warning_at', 'timestamptz', ({ nextWarningAt }) => text(nextWarningAt)],
  ...(['response', 'resolution'] as const).flatMap((measure) => [
    [`${measure}_verdict`, 'text', ({ outcomes }: ClocksChange) => outcomes[measure].verdict] as const,
    [`${measure}_due_at`, 'timestamptz', ({ outcomes }: ClocksChange) => text(outcomes[measure].dueAt)] as const,
    [`${measure}_ended_at`, 'timestamptz', ({ outcomes }: ClocksChange) => text(outcomes[measure].endedAt)] as const,
    [`${measure}_seconds`, 'bigint', ({ outcomes }: ClocksChange) => outcomes[measure].seconds] as const,
  ]),
  ['update_verdict', 'text', ({ outcomes }) => outcomes.update.verdict],
  ['update_due_at', 'timestamptz', ({ outcomes }) => text(outcomes.update.dueAt)],
  ['update_cycles', 'integer', ({ outcomes }) => outcomes.update.cycles],
  ['update_breaches', 'integer', ({ outcomes }) => outcomes.update.breaches],
];
const NAMES = COLUMNS.map(([name]) => name);

const WRITE = `
  insert into sla_ticket (msp_id, ticket_id, client_id, ${NAMES.join(', ')})
  select $1::uuid, n.* from unnest($2::uuid[], $3::uuid[], ${COLUMNS.map(([, type], index) => `$${index + 4}::${type}[]`).join(', ')}) n
  on conflict (msp_id, ticket_id) do update set needs_outcomes = false, ${NAMES.map((name) => `${name} = excluded.${name}`).join(', ')}`;

/** The only writer of `sla_ticket`, `sla_event` and `sla_warning`. */
export class TicketSlaStore {
  /** The clocks of those tickets that have any, locked. The caller holds the tickets locked. */
  async read(tx: Tx, ticketIds: readonly Id<'ticket'>[]): Promise<Map<string, StoredClocks>> {
    const rows = await tx.query
      .selectFrom('sla_ticket')
      .select(STORED)
      .where('ticket_id', 'in', ticketIds)
      .forUpdate()
      .execute();
    return new Map(rows.map((row) => [row.ticket_id, storedClocks(row)]));
  }

  async write(tx: Tx, changes: readonly ClocksChange[]): Promise<void> {
    if (changes.length === 0) return;
    await tx.sql(WRITE, [
      tx.scope.mspId,
      changes.map(({ ticketId }) => ticketId),
      changes.map(({ clientId }) => clientId),
      ...COLUMNS.map(([, , of]) => changes.map((change) => of(change))),
    ]);
    const events = changes.flatMap(({ ticketId, clientId, newEvents, events: count }) =>
      newEvents.map((event, index) => ({ ticketId, clientId, event, place: count - newEvents.length + index + 1 })),
    );
    if (events.length === 0) return;
    await tx.sql(
      `insert into sla_event (msp_id, id, client_id, ticket_id, place, at, type, value)
       select $1::uuid, n.* from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::integer[], $6::timestamptz[], $7::text[], $8::jsonb[]) n`,
      [
        tx.scope.mspId,
        events.map(() => newId<'sla-event'>()),
        events.map(({ clientId }) => clientId),
        events.map(({ ticketId }) => ticketId),
        events.map(({ place }) => place),
        events.map(({ event }) => event.at.toString()),
        events.map(({ event }) => event.type),
        events.map(({ event }) => ('value' in event ? JSON.stringify(event.value) : null)),
      ],
    );
  }

  /** Tickets whose next warning is due, the longest overdue first, locked; those that another transaction changes right now are left to it. */
  async toWarn(tx: Tx, now: Temporal.Instant, limit: number): Promise<ToWarn[]> {
    const rows = await tx.query
      .selectFrom('sla_ticket')
      .select(STORED)
      .where('next_warning_at', '<=', now)
      .orderBy('next_warning_at')
      .limit(limit)
      .forUpdate()
      .skipLocked()
      .execute();
    return rows.map((row) => ({ ticketId: row.ticket_id, clientId: row.client_id, ...storedClocks(row) }));
  }

  /** Tickets whose verdicts are not in their columns yet, locked; those that another transaction changes right now get them by that. */
  async withoutOutcomes(tx: Tx, limit: number): Promise<ToWarn[]> {
    const rows = await tx.query
      .selectFrom('sla_ticket')
      .select(STORED)
      .where('needs_outcomes', '=', true)
      .orderBy('ticket_id')
      .limit(limit)
      .forUpdate()
      .skipLocked()
      .execute();
    return rows.map((row) => ({ ticketId: row.ticket_id, clientId: row.client_id, ...storedClocks(row) }));
  }

  /** When the first warning before `until` is due. */
  async nextToWarn(tx: Tx, until: Temporal.Instant): Promise<Temporal.Instant | null> {
    const row = await tx.query
      .selectFrom('sla_ticket')
      .select('next_warning_at')
      .where('next_warning_at', '<', until)
      .orderBy('next_warning_at')
      .limit(1)
      .executeTakeFirst();
    return row?.next_warning_at ?? null;
  }

  /** Writes warnings down and answers those that were not there yet. */
  async warn(tx: Tx, warnings: readonly GivenWarning[], at: Temporal.Instant): Promise<GivenWarning[]> {
    const rows = warnings.flatMap(({ policyVersionId, ...one }) =>
      policyVersionId === null
        ? []
        : [
            {
              msp_id: tx.scope.mspId,
              id: one.id,
              client_id: one.clientId,
              ticket_id: one.ticketId,
              measure: one.measure,
              clock_from: one.clockFrom,
              percent: one.percent,
              due_at: one.dueAt,
              policy_version_id: policyVersionId,
              warned_at: at,
            },
          ],
    );
    if (rows.length === 0) return [];
    const written = await tx.query
      .insertInto('sla_warning')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .execute();
    const ids = new Set<string>(written.map(({ id }) => id));
    return warnings.filter(({ id }) => ids.has(id));
  }

  async setWarned(
    tx: Tx,
    tickets: readonly { ticketId: Id<'ticket'>; warned: Warned; nextWarningAt: Temporal.Instant | null }[],
  ): Promise<void> {
    await tx.sql(
      `update sla_ticket t set warned = n.warned, next_warning_at = n.at
       from unnest($2::uuid[], $3::jsonb[], $4::timestamptz[]) n(id, warned, at) where t.msp_id = $1 and t.ticket_id = n.id`,
      [
        tx.scope.mspId,
        tickets.map(({ ticketId }) => ticketId),
        tickets.map(({ warned }) => JSON.stringify(warned)),
        tickets.map(({ nextWarningAt }) => text(nextWarningAt)),
      ],
    );
  }
}

export function storedClocks(row: {
  clocks: object;
  policy_version_id: SlaPolicyVersionId | null;
  chosen_by: ChosenBy;
  events: number;
  warned: Warned;
}): StoredClocks {
  return {
    clocks: ticketClocks.parse(row.clocks),
    policyVersionId: row.policy_version_id,
    chosenBy: row.chosen_by,
    events: row.events,
    warned: row.warned,
  };
}

/** An event as it was stored. */
export function storedEvent(row: { at: Temporal.Instant; type: string; value: unknown }): SlaEvent {
  return slaEvent.parse({ at: row.at.toString(), type: row.type, value: row.value });
}

function text(at: Temporal.Instant | null): string | null {
  return at?.toString() ?? null;
}
