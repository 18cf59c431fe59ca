import { sql } from 'kysely';
import { newId, type ClientId, type Id } from '#kernel/id';
import {
  teamWork,
  ticketClocks,
  type SlaEvent,
  type SlaPolicyVersionId,
  type TeamStay,
  type TeamWork,
  type Verdict,
  type Warned,
} from '#modules/sla';
import type { TeamId } from '#modules/teams';
import type { TicketId } from '#modules/tickets';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { OlaStayId, OlaTables } from './ola-table.ts';

type Tx = ScopedTransaction<OlaTables>;

/** What is known of a ticket's way through the teams. */
export interface KnownWork {
  readonly seenVersion: number;
  readonly events: number;
  /** How many stays there are. */
  readonly stays: number;
  readonly work: TeamWork;
}

/** The last stay of a ticket, as it is stored. */
export interface KnownStay {
  readonly id: OlaStayId;
  readonly ticketId: TicketId;
  readonly clientId: ClientId;
  readonly number: number;
  readonly stay: TeamStay;
  readonly policyVersionId: SlaPolicyVersionId | null;
  readonly warned: Warned;
}

/** A stay that is to be written. */
export interface StayChange extends KnownStay {
  readonly verdict: Verdict;
  readonly dueAt: Temporal.Instant | null;
  readonly seconds: number;
  readonly nextWarningAt: Temporal.Instant | null;
}

/** What is to be written of one ticket. */
export interface WorkChange extends KnownWork {
  readonly ticketId: TicketId;
  readonly clientId: ClientId;
  /** Those that are new, in order; counted in `events` already. */
  readonly newEvents: readonly SlaEvent[];
  readonly changedStays: readonly StayChange[];
}

/** A warning that is being given. */
export interface GivenStayWarning {
  readonly id: Id<'ola-warning'>;
  readonly stay: KnownStay;
  readonly percent: number;
  readonly dueAt: Temporal.Instant | null;
}

/** The only writer of this module's tables. */
export class OlaStore {
  /** What is known of those tickets of which anything is. The caller holds the tickets locked. */
  async work(tx: Tx, ticketIds: readonly TicketId[]): Promise<Map<string, KnownWork>> {
    const rows = await tx.query
      .selectFrom('ola_ticket')
      .select(['ticket_id', 'seen_version', 'events', 'stays', 'work'])
      .where('ticket_id', 'in', ticketIds)
      .forUpdate()
      .execute();
    return new Map(
      rows.map((row) => [
        row.ticket_id,
        { seenVersion: row.seen_version, events: row.events, stays: row.stays, work: teamWork.parse(row.work) },
      ]),
    );
  }

  /** The stays of tickets that go on, or would if a merge were taken back. */
  async openStays(tx: Tx, ticketIds: readonly TicketId[]): Promise<Map<string, KnownStay>> {
    const rows = await tx.query
      .selectFrom('ola_stay')
      .select(STORED)
      .where('ticket_id', 'in', ticketIds)
      .where(sql<boolean>`(ended_at is null or clocks ->> 'isMerged' = 'true')`)
      .forUpdate()
      .execute();
    return new Map(rows.map((row) => [row.ticket_id, knownStay(row)]));
  }

