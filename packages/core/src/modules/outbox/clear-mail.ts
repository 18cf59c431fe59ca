import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { MailTables } from '#platform/mail/mail-table';

/** What signs somebody in is worthless after an hour and dangerous ever after. */
const KEEP_SIGN_IN_HOURS = 24;
/** Attachments are stored elsewhere too; the copy is only for looking at what was sent. */
const KEEP_ATTACHMENTS_HOURS = 90 * 24;

/** Drops from delivered mails what need not be kept. */
export class ClearMail {
  readonly #db: ScopedDb<MailTables>;
  readonly #clock: Clock;

  constructor(deps: { db: ScopedDb; clock: Clock }) {
    this.#db = deps.db.typed<MailTables>();
    this.#clock = deps.clock;
  }

  async run(scope: TenantScope): Promise<void> {
    const now = this.#clock.now();
    await this.#db.transaction(scope, async (tx) => {
      await tx.query
        .updateTable('mail_outbox')
        .set({ body_text: '', body_html: null, is_erased: true })
        .where('is_secret', '=', true)
        .where('is_erased', '=', false)
        .where('state', '<>', 'queued')
        .where('created_at', '<', now.subtract({ hours: KEEP_SIGN_IN_HOURS }))
        .execute();
      await tx.query
        .deleteFrom('mail_attachment')
        .where('mail_id', 'in', (eb) =>
          eb
            .selectFrom('mail_outbox')
            .select('mail_outbox.id')
            .where('state', '=', 'sent')
            .where('sent_at', '<', now.subtract({ hours: KEEP_ATTACHMENTS_HOURS })),
        )
        .execute();
    });
  }
}
