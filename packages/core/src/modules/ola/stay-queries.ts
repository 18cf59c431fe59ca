import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { idSchema, type Id } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { clockView, reportStay, ticketClocks, type RuleBook } from '#modules/sla';
import type { TeamId } from '#modules/teams';
import type { TicketId } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { OlaTables } from './ola-table.ts';

export const ticketStaysInput = z.object({ ticketId: idSchema('ticket') });

/** A ticket's time with its teams as of `asOf`, the first stay first; `policyName` is null for "no OLA". */
export const ticketStaysView = z.object({
  asOf: z.string(),
  stays: z.array(
    clockView.extend({
      teamId: idSchema('team'),
      teamName: z.string(),
      policyName: z.string().nullable(),
      from: z.string(),
      /** Null while the ticket is with the team. */
      to: z.string().nullable(),
    }),
  ),
});
type TicketStaysView = z.input<typeof ticketStaysView>;

/** More is a ticket that went round in circles; its last stays say so too. */
const MAX_STAYS = 50;

interface OtherTables {
  sla_policy: { id: Id<'sla-policy'>; name: string };
  sla_policy_version: { id: Id<'sla-policy-version'>; policy_id: Id<'sla-policy'> };
  team: { id: TeamId; name: string };
}

/** Reads the stays of tickets with teams. */
export class StayQueries {
  readonly #db: ScopedDb<OlaTables & OtherTables>;
  readonly #book: RuleBook;
  readonly #clock: Clock;

  constructor(deps: { db: ScopedDb; book: RuleBook; clock: Clock }) {
    this.#db = deps.db.typed<OlaTables & OtherTables>();
    this.#book = deps.book;
    this.#clock = deps.clock;
  }

  /** The last 50 stays; none for a ticket that is out of reach. Throws `sla.too-long`. */
  async report(scope: TenantScope, ticketId: TicketId): Promise<TicketStaysView> {
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('ola_stay')
        .innerJoin('team', 'team.id', 'ola_stay.team_id')
        .leftJoin('sla_policy_version', 'sla_policy_version.id', 'ola_stay.policy_version_id')
        .leftJoin('sla_policy', 'sla_policy.id', 'sla_policy_version.policy_id')
        .select(['ola_stay.team_id', 'ola_stay.clocks', 'team.name as team_name', 'sla_policy.name as policy_name'])
        .where('ola_stay.ticket_id', '=', ticketId)
        .orderBy('ola_stay.number', 'desc')
        .limit(MAX_STAYS),
    );
    const stays = rows.map((row) => ({ ...row, clocks: ticketClocks.parse(row.clocks) })).toReversed();
    const rules = await this.#book.rules(
      scope,
      stays.map(({ clocks }) => clocks),
    );
    const now = this.#clock.now();
    return {
      asOf: now.toString(),
      stays: stays.map(({ team_id: teamId, team_name: teamName, policy_name: policyName, clocks }) => {
        const asOf = Temporal.Instant.compare(now, clocks.at) < 0 ? clocks.at : now;
        const { team: _, spans, ...report } = reportStay(rules, { team: teamId, clocks }, asOf);
        return { teamId, teamName, policyName, ...report, spans: [...spans] };
      }),
    };
  }
}
