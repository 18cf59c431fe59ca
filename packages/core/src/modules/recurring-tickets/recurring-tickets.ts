import type { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, NotFoundError } from '#kernel/errors';
import { newId, type ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { assertCalendar } from '#modules/agreements';
import type { AuditTrail } from '#modules/audit';
import type { ClientQueries } from '#modules/tenancy';
import { assertReferences, type TicketTables } from '#modules/tickets';
import type { ChecklistTemplates } from '#modules/ticket-checklists';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import { assertRecurrence, occurrenceAfter, type Recurrence } from './recurrence.ts';
import type {
  createRecurringInput,
  pauseRecurringInput,
  removeRecurringInput,
  updateRecurringInput,
} from './recurring-input.ts';
import type { RecurringTables, RecurringTicketId } from './recurring-table.ts';

interface Deps {
  readonly db: ScopedDb;
  readonly clients: ClientQueries;
  readonly templates: ChecklistTemplates;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
}

type Tx = ScopedTransaction<RecurringTables>;
type Fields = Omit<z.output<typeof createRecurringInput>, 'clientId'>;

/** Makes and changes what opens tickets again and again. */
export class RecurringTickets {
  readonly #db: ScopedDb<RecurringTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<RecurringTables>();
    this.#deps = deps;
  }

  /**
   * Occurrences before now are not made up. Throws `tenancy.client-not-found`, `recurring-tickets.bad-rule`, `tickets.reference-not-found`, `agreements.calendar-not-found`,
   * `ticket-checklists.template-not-found`.
   */
  async create(
    scope: TenantScope,
    input: z.output<typeof createRecurringInput>,
  ): Promise<{ recurringId: RecurringTicketId }> {
    const { timeZone } = await this.#deps.clients.get(scope, input.clientId);
    return this.#db.transaction(scope, async (tx) => {
      const id = newId<'recurring-ticket'>();
      const row = await this.#row(tx, input.clientId, timeZone, input);
      await tx.query
        .insertInto('recurring_ticket')
        .values({ msp_id: scope.mspId, id, client_id: input.clientId, ...row, created_at: this.#deps.clock.now() })
        .execute();
      await this.#done(tx, { id, client_id: input.clientId }, `Made the recurring ticket ${input.name}`, input, 1);
      return { recurringId: id };
    });
  }

  /** From now on by the new rule. Throws `recurring-tickets.not-found`, `recurring-tickets.changed`, and what `create` throws. */
  async update(scope: TenantScope, input: z.output<typeof updateRecurringInput>): Promise<{ version: number }> {
    return this.#db.transaction(scope, async (tx) => {
      const before = await lockRecurring(tx, input.recurringId, input.version);
      const row = await this.#row(tx, before.client_id, before.time_zone, input);
      const version = input.version + 1;
      await tx.query
        .updateTable('recurring_ticket')
        .set({ ...row, version })
        .where('id', '=', before.id)
        .execute();
      await this.#done(tx, before, `Changed the recurring ticket ${input.name}`, input, version);
      return { version };
    });
  }

  /** What would have come in a pause is not made up. Throws `recurring-tickets.not-found`, `recurring-tickets.changed`. */
  async pause(scope: TenantScope, input: z.output<typeof pauseRecurringInput>): Promise<{ version: number }> {
    return this.#db.transaction(scope, async (tx) => {
      const before = await lockRecurring(tx, input.recurringId, input.version);
      const version = input.version + 1;
      const next = nextFrom(recurrenceOf(before), this.#deps.clock.now());
      await tx.query
        .updateTable('recurring_ticket')
        .set({ is_paused: input.isPaused, ...next, version })
        .where('id', '=', before.id)
        .execute();
      const did = input.isPaused ? 'Paused' : 'Went on with';
      await this.#done(tx, before, `${did} the recurring ticket ${before.name}`, input, version);
      return { version };
    });
  }

  /** Its tickets stay. Throws `recurring-tickets.not-found`, `recurring-tickets.changed`. */
  async remove(scope: TenantScope, input: z.output<typeof removeRecurringInput>): Promise<{ removed: true }> {
    return this.#db.transaction(scope, async (tx) => {
      const before = await lockRecurring(tx, input.recurringId, input.version);
      await tx.query.deleteFrom('recurring_ticket').where('id', '=', before.id).execute();
      await this.#done(tx, before, `Removed the recurring ticket ${before.name}`, {}, before.version + 1);
      return { removed: true };
    });
  }

  async #row(tx: Tx, clientId: ClientId, clientZone: string, input: Fields) {
    const recurrence = { rule: input.rule, startsAt: input.startsAt, timeZone: input.timeZone ?? clientZone };
    assertRecurrence(recurrence);
    await assertReferences(tx.typed<TicketTables>(), clientId, input.template);
    await assertCalendar(tx, input.calendarId);
    if (input.checklistTemplateId !== null) await this.#deps.templates.read(tx, input.checklistTemplateId);
    return {
      name: input.name,
      rule: input.rule,
      starts_at: input.startsAt.toString(),
      time_zone: recurrence.timeZone,
      calendar_id: input.calendarId,
      template: JSON.stringify(input.template),
      checklist_template_id: input.checklistTemplateId,
      ...nextFrom(recurrence, this.#deps.clock.now()),
    };
  }

  async #done(
    tx: Tx,
    of: { id: RecurringTicketId; client_id: ClientId },
    summary: string,
    after: object,
    version: number,
  ): Promise<void> {
    await this.#deps.audit.record(tx, {
      action: 'recurring-tickets.manage-recurring',
      subject: { kind: 'recurring-ticket', id: of.id, clientId: of.client_id },
      summary,
      after,
    });
    this.#deps.live.touch(tx, { clientId: of.client_id, topic: 'recurring-ticket', id: of.id, version });
  }
}

/** A row's recurrence. */
export function recurrenceOf(row: { rule: string; starts_at: string; time_zone: string }): Recurrence {
  return { rule: row.rule, startsAt: Temporal.PlainDateTime.from(row.starts_at), timeZone: row.time_zone };
}

/** The columns that say when it comes next: at or after an instant, or not any more. */
export function nextFrom(
  recurrence: Recurrence,
  now: Temporal.Instant,
): { next_local: string | null; next_at: Temporal.Instant | null } {
  const local = now.toZonedDateTimeISO(recurrence.timeZone).toPlainDateTime();
  const isAhead = Temporal.PlainDateTime.compare(local, recurrence.startsAt) < 0;
  return columnsOf(occurrenceAfter(recurrence, isAhead ? null : local));
}

/** The columns of an occurrence. */
export function columnsOf(next: ReturnType<typeof occurrenceAfter>) {
  return { next_local: next?.local.toString() ?? null, next_at: next?.at ?? null };
}

/** Locked, as it was at a version. Throws `recurring-tickets.not-found`, `recurring-tickets.changed`. */
async function lockRecurring(tx: Tx, id: RecurringTicketId, version: number) {
  const row = await tx.query
    .selectFrom('recurring_ticket')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw recurringNotFound();
  if (row.version !== version)
    throw new ConflictError(
      'recurring-tickets.changed',
      'Somebody else changed this recurring ticket meanwhile. Look at it again, then repeat your change.',
    );
  return row;
}

export function recurringNotFound(): NotFoundError {
  return new NotFoundError('recurring-tickets.not-found', 'There is no such recurring ticket.');
}
