import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { idSchema } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { StaffIdentity, TicketForWork, TicketId } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { LiveHub } from '#platform/live';
import type { PresenceTables } from './presence-table.ts';

export const announceInput = z.object({
  ticketId: idSchema('ticket'),
  /** One window of a browser: somebody with two is one person, and gone when both are closed. */
  windowId: z.uuid(),
  /** `gone` when the ticket is closed or left. */
  state: z.enum(['viewing', 'typing', 'gone']),
});
export const presenceInput = z.object({ ticketId: idSchema('ticket') });
export const presenceView = z.object({
  /** Everybody but the reader, by name; who writes is said to write, in whichever window. */
  people: z.array(z.object({ staffId: idSchema('staff'), name: z.string(), isTyping: z.boolean() })),
});
type Presence = z.input<typeof presenceView>;

/** A window says again that it is there after half of this; one that was closed without a word is gone after it. */
export const PRESENT_SECONDS = 60;
/** Rows that nobody renewed are swept with whoever comes next. */
const MAX_SWEPT = 100;
const MAX_PEOPLE = 20;

interface Deps {
  readonly db: ScopedDb;
  readonly tickets: TicketForWork;
  readonly staff: StaffIdentity;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Who looks at a ticket and who writes on it, so that two do not answer the same thing. */
export class TicketPresence {
  readonly #db: ScopedDb<PresenceTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PresenceTables>();
    this.#deps = deps;
  }

  /**
   * Says what a window does with a ticket, and who else is there. Others hear of it only where something is different from before. Whoever is not staff (a key, a job) is nowhere. Throws
   * `tickets.ticket-not-found`.
   */
  async announce(scope: TenantScope, { ticketId, windowId, state }: z.output<typeof announceInput>): Promise<Presence> {
    const me = await this.#deps.staff.of(scope);
    await this.#db.transaction(scope, async (tx) => {
      const ticket = await this.#deps.tickets.read(tx, ticketId);
      if (me === null) return;
      const now = this.#deps.clock.now();
      const before = await tx.query
        .selectFrom('ticket_presence')
        .select(['is_typing', 'seen_at', 'staff_id'])
        .where('ticket_id', '=', ticketId)
        .where('window_id', '=', windowId)
        .forUpdate()
        .executeTakeFirst();
      const wasThere = before !== undefined && isPresent(before.seen_at, now);
      if (before !== undefined && before.staff_id !== me) return;
      if (state === 'gone')
        await tx.query
          .deleteFrom('ticket_presence')
          .where('ticket_id', '=', ticketId)
          .where('window_id', '=', windowId)
          .execute();
      else {
        const is_typing = state === 'typing';
        await tx.query
          .insertInto('ticket_presence')
          .values({
            msp_id: scope.mspId,
            client_id: ticket.client_id,
            ticket_id: ticketId,
            staff_id: me,
            window_id: windowId,
            is_typing,
            seen_at: now,
          })
          .onConflict((conflict) =>
            conflict.columns(['msp_id', 'ticket_id', 'window_id']).doUpdateSet({ is_typing, seen_at: now }),
          )
          .execute();
        await tx.sql(
          `delete from ticket_presence where (msp_id, ticket_id, window_id) in (
             select msp_id, ticket_id, window_id from ticket_presence where msp_id = $1 and seen_at < $2 order by seen_at limit ${MAX_SWEPT} for update skip locked)`,
          [scope.mspId, now.subtract({ seconds: PRESENT_SECONDS * 2 }).toString()],
        );
      }
      const isSame = state !== 'gone' && wasThere && before.is_typing === (state === 'typing');
      if (isSame || (state === 'gone' && before === undefined)) return;
      this.#deps.live.touch(tx, {
        clientId: ticket.client_id,
        topic: 'ticket-presence',
        id: ticketId,
        version: now.epochMilliseconds,
      });
    });
    return this.#others(scope, ticketId, me);
  }

  /** Who else is there. Throws `tickets.ticket-not-found`. */
  async of(scope: TenantScope, ticketId: TicketId): Promise<Presence> {
    const me = await this.#deps.staff.of(scope);
    await this.#db.transaction(scope, (tx) => this.#deps.tickets.read(tx, ticketId));
    return this.#others(scope, ticketId, me);
  }

  async #others(scope: TenantScope, ticketId: TicketId, me: string | null): Promise<Presence> {
    const since = this.#deps.clock.now().subtract({ seconds: PRESENT_SECONDS });
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('ticket_presence')
        .innerJoin('identity_staff', 'identity_staff.id', 'ticket_presence.staff_id')
        .select(['staff_id', 'name', 'is_typing'])
        .where('ticket_id', '=', ticketId)
        .where('seen_at', '>', since)
        .orderBy('name')
        .limit(MAX_PEOPLE * 5),
    );
    const people = new Map<string, Presence['people'][number]>();
    for (const { staff_id: staffId, name, is_typing } of rows) {
      if (staffId === me) continue;
      const isTyping = is_typing || people.get(staffId)?.isTyping === true;
      people.set(staffId, { staffId, name, isTyping });
    }
    return { people: [...people.values()].slice(0, MAX_PEOPLE) };
  }
}

function isPresent(seenAt: Temporal.Instant, now: Temporal.Instant): boolean {
  return Temporal.Instant.compare(seenAt, now.subtract({ seconds: PRESENT_SECONDS })) > 0;
}