  async write(tx: Tx, changes: readonly WorkChange[]): Promise<void> {
    if (changes.length === 0) return;
    await this.#writeWork(tx, changes);
    await this.#writeEvents(tx, changes);
    await this.#writeStays(
      tx,
      changes.flatMap(({ changedStays }) => changedStays),
    );
  }

  /** Stays whose next warning is due, the longest overdue first, locked; those that another transaction changes right now are left to it. */
  async toWarn(tx: Tx, now: Temporal.Instant, limit: number): Promise<KnownStay[]> {
    const rows = await tx.query
      .selectFrom('ola_stay')
      .select(STORED)
      .where('next_warning_at', '<=', now)
      .orderBy('next_warning_at')
      .limit(limit)
      .forUpdate()
      .skipLocked()
      .execute();
    return rows.map(knownStay);
  }

  /** Writes warnings down and answers those that were not there yet. */
  async warn(tx: Tx, warnings: readonly GivenStayWarning[], at: Temporal.Instant): Promise<GivenStayWarning[]> {
    const rows = warnings.flatMap(({ id, stay, percent, dueAt }) =>
      stay.policyVersionId === null
        ? []
        : [
            {
              msp_id: tx.scope.mspId,
              id,
              client_id: stay.clientId,
              ticket_id: stay.ticketId,
              stay_id: stay.id,
              percent,
              due_at: dueAt,
              policy_version_id: stay.policyVersionId,
              warned_at: at,
            },
          ],
    );
    if (rows.length === 0) return [];
    const written = await tx.query
      .insertInto('ola_warning')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .execute();
    const ids = new Set<string>(written.map(({ id }) => id));
    return warnings.filter(({ id }) => ids.has(id));
  }

  async setWarned(
    tx: Tx,
    stays: readonly { id: OlaStayId; warned: Warned; nextWarningAt: Temporal.Instant | null }[],
  ): Promise<void> {
    await tx.sql(
      `update ola_stay s set warned = n.warned, next_warning_at = n.at
       from unnest($2::uuid[], $3::jsonb[], $4::timestamptz[]) n(id, warned, at) where s.msp_id = $1 and s.id = n.id`,
      [
        tx.scope.mspId,
        stays.map(({ id }) => id),
        stays.map(({ warned }) => JSON.stringify(warned)),
        stays.map(({ nextWarningAt }) => nextWarningAt?.toString() ?? null),
      ],
    );
  }

  async #writeWork(tx: Tx, changes: readonly WorkChange[]): Promise<void> {
    await tx.query
      .insertInto('ola_ticket')
      .values(
        changes.map((one) => ({
          msp_id: tx.scope.mspId,
          client_id: one.clientId,
          ticket_id: one.ticketId,
          seen_version: one.seenVersion,
          events: one.events,
          stays: one.stays,
          work: JSON.stringify(one.work),
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['msp_id', 'ticket_id']).doUpdateSet((eb) => ({
          seen_version: eb.ref('excluded.seen_version'),
          events: eb.ref('excluded.events'),
          stays: eb.ref('excluded.stays'),
          work: eb.ref('excluded.work'),
        })),
      )
      .execute();
  }

  async #writeEvents(tx: Tx, changes: readonly WorkChange[]): Promise<void> {
    const rows = changes.flatMap(({ ticketId, clientId, newEvents, events }) =>
      newEvents.map((event, index) => ({
        msp_id: tx.scope.mspId,
        id: newId<'ola-event'>(),
        client_id: clientId,
        ticket_id: ticketId,
        place: events - newEvents.length + index + 1,
        at: event.at,
        type: event.type,
        value: 'value' in event ? JSON.stringify(event.value) : null,
      })),
    );
    if (rows.length > 0) await tx.query.insertInto('ola_event').values(rows).execute();
  }

  async #writeStays(tx: Tx, stays: readonly StayChange[]): Promise<void> {
    if (stays.length === 0) return;
    await tx.query
      .insertInto('ola_stay')
      .values(
        stays.map((one) => ({
          msp_id: tx.scope.mspId,
          id: one.id,
          client_id: one.clientId,
          ticket_id: one.ticketId,
          number: one.number,
          team_id: one.stay.team as TeamId,
          policy_version_id: one.policyVersionId,
          clocks: JSON.stringify(one.stay.clocks),
          started_at: one.stay.clocks.resolution.startedAt,
          ended_at: one.stay.clocks.resolution.end?.at ?? null,
          verdict: one.verdict,
          due_at: one.dueAt,
          seconds: one.seconds,
          warned: JSON.stringify(one.warned),
          next_warning_at: one.nextWarningAt,
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['msp_id', 'id']).doUpdateSet((eb) => ({
          policy_version_id: eb.ref('excluded.policy_version_id'),
          clocks: eb.ref('excluded.clocks'),
          ended_at: eb.ref('excluded.ended_at'),
          verdict: eb.ref('excluded.verdict'),
          due_at: eb.ref('excluded.due_at'),
          seconds: eb.ref('excluded.seconds'),
          warned: eb.ref('excluded.warned'),
          next_warning_at: eb.ref('excluded.next_warning_at'),
        })),
      )
      .execute();
  }
}

const STORED = ['id', 'ticket_id', 'client_id', 'number', 'team_id', 'clocks', 'policy_version_id', 'warned'] as const;

function knownStay(row: {
  id: OlaStayId;
  ticket_id: TicketId;
  client_id: ClientId;
  number: number;
  team_id: TeamId;
  clocks: object;
  policy_version_id: SlaPolicyVersionId | null;
  warned: Warned;
}): KnownStay {
  return {
    id: row.id,
    ticketId: row.ticket_id,
    clientId: row.client_id,
    number: row.number,
    stay: { team: row.team_id, clocks: ticketClocks.parse(row.clocks) },
    policyVersionId: row.policy_version_id,
    warned: row.warned,
  };
}
