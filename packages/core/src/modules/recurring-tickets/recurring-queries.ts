import { sql } from 'kysely';
import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { clientIdSchema, idSchema } from '#kernel/id';
import { decodeCursor, pageInput, toPage, type Page } from '#kernel/page';
import type { TenantScope } from '#kernel/tenant-scope';
import type { BusinessHours } from '#modules/sla';
import type { ClientQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import { assertRecurrence, occurrencesAfter } from './recurrence.ts';
import { recurringTemplate, type previewRunsInput } from './recurring-input.ts';
import { recurringNotFound } from './recurring-tickets.ts';
import type { RecurringTables, RecurringTicketId } from './recurring-table.ts';

export const listRecurringInput = z.object({ ...pageInput, clientId: clientIdSchema.optional() });
export const getRecurringInput = z.object({ recurringId: idSchema('recurring-ticket') });
/** A recurring ticket in a list. */
export const recurringView = z.object({
  id: idSchema('recurring-ticket'),
  clientId: clientIdSchema,
  name: z.string(),
  rule: z.string(),
  /** A wall clock in `timeZone`. */
  startsAt: z.string(),
  timeZone: z.string(),
  calendarId: idSchema('sla-calendar').nullable(),
  checklistTemplateId: idSchema('checklist-template').nullable(),
  template: recurringTemplate,
  isPaused: z.boolean(),
  /** Null where none comes any more. */
  nextAt: z.iso.datetime().nullable(),
  version: z.int(),
});
export type RecurringView = z.output<typeof recurringView>;
export const recurringDetailView = recurringView.extend({
  runs: z.array(
    z.object({
      occurrence: z.string(),
      outcome: z.enum(['opened', 'skipped', 'refused']),
      reason: z.string(),
      ticketId: idSchema('ticket').nullable(),
      at: z.iso.datetime(),
    }),
  ),
});
export const previewRunsView = z.object({
  timeZone: z.string(),
  items: z.array(z.object({ local: z.string(), at: z.iso.datetime(), isHoliday: z.boolean() })),
});

const PREVIEWED = 5;

interface Deps {
  readonly db: ScopedDb;
  readonly clients: ClientQueries;
  readonly hours: BusinessHours;
  readonly clock: Clock;
}

/** Reads recurring tickets. */
export class RecurringQueries {
  readonly #db: ScopedDb<RecurringTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<RecurringTables>();
    this.#deps = deps;
  }

  /** By name. */
  async list(scope: TenantScope, input: z.output<typeof listRecurringInput>): Promise<Page<RecurringView>> {
    const after = input.cursor === undefined ? null : decodeCursor(input.cursor, 2);
    const rows = await this.#db.read(scope, (query) => {
      let list = query.selectFrom('recurring_ticket').selectAll();
      if (input.clientId !== undefined) list = list.where('client_id', '=', input.clientId);
      if (after !== null) list = list.where(sql<boolean>`(lower(name), id) > (${after[0]}, ${after[1]}::uuid)`);
      return list
        .orderBy(sql`lower(name)`)
        .orderBy('id')
        .limit(input.limit + 1);
    });
    return toPage(rows, input.limit, toRecurringView, (row) => [row.name.toLowerCase(), row.id]);
  }

  /** One with its newest runs. Throws `recurring-tickets.not-found`. */
  async get(scope: TenantScope, id: RecurringTicketId): Promise<z.output<typeof recurringDetailView>> {
    return this.#db.transaction(scope, async (tx) => {
      const row = await tx.query.selectFrom('recurring_ticket').selectAll().where('id', '=', id).executeTakeFirst();
      if (row === undefined) throw recurringNotFound();
      const runs = await tx.query
        .selectFrom('recurring_run')
        .selectAll()
        .where('client_id', '=', row.client_id)
        .where('recurring_id', '=', id)
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(50)
        .execute();
      return {
        ...toRecurringView(row),
        runs: runs.map((run) => ({
          occurrence: run.occurrence,
          outcome: run.outcome,
          reason: run.reason,
          ticketId: run.ticket_id,
          at: run.at.toString(),
        })),
      };
    });
  }

  /** When a rule would come next, holidays marked. Throws `tenancy.client-not-found`, `recurring-tickets.bad-rule`. */
  async preview(
    scope: TenantScope,
    input: z.output<typeof previewRunsInput>,
  ): Promise<z.input<typeof previewRunsView>> {
    const client = await this.#deps.clients.get(scope, input.clientId);
    const recurrence = { rule: input.rule, startsAt: input.startsAt, timeZone: input.timeZone ?? client.timeZone };
    assertRecurrence(recurrence);
    const local = this.#deps.clock.now().toZonedDateTimeISO(recurrence.timeZone).toPlainDateTime();
    const isAhead = Temporal.PlainDateTime.compare(local, input.startsAt) < 0;
    return this.#db.transaction(scope, async (tx) => {
      const hours = await this.#deps.hours.of(tx, input.calendarId);
      const items = occurrencesAfter(recurrence, isAhead ? null : local, PREVIEWED).map((one) => ({
        local: one.local.toString(),
        at: one.at.toString(),
        isHoliday: hours?.cut(one.at, one.at.add({ seconds: 1 }))[0]?.reason === 'holiday',
      }));
      return { timeZone: recurrence.timeZone, items };
    });
  }
}

function toRecurringView(row: {
  id: RecurringTicketId;
  client_id: RecurringView['clientId'];
  name: string;
  rule: string;
  starts_at: string;
  time_zone: string;
  calendar_id: RecurringView['calendarId'];
  checklist_template_id: RecurringView['checklistTemplateId'];
  template: RecurringView['template'];
  is_paused: boolean;
  next_at: Temporal.Instant | null;
  version: number;
}): RecurringView {
  return {
    id: row.id,
    clientId: row.client_id,
    name: row.name,
    rule: row.rule,
    startsAt: row.starts_at,
    timeZone: row.time_zone,
    calendarId: row.calendar_id,
    checklistTemplateId: row.checklist_template_id,
    template: row.template,
    isPaused: row.is_paused,
    nextAt: row.next_at?.toString() ?? null,
    version: row.version,
  };
}
