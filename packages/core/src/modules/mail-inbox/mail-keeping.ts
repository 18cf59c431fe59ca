import { z } from 'zod';
import { ConflictError } from '#kernel/errors';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { LiveHub } from '#platform/live';
import type { MailInboxTables } from './mail-inbox-table.ts';

const days = z
  .int({ error: 'must be 1 to 3650 days' })
  .min(1, { error: 'must be 1 to 3650 days' })
  .max(3650, { error: 'must be 1 to 3650 days' })
  .nullable();

/** For how many days raw mails are kept; null for ever. */
export const mailKeepingFields = {
  /** After they became part of a ticket, or were left aside. */
  settledDays: days,
  /** After they were put aside for a person to decide. */
  quarantinedDays: days,
};
export const mailKeepingView = z.object({ ...mailKeepingFields, version: z.int() });
export const setMailKeepingInput = z
  .object({ ...mailKeepingFields, version: z.int() })
  .refine(
    ({ settledDays, quarantinedDays }) =>
      quarantinedDays === null || (settledDays !== null && quarantinedDays >= settledDays),
    { path: ['quarantinedDays'], error: 'must not be shorter than for mails that are on tickets' },
  );
export type MailKeepingView = z.input<typeof mailKeepingView>;

/** Long enough to ask why a mail became what it did; a mail that waits for a person is worth more than its space. */
const DEFAULT: MailKeepingView = { settledDays: 90, quarantinedDays: 365, version: 0 };

/** For how long the MSP keeps raw mails. */
export class MailKeeping {
  readonly #db: ScopedDb<MailInboxTables>;
  readonly #deps: { readonly audit: AuditTrail; readonly live: LiveHub };

  constructor(deps: { db: ScopedDb; audit: AuditTrail; live: LiveHub }) {
    this.#db = deps.db.typed<MailInboxTables>();
    this.#deps = deps;
  }

  /** The default, with version 0, where nobody chose. */
  async get(scope: TenantScope): Promise<MailKeepingView> {
    const row = await this.#db.readFirst(scope, (query) => query.selectFrom('mail_inbound_keeping').selectAll());
    if (row === undefined) return DEFAULT;
    return { settledDays: row.settled_days, quarantinedDays: row.quarantined_days, version: row.version };
  }

  /** Throws `mail-inbox.keeping-changed` on a stale version, `scope.needs-all-clients`. */
  async set(scope: TenantScope, input: z.output<typeof setMailKeepingInput>): Promise<{ version: number }> {
    requireWholeMsp(scope);
    return this.#db.transaction(scope, async (tx) => {
      const before = await this.get(tx.scope);
      const set = {
        settled_days: input.settledDays,
        quarantined_days: input.quarantinedDays,
        version: input.version + 1,
      };
      const { numInsertedOrUpdatedRows: changed } = await tx.query
        .insertInto('mail_inbound_keeping')
        .values({ msp_id: scope.mspId, ...set })
        .onConflict((conflict) =>
          conflict.column('msp_id').doUpdateSet(set).where('mail_inbound_keeping.version', '=', input.version),
        )
        .executeTakeFirstOrThrow();
      if (changed !== 1n || before.version !== input.version)
        throw new ConflictError(
          'mail-inbox.keeping-changed',
          'Somebody else changed this meanwhile. Look at it again, then repeat your change.',
        );
      await this.#deps.audit.record(tx, {
        action: 'mail-inbox.keep-raw-mails',
        subject: { kind: 'msp', id: scope.mspId, clientId: null },
        summary: `Keeps raw mails ${spanOf(input.settledDays)}, those that wait for a decision ${spanOf(input.quarantinedDays)}`,
        before: { settledDays: before.settledDays, quarantinedDays: before.quarantinedDays },
        after: { settledDays: input.settledDays, quarantinedDays: input.quarantinedDays },
      });
      this.#deps.live.touch(tx, { clientId: null, topic: 'mailbox', id: scope.mspId, version: input.version + 1 });
      return { version: input.version + 1 };
    });
  }
}

function spanOf(count: number | null): string {
  return count === null ? 'for ever' : `for ${count} days`;
}
