import { sql, type Selectable } from 'kysely';
import type { ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { InboundOutcome } from './mail-inbox-needs.ts';
import type { InboundMailId, InboundState, MailInboxTables } from './mail-inbox-table.ts';

type Tx = ScopedTransaction<MailInboxTables>;
export type InboundRow = Selectable<MailInboxTables['mail_inbound']>;

const MAX_REASON = 1000;

/** The only writer of `mail_inbound` beside `StoreMail`, which adds to it. */
export class InboundStore {
  /** Leases up to `limit` mails whose time has come, the longest waiting first. Mails that others hold are passed by. */
  async claim(
    tx: Tx,
    claim: { leaseId: string; now: Temporal.Instant; until: Temporal.Instant; limit: number },
  ): Promise<InboundRow[]> {
    const free = tx.query
      .selectFrom('mail_inbound')
      .select('id')
      .where('state', '=', 'waiting')
      .where('next_attempt_at', '<=', claim.now)
      .where((eb) => eb.or([eb('leased_until', 'is', null), eb('leased_until', '<', claim.now)]))
      .orderBy('next_attempt_at')
      .orderBy('id')
      .limit(claim.limit)
      .forUpdate()
      .skipLocked();
    const rows = await tx.query
      .updateTable('mail_inbound')
      .set({ lease_id: claim.leaseId, leased_until: claim.until })
      .where('id', 'in', free)
      .returningAll()
      .execute();
    return rows.toSorted((a, b) => Temporal.Instant.compare(a.received_at, b.received_at) || (a.id < b.id ? -1 : 1));
  }

  /** Holds on what a lease has, while its holder lives. */
  async renew(tx: Tx, leaseId: string, until: Temporal.Instant): Promise<void> {
    await tx.query
      .updateTable('mail_inbound')
      .set({ leased_until: until })
      .where('lease_id', '=', leaseId)
      .where('state', '=', 'waiting')
      .execute();
  }

  /** Counts a try as it begins, so that a mail that ends the process ends it only so often; undefined where another worker took it over. */
  async begin(
    db: ScopedDb<MailInboxTables>,
    scope: TenantScope,
    held: { id: InboundMailId; leaseId: string },
  ): Promise<InboundRow | undefined> {
    const [row] = await db.writeLightly(scope, (query) =>
      query
        .updateTable('mail_inbound')
        .set({ attempts: sql`attempts + 1` })
        .where('id', '=', held.id)
        .where('lease_id', '=', held.leaseId)
        .where('state', '=', 'waiting')
        .returningAll(),
    );
    return row;
  }

  /** Locks a mail that this lease still holds; undefined where another worker took it over. */
  async held(tx: Tx, id: InboundMailId, leaseId: string): Promise<InboundRow | undefined> {
    return tx.query
      .selectFrom('mail_inbound')
      .selectAll()
      .where('id', '=', id)
      .where('lease_id', '=', leaseId)
      .where('state', '=', 'waiting')
      .forUpdate()
      .executeTakeFirst();
  }

  /** Sets what became of a mail, and whose it is. */
  async settle(tx: Tx, id: InboundMailId, outcome: InboundOutcome, now: Temporal.Instant): Promise<void> {
    const { clientId } = outcome;
    const settled = tx.query
      .updateTable('mail_inbound')
      .set({
        state: outcome.kind,
        reason: outcome.reason?.replaceAll('\0', '').slice(0, MAX_REASON) ?? null,
        settled_at: now,
        leased_until: null,
        lease_id: null,
        ...(clientId === undefined ? {} : { client_id: clientId }),
      })
      .where('id', '=', id)
      .execute();
    const given =
      clientId === undefined
        ? null
        : tx.query.updateTable('mail_inbound_raw').set({ client_id: clientId }).where('mail_id', '=', id).execute();
    await Promise.all([settled, given]);
  }

  /** Takes away the bytes of up to `limit` mails in this state that were settled before `before`, the oldest first; returns how many. Those that somebody decides about just now are passed by. */
  async prune(
    tx: Tx,
    which: {
      state: Exclude<InboundState, 'waiting'>;
      before: Temporal.Instant;
      now: Temporal.Instant;
      limit: number;
    },
  ): Promise<number> {
    const rows = await tx.query
      .selectFrom('mail_inbound')
      .select('id')
      .where('state', '=', which.state)
      .where('settled_at', '<', which.before)
      .where('raw_removed_at', 'is', null)
      .orderBy('settled_at')
      .limit(which.limit)
      .forUpdate()
      .skipLocked()
      .execute();
    const ids = rows.map(({ id }) => id);
    if (ids.length === 0) return 0;
    await tx.query.deleteFrom('mail_inbound_raw').where('mail_id', 'in', ids).execute();
    await tx.query.updateTable('mail_inbound').set({ raw_removed_at: which.now }).where('id', 'in', ids).execute();
    return ids.length;
  }

  /** Lets mails belong to a client: from then on they are for those who reach it. */
  async giveTo(tx: Tx, ids: readonly InboundMailId[], clientId: ClientId): Promise<void> {
    if (ids.length === 0) return;
    const set = { client_id: clientId };
    await tx.query
      .updateTable('mail_inbound')
      .set(set)
      .where('id', 'in', [...ids])
      .execute();
    await tx.query
      .updateTable('mail_inbound_raw')
      .set(set)
      .where('mail_id', 'in', [...ids])
      .execute();
  }

  /** Lets a mail wait again, until `nextAttemptAt`. `reason` is what the last try said. */
  async wait(
    tx: Tx,
    id: InboundMailId,
    change: { nextAttemptAt: Temporal.Instant; reason: string | null; attempts?: number },
  ): Promise<void> {
    await tx.query
      .updateTable('mail_inbound')
      .set({
        state: 'waiting',
        next_attempt_at: change.nextAttemptAt,
        reason: change.reason?.replaceAll('\0', '').slice(0, MAX_REASON) ?? null,
        settled_at: null,
        leased_until: null,
        lease_id: null,
        ...(change.attempts === undefined ? {} : { attempts: change.attempts }),
      })
      .where('id', '=', id)
      .execute();
  }
}
