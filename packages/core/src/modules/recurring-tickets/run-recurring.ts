import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { DomainError } from '#kernel/errors';
import { newId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { BusinessHours } from '#modules/sla';
import type { ClientQueries } from '#modules/tenancy';
import type { Checklists } from '#modules/ticket-checklists';
import type { OpenTicket, OpenTicketInput, TicketId } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import { defineJob } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import { occurrenceAfter } from './recurrence.ts';
import { filled, placeholdersOf, type RecurringTemplate } from './recurring-input.ts';
import { columnsOf, recurrenceOf } from './recurring-tickets.ts';
import type { RecurringTables, RecurringTicketId } from './recurring-table.ts';

/** Opens the tickets whose time has come. */
export const openDueTickets = defineJob({
  name: 'recurring-tickets.open-due-tickets',
  payload: z.object({}),
  cron: '* * * * *',
});

/** After a long downtime a run does not hold its queue for ever; the next one goes on a minute later. */
const MOST_A_RUN = 200;

interface Deps {
  readonly db: ScopedDb;
  readonly open: OpenTicket;
  readonly checklists: Checklists;
  readonly clients: ClientQueries;
  readonly hours: BusinessHours;
  readonly live: LiveHub;
  readonly clock: Clock;
}

type Tx = ScopedTransaction<RecurringTables>;
type Due = NonNullable<Awaited<ReturnType<typeof nextDue>>>;

/** Does `recurring-tickets.open-due-tickets`. Every occurrence that was missed is made up, each exactly once, however many run at the same time. */
export class RunRecurring {
  readonly #db: ScopedDb<RecurringTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<RecurringTables>();
    this.#deps = deps;
  }

  /** Returns how many occurrences were dealt with. One that fails is tried again by the next run, and holds up no other; the first of their errors is thrown at the end. */
  async run(scope: TenantScope): Promise<number> {
    const failed = new Map<RecurringTicketId, unknown>();
    let count = 0;
    for (let step = 0; step < MOST_A_RUN; step += 1) {
      let tried: RecurringTicketId | undefined;
      try {
        await this.#db.transaction(scope, async (tx) => {
          const due = await nextDue(tx, this.#deps.clock.now(), [...failed.keys()]);
          tried = due?.id;
          if (due !== undefined)
            await this.#occur(tx, due, Temporal.PlainDateTime.from(due.next_local ?? due.starts_at));
        });
      } catch (error) {
        if (tried === undefined) throw error;
        failed.set(tried, error);
        continue;
      }
      if (tried === undefined) break;
      count += 1;
    }
    for (const error of failed.values()) throw error;
    return count;
  }

  /** The row of the occurrence, its ticket and the step to the next one stand or fall together. */
  async #occur(tx: Tx, due: Due, local: Temporal.PlainDateTime): Promise<void> {
    const id = newId<'recurring-run'>();
    const run = await tx.query
      .insertInto('recurring_run')
      .values({
        msp_id: tx.scope.mspId,
        id,
        client_id: due.client_id,
        recurring_id: due.id,
        occurrence: local.toString(),
        outcome: 'skipped',
        reason: 'a holiday',
        ticket_id: null,
        at: this.#deps.clock.now(),
      })
      .onConflict((conflict) => conflict.columns(['msp_id', 'recurring_id', 'occurrence']).doNothing())
      .returning('id')
      .executeTakeFirst();
    // A rule that was changed may come to an occurrence again that was dealt with before.
    if (run !== undefined && !(await this.#isHoliday(tx, due))) {
      const opened = await this.#open(tx, due, local.toPlainDate());
      await tx.query.updateTable('recurring_run').set(opened).where('id', '=', id).execute();
    }
    await tx.query
      .updateTable('recurring_ticket')
      .set(columnsOf(occurrenceAfter(recurrenceOf(due), local)))
      .where('id', '=', due.id)
      .execute();
    this.#deps.live.touch(tx, { clientId: due.client_id, topic: 'recurring-ticket', id: due.id, version: due.version });
  }

  async #isHoliday(tx: Tx, due: Due): Promise<boolean> {
    if (due.next_at === null) return false;
    const hours = await this.#deps.hours.of(tx, due.calendar_id);
    return hours?.cut(due.next_at, due.next_at.add({ seconds: 1 }))[0]?.reason === 'holiday';
  }

  /** Who or what is not there any more is left out, and said; a client that takes no tickets refuses. */
  async #open(
    tx: Tx,
    due: Due,
    day: Temporal.PlainDate,
  ): Promise<{ outcome: 'opened' | 'refused'; reason: string; ticket_id: TicketId | null }> {
    const client = await this.#deps.clients.get(tx.scope, due.client_id);
    if (client.state === 'archived') return { outcome: 'refused', reason: 'the client is archived', ticket_id: null };
    const left: string[] = [];
    let template: RecurringTemplate = due.template;
    for (;;) {
      try {
        const input = ticketOf(template, due, placeholdersOf(day, client.name));
        const { ticketId, number } = await this.#deps.open.run(tx.scope, input, tx);
        const missing = left.length === 0 ? '' : `, without ${left.join(', ')}: not there any more`;
        if (due.checklist_template_id !== null) await this.#checklist(tx, ticketId, due.checklist_template_id);
        return { outcome: 'opened', reason: `T-${number}${missing}`, ticket_id: ticketId };
      } catch (error) {
        const gone = missingField(error, template);
        if (gone === null) {
          if (!(error instanceof DomainError)) throw error;
          return { outcome: 'refused', reason: error.message, ticket_id: null };
        }
        left.push(gone);
        template = { ...template, [gone]: undefined };
      }
    }
  }

  async #checklist(tx: Tx, ticketId: TicketId, templateId: NonNullable<Due['checklist_template_id']>): Promise<void> {
    try {
      await this.#deps.checklists.apply(tx.scope, { ticketId, templateId }, tx);
    } catch (error) {
      // A template out of use is no reason to miss the ticket.
      if (!(error instanceof DomainError)) throw error;
    }
  }
}

async function nextDue(tx: Tx, now: Temporal.Instant, except: readonly RecurringTicketId[]) {
  let due = tx.query
    .selectFrom('recurring_ticket')
    .selectAll()
    .where('is_paused', '=', false)
    .where('next_at', '<=', now);
  if (except.length > 0) due = due.where('id', 'not in', except);
  return due.orderBy('next_at').limit(1).forUpdate().skipLocked().executeTakeFirst();
}

function ticketOf(template: RecurringTemplate, due: Due, by: ReturnType<typeof placeholdersOf>): OpenTicketInput {
  const { subject, body, priority, ...rest } = template;
  const level = priority >= 3 ? 3 : 2;
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
    type: template.type,
    clientId: due.client_id,
    subject: filled(subject, by).slice(0, 200),
    ...(body === '' ? {} : { body: filled(body, by) }),
    impact: level,
    urgency: 2,
    priority: priority as 1 | 2 | 3 | 4,
  };
}

const REFERENCES = ['queueId', 'assigneeId', 'siteId', 'contactId', 'assetId'] as const;

function missingField(error: unknown, template: RecurringTemplate): (typeof REFERENCES)[number] | null {
  if (!(error instanceof DomainError) || error.code !== 'tickets.reference-not-found') return null;
  const named = error.fields[0]?.path[0];
  return REFERENCES.find((field) => field === named && template[field] !== undefined) ?? null;
}
