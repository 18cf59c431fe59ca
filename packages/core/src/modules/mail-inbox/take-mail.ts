import { createHash } from 'node:crypto';
import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { LiveHub } from '#platform/live';
import type { MailboxId, MailInboxTables } from './mail-inbox-table.ts';
import type { MailEnvelope } from './mailbox-settings.ts';
import type { MailboxStore } from './mailbox-store.ts';
import type { StoreMail, StoreMailResult } from './store-mail.ts';

interface Deps {
  readonly db: ScopedDb;
  readonly store: MailboxStore;
  readonly storeMail: StoreMail;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Takes a mail that a relay hands over. */
export class TakeMail {
  readonly #db: ScopedDb<MailInboxTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<MailInboxTables>();
    this.#deps = deps;
  }

  /** Stores it, durably, once however often it is handed over. Throws `mail-inbox.mailbox-not-found`, `mail-inbox.too-large`. */
  async run(
    scope: TenantScope,
    mail: { mailboxId: MailboxId; raw: Buffer; envelope: MailEnvelope },
  ): Promise<StoreMailResult> {
    const { store, storeMail, live, clock } = this.#deps;
    const receivedAt = clock.now();
    const transportKey = `smtp:${createHash('sha256').update(mail.raw).digest('hex')}`;
    return this.#db.transaction(scope, async (tx) => {
      const { version } = await store.forChange(tx, mail.mailboxId);
      await store.note(tx, mail.mailboxId, { last_mail_at: receivedAt, last_seen_at: receivedAt });
      live.touch(tx, { clientId: null, topic: 'mailbox', id: mail.mailboxId, version });
      return storeMail.run(tx.scope, { ...mail, transportKey, receivedAt }, tx);
    });
  }
}
