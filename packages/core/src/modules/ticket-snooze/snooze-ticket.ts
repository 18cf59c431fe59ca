import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, InvalidInputError } from '#kernel/errors';
import { idSchema } from '#kernel/id';
import { instantSchema } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { TicketChanger, TicketStore, TicketTables } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import { defineJob, type JobQueue } from '#platform/jobs/job-queue';

/** Longer, and it is forgotten: a date next year belongs into a recurring ticket. */
const LONGEST = Temporal.Duration.from({ hours: 366 * 24 });

export const snoozeTicketInput = z.object({
  ticketId: idSchema('ticket'),
  version: z.int(),
  /** Null waits for a reply alone. */
  until: instantSchema.nullable().default(null),
  /** Whether the client's reply wakes it, before that moment or without one. */
  untilReply: z.boolean().default(true),
});
export const wakeTicketInput = z.object({ ticketId: idSchema('ticket'), version: z.int() });

/** Wakes a ticket whose moment has come, unless it was snoozed anew since: `until` is the snooze that the job was sent for. */
export const wakeTicket = defineJob({
  name: 'ticket-snooze.wake-ticket',
  payload: z.object({ ticketId: idSchema('ticket'), until: z.iso.datetime() }),
  isAwaited: true,
});

interface Deps {
  readonly db: ScopedDb;
  readonly store: TicketStore;
  readonly changer: TicketChanger;
  readonly audit: AuditTrail;
  readonly jobs: JobQueue;
  readonly clock: Clock;
}

/** Snoozes tickets and wakes them. */
export class SnoozeTicket {
  readonly #db: ScopedDb<TicketTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TicketTables>();
    this.#deps = deps;
  }

  /**
   * Throws `ticket-snooze.no-end` where neither a moment nor a reply would wake it, `ticket-snooze.not-ahead` for a moment that is past or more than a year away, `ticket-snooze.not-open`,
   * `tickets.ticket-changed`, `tickets.ticket-not-found`.
   */
  async run(
    scope: TenantScope,
    input: z.output<typeof snoozeTicketInput>,
    within?: AnyTransaction,
  ): Promise<{ version: number }> {
    const { store, changer, audit, jobs, clock } = this.#deps;
    assertEnds(input, clock.now());
    return this.#db.transaction(
      scope,
      async (tx) => {
        const before = await store.forChange(tx, input.ticketId);
        if (!before.is_open)
          throw new ConflictError('ticket-snooze.not-open', 'This ticket is done, so there is nothing to snooze.');
        // As finely as the database keeps it, so that the job knows its snooze again.
        const until = input.until?.round({ smallestUnit: 'second', roundingMode: 'ceil' }) ?? null;
        const version = await changer.apply(
          tx,
          before,
          { snoozed_until: until, is_snoozed_until_reply: input.untilReply, woken_at: null },
          [
            {
              kind: 'snoozed',
              to: until?.toString() ?? null,
              ...(input.untilReply ? { reason: 'the client’s reply wakes it' } : {}),
            },
          ],
          input.version,
        );
        if (until !== null)
          await jobs.send(tx, wakeTicket, { ticketId: before.id, until: until.toString() }, { startAfter: until });
        await audit.record(tx, {
          action: 'ticket-snooze.snooze-ticket',
          subject: { kind: 'ticket', id: before.id, clientId: before.client_id },
          summary: `Snoozed the ticket T-${before.number}`,
          after: { until: until?.toString() ?? null, untilReply: input.untilReply },
        });
        return { version };
      },
      within,
    );
  }

  /** Brings it back at once. Throws `tickets.ticket-changed`, `tickets.ticket-not-found`. */
  async wake(
    scope: TenantScope,
    input: z.output<typeof wakeTicketInput>,
    within?: AnyTransaction,
  ): Promise<{ version: number }> {
    const { store, changer } = this.#deps;
    return this.#db.transaction(
      scope,
      async (tx) => {
        const before = await store.forChange(tx, input.ticketId);
        if (!before.is_snoozed) return { version: before.version };
        const awake = { snoozed_until: null, is_snoozed_until_reply: false, woken_at: null };
        return { version: await changer.apply(tx, before, awake, [{ kind: 'woken' }], input.version) };
      },
      within,
    );
  }

  /** Does `ticket-snooze.wake-ticket`. */
  async wakeInTime(scope: TenantScope, { ticketId, until }: z.output<typeof wakeTicket.payload>): Promise<void> {
    const { store, changer, clock } = this.#deps;
    await this.#db.transaction(scope, async (tx) => {
      const before = await store.forChange(tx, ticketId);
      if (before.snoozed_until === null || !before.snoozed_until.equals(Temporal.Instant.from(until))) return;
      await changer.apply(tx, before, { snoozed_until: null, is_snoozed_until_reply: false, woken_at: clock.now() }, [
        { kind: 'woken', reason: 'its time had come' },
      ]);
    });
  }
}

function assertEnds({ until, untilReply }: z.output<typeof snoozeTicketInput>, now: Temporal.Instant): void {
  if (until === null) {
    if (untilReply) return;
    throw new InvalidInputError('ticket-snooze.no-end', 'Say until when, or that a reply wakes it.', {
      fields: [{ path: ['until'], message: 'must be given where no reply wakes it' }],
    });
  }
  const isAhead = Temporal.Instant.compare(until, now) > 0;
  if (!isAhead || Temporal.Instant.compare(until, now.add(LONGEST)) > 0)
    throw new InvalidInputError('ticket-snooze.not-ahead', 'A snooze ends in the future, and within a year.', {
      fields: [{ path: ['until'], message: isAhead ? 'is more than a year away' : 'is past' }],
    });
}
