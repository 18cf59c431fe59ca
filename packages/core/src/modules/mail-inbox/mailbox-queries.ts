import { sql } from 'kysely';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { MailInboxTables } from './mail-inbox-table.ts';
import { toMailboxView, type MailboxView } from './mailbox-view.ts';

/** More mailboxes than an MSP has; beyond it the list would need pages. */
const MAX_MAILBOXES = 500;

/** Reads mailboxes. */
export class MailboxQueries {
  readonly #db: ScopedDb<MailInboxTables>;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db.typed<MailInboxTables>();
  }

  /** Whether the MSP's tickets send mails at all: they come from a mailbox, so that they can be answered. */
  async hasActive(scope: TenantScope): Promise<boolean> {
    const row = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('mail_mailbox').select('id').where('state', '=', 'active').limit(1),
    );
    return row !== undefined;
  }

  /** All that were not removed, by name, with how many mails of each wait and are quarantined. */
  async list(scope: TenantScope): Promise<MailboxView[]> {
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('mail_mailbox')
        .selectAll()
        .where('state', '<>', 'removed')
        .orderBy(sql`lower(name)`)
        .orderBy('id')
        .limit(MAX_MAILBOXES),
    );
    const counts = await this.#db.read(scope, (query) =>
      query
        .selectFrom('mail_inbound')
        .select(['mailbox_id', 'state', sql<number>`count(*)::int`.as('count')])
        .where('state', 'in', ['waiting', 'quarantined'])
        .groupBy(['mailbox_id', 'state']),
    );
    const countOf = (id: string, state: string): number =>
      counts.find((count) => count.mailbox_id === id && count.state === state)?.count ?? 0;
    return rows.map((row) =>
      toMailboxView(row, { waiting: countOf(row.id, 'waiting'), quarantined: countOf(row.id, 'quarantined') }),
    );
  }
}
