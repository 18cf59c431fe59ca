import { z } from 'zod';
import { InvalidInputError } from '#kernel/errors';
import { idSchema, type ClientId, type Id } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { TicketCategories } from '#modules/desk-catalogue';
import { ASSIGNMENT_METHODS, type TeamChoice } from '#modules/teams';
import type { TicketChanger, TicketId, TicketLoad, TicketStore, TicketTables, UpdateTicket } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { AssignmentTables } from './assignment-table.ts';
import { matchingRule } from './matching-rule.ts';

export const assignTicketInput = z.object({
  ticketId: idSchema('ticket'),
  version: z.int(),
  teamId: idSchema('team'),
  /** How the team's person is found; `manual` leaves that to the team. */
  method: z.enum(ASSIGNMENT_METHODS),
  /** What they must know, for the method `skill`. */
  skillId: idSchema('team-skill').nullable().default(null),
});
export const assignedView = z.object({
  version: z.int(),
  assigneeId: idSchema('staff').nullable(),
  /** Why this one, or why nobody: `round robin of Service desk`. */
  reason: z.string(),
});
type Assigned = { version: number; assigneeId: Id<'staff'> | null; reason: string };

interface Deps {
  readonly db: ScopedDb;
  readonly store: TicketStore;
  readonly changer: TicketChanger;
  readonly update: UpdateTicket;
  readonly teams: TeamChoice;
  readonly load: TicketLoad;
  readonly categories: TicketCategories;
}

/** Gives tickets to teams, and to whose turn it is there. */
export class AssignTicket {
  readonly #db: ScopedDb<TicketTables & AssignmentTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TicketTables & AssignmentTables>();
    this.#deps = deps;
  }

  /** Throws `ticket-assignment.skill-missing`, `teams.team-not-found`, `tickets.ticket-changed`, `tickets.ticket-not-found`. */
  async run(scope: TenantScope, input: z.output<typeof assignTicketInput>, within?: AnyTransaction): Promise<Assigned> {
    const { ticketId, version, teamId, method, skillId } = input;
    if (method === 'skill' && skillId === null)
      throw new InvalidInputError('ticket-assignment.skill-missing', 'Say which skill is needed.', {
        fields: [{ path: ['skillId'], message: 'must be chosen' }],
      });
    return this.#db.transaction(
      scope,
      async (tx) => {
        const before = await this.#deps.store.forChange(tx.typed<TicketTables>(), ticketId);
        const chosen = await this.#deps.teams.next(
          tx,
          { teamId, method, skillId, clientId: before.client_id },
          (inside, ids) => this.#deps.load.of(inside, ids),
        );
        const changed = await this.#deps.update.run(
          tx.scope,
          { ticketId, version, teamId, assigneeId: chosen.staffId },
          tx,
          chosen.reason,
        );
        return { version: changed.version, assigneeId: chosen.staffId, reason: chosen.reason };
      },
      within,
    );
  }

  /**
   * Asks the rules again where a ticket was filed under another category and nobody has it. Whoever chose a team together with the category has decided already.
   */
  async afterChange(
    scope: TenantScope,
    { ticketId, clientId }: { ticketId: TicketId; clientId: ClientId },
    version: number,
  ): Promise<void> {
    const changes = await this.#db.read(scope, (query) =>
      query
        .selectFrom('ticket_event')
        .select('kind')
        .where('client_id', '=', clientId)
        .where('ticket_id', '=', ticketId)
        .where('ticket_version', '=', version)
        .where('kind', 'in', ['category', 'team', 'assignee']),
    );
    const kinds = new Set<string>(changes.map(({ kind }) => kind));
    if (kinds.has('category') && !kinds.has('team') && !kinds.has('assignee')) await this.byRule(scope, ticketId);
  }

  /** Gives a ticket that was just opened to the team of the first rule that is for it; one that somebody has already, and one that is done, stays as it is. */
  async byRule(scope: TenantScope, ticketId: TicketId): Promise<void> {
    await this.#db.transaction(scope, async (tx) => {
      const rules = await tx.query
        .selectFrom('assignment_rule')
        .selectAll()
        .where('is_active', '=', true)
        .orderBy('place')
        .orderBy('id')
        .execute();
      if (rules.length === 0) return;
      const ticket = await this.#deps.store.forChange(tx.typed<TicketTables>(), ticketId);
      if (ticket.assignee_id !== null || !ticket.is_open) return;
      const rule = matchingRule(rules, {
        clientId: ticket.client_id,
        categoryIds: await this.#deps.categories.lineageOf(tx, ticket.category_id),
        queueId: ticket.queue_id,
        type: ticket.type,
      });
      if (rule === null) return;
      const chosen = await this.#deps.teams.next(
        tx,
        { teamId: rule.team_id, method: rule.method, skillId: rule.skill_id, clientId: ticket.client_id },
        (inside, ids) => this.#deps.load.of(inside, ids),
      );
      const reason = `${chosen.reason}, by the rule ${rule.name}`;
      await this.#deps.changer.apply(
        tx.typed<TicketTables>(),
        ticket,
        { team_id: rule.team_id, assignee_id: chosen.staffId },
        [
          ...(ticket.team_id === rule.team_id
            ? []
            : [{ kind: 'team' as const, from: ticket.team_id, to: rule.team_id, reason }]),
          ...(chosen.staffId === null ? [] : [{ kind: 'assignee' as const, to: chosen.staffId, reason }]),
        ],
      );
    });
  }
}
