import { sql } from 'kysely';
import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { NotFoundError } from '#kernel/errors';
import { idSchema } from '#kernel/id';
import { decodeCursor, pageInput, toPage, type Page } from '#kernel/page';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { TicketTables } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import { type FactsQueries, type RuleSurroundings, type Verdict, judge } from '#modules/rule-conditions';
import { definitionSchema } from './rule-input.ts';
import { ruleNotFound } from './rule-store.ts';
import type { DeskDryRunId, DeskRuleTables } from './rules-table.ts';
import type { DryRunHitView, DryRunView, RuleView, RunView } from './rules-view.ts';

export const listRunsInput = z.object({
  ...pageInput,
  ruleId: idSchema('desk-rule').optional(),
  ticketId: idSchema('ticket').optional(),
});
export const listDryRunHitsInput = z.object({ ...pageInput, dryRunId: idSchema('desk-dry-run') });
export const explainRuleInput = z.object({ ruleId: idSchema('desk-rule'), ticketId: idSchema('ticket') });

type Tables = DeskRuleTables & TicketTables;

interface Deps {
  readonly db: ScopedDb;
  readonly facts: FactsQueries;
  readonly surroundings: RuleSurroundings;
  readonly clock: Clock;
}

/** Reads rules, what they did and what they would have done. */
export class RuleQueries {
  readonly #db: ScopedDb<Tables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<Tables>();
    this.#deps = deps;
  }

  /** All rules, in the order in which they are asked. */
  async list(scope: TenantScope): Promise<RuleView[]> {
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('desk_rule')
        .selectAll()
        .select(
          sql<Temporal.Instant | null>`(select max(at) from desk_rule_run r where r.msp_id = desk_rule.msp_id and r.rule_id = desk_rule.id)`.as(
            'last_ran_at',
          ),
        )
        .orderBy('place')
        .orderBy('id'),
    );
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      place: row.place,
      isActive: row.is_active,
      stops: row.stops,
      definition: row.definition,
      offReason: row.off_reason,
      version: row.version,
      updatedAt: row.updated_at.toString(),
      lastRanAt: row.last_ran_at?.toString() ?? null,
    }));
  }

  /** What rules did, newest first. */
  async runs(scope: TenantScope, input: z.output<typeof listRunsInput>): Promise<Page<RunView>> {
    const after = input.cursor === undefined ? null : decodeCursor(input.cursor, 2);
    const rows = await this.#db.read(scope, (query) => {
      let list = query
        .selectFrom('desk_rule_run')
        .innerJoin('ticket', 'ticket.id', 'desk_rule_run.ticket_id')
        .selectAll('desk_rule_run')
        .select(['ticket.number', 'ticket.subject']);
      if (input.ruleId !== undefined) list = list.where('desk_rule_run.rule_id', '=', input.ruleId);
      if (input.ticketId !== undefined) list = list.where('desk_rule_run.ticket_id', '=', input.ticketId);
      if (after !== null)
        list = list.where(
          sql<boolean>`(desk_rule_run.at, desk_rule_run.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`,
        );
      return list
        .orderBy('desk_rule_run.at', 'desc')
        .orderBy('desk_rule_run.id', 'desc')
        .limit(input.limit + 1);
    });
    return toPage(
      rows,
      input.limit,
      (row) => ({
        id: row.id,
        ruleId: row.rule_id,
        ruleName: row.rule_name,
        ruleVersion: row.rule_version,
        ticketId: row.ticket_id,
        ticketNumber: row.number,
        ticketSubject: row.subject,
        clientId: row.client_id,
        event: row.event,
        state: row.state,
        reason: row.reason,
        checks: row.checks.map((check) => ({ ...check, wanted: [...check.wanted] })),
        actions: row.actions.map((one) => ({ ...one, action: { ...one.action } })),
        depth: row.depth,
        at: row.at.toString(),
      }),
      (row) => [row.at.toString(), row.id],
    );
  }

  /** How a dry run stands. Throws `desk-rules.dry-run-not-found`, `scope.needs-all-clients`. */
  async dryRun(scope: TenantScope, dryRunId: DeskDryRunId): Promise<DryRunView> {
    requireWholeMsp(scope);
    const row = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('desk_dry_run').selectAll().where('id', '=', dryRunId),
    );
    if (row === undefined) throw new NotFoundError('desk-rules.dry-run-not-found', 'There is no such dry run.');
    return {
      id: row.id,
      state: row.state,
      from: row.from_at.toString(),
      until: row.until_at.toString(),
      total: row.total,
      lookedAt: row.looked_at,
      runs: row.runs,
      tickets: row.tickets,
    };
  }

  /** The tickets on which it would have run, by their ids. */
  async hits(scope: TenantScope, input: z.output<typeof listDryRunHitsInput>): Promise<Page<DryRunHitView>> {
    const after = input.cursor === undefined ? null : decodeCursor(input.cursor, 1);
    const rows = await this.#db.read(scope, (query) => {
      const list = query
        .selectFrom('desk_dry_run_hit')
        .innerJoin('ticket', 'ticket.id', 'desk_dry_run_hit.ticket_id')
        .selectAll('desk_dry_run_hit')
        .select(['ticket.number', 'ticket.subject'])
        .where('desk_dry_run_hit.dry_run_id', '=', input.dryRunId);
      const rest = after === null ? list : list.where(sql<boolean>`desk_dry_run_hit.id > ${after[0]}::uuid`);
      return rest.orderBy('desk_dry_run_hit.id').limit(input.limit + 1);
    });
    return toPage(
      rows,
      input.limit,
      (row) => ({
        ticketId: row.ticket_id,
        ticketNumber: row.number,
        ticketSubject: row.subject,
        clientId: row.client_id,
        runs: row.runs,
        firstAt: row.first_at.toString(),
        changes: [...row.changes],
      }),
      (row) => [row.id],
    );
  }

  /** How a rule's conditions stand on a ticket now, whatever happened to it. Throws `desk-rules.rule-not-found`, `tickets.ticket-not-found`. */
  async explain(scope: TenantScope, { ruleId, ticketId }: z.output<typeof explainRuleInput>): Promise<Verdict> {
    const { facts, surroundings, clock } = this.#deps;
    const rule = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('desk_rule').select('definition').where('id', '=', ruleId),
    );
    if (rule === undefined) throw ruleNotFound();
    const [ticket] = await facts.of(scope, [ticketId]);
    if (ticket === undefined) throw new NotFoundError('tickets.ticket-not-found', 'There is no such ticket.');
    const definition = definitionSchema.parse(rule.definition);
    return judge(definition.if, ticket, (await surroundings.of(scope, [definition]))(clock.now()));
  }
}
