import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { idSchema, newId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { RuleBook, SlaEvent, TeamChoices } from '#modules/sla';
import type { TicketId, TicketStore, TicketTables } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import { defineJob, type JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import { moveStays } from './move-stays.ts';
import type { OlaStore } from './ola-store.ts';
import type { OlaTables } from './ola-table.ts';
import { readTeamPast, type FollowedTicket } from './team-past.ts';

/** Brings the clocks of tickets that are with teams in line with OLAs and choices, a batch at a time, in the order of ids. */
export const followTeams = defineJob({
  name: 'ola.follow-teams',
  payload: z.object({
    /** The last ticket of the batch before. */
    after: idSchema('ticket').nullable(),
  }),
});

const BATCH = 500;

interface Deps {
  readonly db: ScopedDb;
  readonly tickets: TicketStore;
  readonly store: OlaStore;
  readonly book: RuleBook;
  readonly choices: TeamChoices;
  readonly jobs: JobQueue;
  readonly live: LiveHub;
  readonly clock: Clock;
}
type Tx = ScopedTransaction<OlaTables & TicketTables>;

/**
 * Keeps what is known of tickets' stays with teams in step with their histories, from which all instants are taken: it does not matter when it runs, or how often. It runs as the system
 * and after the change itself, because whoever changes a ticket may be a contact, who sees nothing of OLAs.
 */
export class FollowTeams {
  readonly #db: ScopedDb<OlaTables & TicketTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<OlaTables & TicketTables>();
    this.#deps = deps;
  }

  /** Takes in what is new of one ticket. Throws `tickets.ticket-not-found`. */
  async one(scope: TenantScope, ticketId: TicketId): Promise<void> {
    await this.#db.transaction(scope, async (tx) => {
      const ticket = await this.#deps.tickets.forChange(tx.typed<TicketTables>(), ticketId);
      await this.#follow(tx, [ticket]);
    });
  }

  /** Begins with the first ticket: OLAs, calendars or choices changed. */
  async start(scope: TenantScope): Promise<void> {
    await this.#db.transaction(scope, (tx) => this.#deps.jobs.send(tx, followTeams, { after: null }));
  }

  /** Does `ola.follow-teams`. */
  async run(scope: TenantScope, { after }: z.output<typeof followTeams.payload>): Promise<void> {
    const { tickets, jobs } = this.#deps;
    await this.#db.transaction(scope, async (tx) => {
      const open = await tickets.openForChange(tx.typed<TicketTables>(), after, BATCH);
      const withTeams = open.filter((ticket) => ticket.team_id !== null);
      if (withTeams.length > 0) await this.#follow(tx, withTeams);
      if (open.length === BATCH) await jobs.send(tx, followTeams, { after: open.at(-1)?.id ?? null });
    });
  }

  async #follow(tx: Tx, tickets: readonly FollowedTicket[]): Promise<void> {
    const { store, book, choices, live, clock } = this.#deps;
    const own = tx.typed<OlaTables>();
    const ids = tickets.map(({ id }) => id);
    const known = await store.work(own, ids);
    const stays = await store.openStays(own, ids);
    const past = await readTeamPast(tx.typed<TicketTables>(), tickets, known);
    const held = await choices.held(tx.scope);
    const teams = new Set([...past.values()].flatMap(teamsIn));
    for (const { work } of known.values()) if (work.team !== null) teams.add(work.team);
    const rules = await book.rules(
      tx.scope,
      [...stays.values()].map(({ stay }) => stay.clocks),
      [
        ...[...teams].map((team) => held(team)?.versionId ?? null),
        ...[...stays.values()].map((one) => one.policyVersionId),
      ],
    );
    const sameCalendar = book.sameCalendar(tx.scope.mspId);
    const changes = tickets.flatMap((ticket) => {
      const about = { ticketId: ticket.id, clientId: ticket.client_id, version: ticket.version, newId };
      const before = { known: known.get(ticket.id), open: stays.get(ticket.id), past: past.get(ticket.id) ?? [] };
      return moveStays({ rules, sameCalendar, held, now: clock.now() }, about, before);
    });
    await store.write(own, changes);
    for (const { ticketId, clientId, seenVersion } of changes)
      live.touch(tx, { clientId, topic: 'ticket', id: ticketId, version: seenVersion });
  }
}

function teamsIn(events: readonly SlaEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'team' && event.value !== null ? [event.value] : []));
}
