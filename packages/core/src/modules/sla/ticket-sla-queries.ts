import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import type { Id } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import { openClocks } from './clock-outcomes.ts';
import { reportTicket } from './clock-report.ts';
import { reasonOf } from './policy-finder.ts';
import type { RuleBook } from './rule-book.ts';
import { clockState, dueAt } from './sla-clock.ts';
import { MEASURES } from './sla-policy.ts';
import type { SlaTables } from './sla-table.ts';
import { advanceTicketClocks, regimeNow } from './ticket-clocks.ts';
import { storedClocks } from './ticket-sla-store.ts';

/** One clock as `ClockReport` says it. */
export const clockView = z.object({
  state: z.enum(['none', 'running', 'paused', 'met', 'breached']),
  dueAt: z.string().nullable(),
  metAt: z.string().nullable(),
  consumed: z.string().nullable(),
  remaining: z.string().nullable(),
  spans: z.array(z.object({ from: z.string(), to: z.string(), counted: z.boolean(), reason: z.string() })),
  dueReason: z.string().optional(),
});

/** A ticket's clocks as of `asOf`, as docs/sla.md says; `policyName` is null for "no SLA". */
export const ticketSlaView = z.object({
  asOf: z.string(),
  policyName: z.string().nullable(),
  /** Why this policy holds, or none: a sentence. */
  policyReason: z.string(),
  response: clockView,
  update: clockView.extend({
    cycles: z.array(
      z.object({
        from: z.string(),
        to: z.string().nullable(),
        state: z.enum(['none', 'running', 'paused', 'met', 'breached']),
        consumed: z.string().nullable(),
      }),
    ),
  }),
  resolution: clockView,
});
export type TicketSlaView = z.input<typeof ticketSlaView>;

/** What a client is told of a promise: whether it waits and until when, not how it is counted. */
export const openPromiseView = z.object({
  measure: z.enum(MEASURES),
  /** `paused` while it waits for the client. */
  state: z.enum(['running', 'paused', 'late']),
  dueAt: z.iso.datetime().nullable(),
});
export type OpenPromiseView = z.input<typeof openPromiseView>;

/** Reads the clocks of tickets. */
export class TicketSlaQueries {
  readonly #db: ScopedDb<SlaTables>;
  readonly #book: RuleBook;
  readonly #clock: Clock;

  constructor(deps: { db: ScopedDb; book: RuleBook; clock: Clock }) {
    this.#db = deps.db.typed<SlaTables>();
    this.#book = deps.book;
    this.#clock = deps.clock;
  }

  /** The promises that still wait, in the order of their measures; empty for a ticket without clocks, and for one out of reach. */
  async openPromises(scope: TenantScope, ticketId: Id<'ticket'>): Promise<OpenPromiseView[]> {
    const row = await this.#db.readFirst(scope, (query) =>
      query
        .selectFrom('sla_ticket')
        .select(['clocks', 'policy_version_id', 'chosen_by', 'events', 'warned'])
        .where('ticket_id', '=', ticketId),
    );
    if (row === undefined) return [];
    const { clocks } = storedClocks(row);
    const rules = await this.#book.rules(scope, [clocks]);
    const now = this.#clock.now();
    const asOf = advanceTicketClocks(rules, clocks, Temporal.Instant.compare(now, clocks.at) < 0 ? clocks.at : now);
    return openClocks(asOf).flatMap(({ measure, clock }): OpenPromiseView[] => {
      const regime = regimeNow(rules, asOf, measure);
      const state = clockState(clock, regime);
      if (state === 'none' || state === 'met') return [];
      const due = dueAt(rules, clock, regime, asOf.at);
      return [{ measure, state: state === 'breached' ? 'late' : state, dueAt: due?.toString() ?? null }];
    });
  }

  /** The clocks now; null for a ticket that has none yet, or that is out of reach. Throws `sla.too-long`. */
  async report(scope: TenantScope, ticketId: Id<'ticket'>): Promise<TicketSlaView | null> {
    const row = await this.#db.readFirst(scope, (query) =>
      query
        .selectFrom('sla_ticket')
        .leftJoin('sla_policy_version', 'sla_policy_version.id', 'sla_ticket.policy_version_id')
        .leftJoin('sla_policy', 'sla_policy.id', 'sla_policy_version.policy_id')
        .select([
          'sla_ticket.clocks',
          'sla_ticket.policy_version_id',
          'sla_ticket.chosen_by',
          'sla_ticket.events',
          'sla_ticket.warned',
          'sla_policy.name',
        ])
        .where('sla_ticket.ticket_id', '=', ticketId),
    );
    if (row === undefined) return null;
    const { clocks } = storedClocks(row);
    const rules = await this.#book.rules(scope, [clocks]);
    const now = this.#clock.now();
    const asOf = Temporal.Instant.compare(now, clocks.at) < 0 ? clocks.at : now;
    const { response, update, resolution } = reportTicket(rules, clocks, asOf);
    return {
      asOf: asOf.toString(),
      policyName: row.name,
      policyReason: reasonOf(row.chosen_by),
      response: writable(response),
      update: { ...writable(update), cycles: [...update.cycles] },
      resolution: writable(resolution),
    };
  }
}

function writable<Report extends { spans: readonly unknown[] }>(report: Report) {
  return { ...report, spans: [...report.spans] as Report['spans'][number][] };
}
