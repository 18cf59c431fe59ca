import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import {
  MailSourceError,
  type FetchedMail,
  type MailSink,
  type SourceCursor,
} from '#platform/mail-sources/mail-source';
import type { MailInboxTables } from './mail-inbox-table.ts';
import { NO_CONSENT } from './mailbox-consent.ts';
import type { MailboxRunnerDeps } from './mailbox-runner.ts';
import type { MailboxRow } from './mailbox-store.ts';

const MAX_ERROR = 1000;
/** That the other side still answers is noted no oftener. */
const HEARD_EVERY_SECONDS = 60;

/** What one connection to a mailbox brings: mails and how far it was read in one commit, and how it is. */
export class MailboxReading {
  readonly #db: ScopedDb<MailInboxTables>;
  readonly #deps: MailboxRunnerDeps;
  readonly #scope: TenantScope;
  readonly #mailbox: MailboxRow;
  #heardAt: Temporal.Instant | null = null;

  constructor(deps: MailboxRunnerDeps, scope: TenantScope, mailbox: MailboxRow) {
    this.#db = deps.db.typed<MailInboxTables>();
    this.#deps = deps;
    this.#scope = scope;
    this.#mailbox = mailbox;
  }

  async sink(): Promise<MailSink> {
    const { settings, created_at, id } = this.#mailbox;
    const startsNew = settings.kind !== 'smtp' && settings.startWith === 'new';
    return {
      cursor: await this.#deps.store.cursor(this.#db, this.#scope, id),
      since: startsNew ? created_at : null,
      keep: (mails, cursor) => this.#keep(mails, cursor),
      heard: () => this.#heard(),
    };
  }

  /** Notes why a mailbox does not work. */
  async failed(error: unknown): Promise<void> {
    const now = this.#deps.clock.now();
    if (!(error instanceof MailSourceError)) this.#deps.onError(error);
    const said = error instanceof MailSourceError ? error.message : 'Something went wrong here while reading it.';
    const words = said.replaceAll('\0', '').slice(0, MAX_ERROR);
    const isOver = error instanceof MailSourceError && error.needsConsent;
    await this.#note(async (tx) => {
      await this.#deps.store.noteFailure(tx, this.#mailbox.id, { words, at: now });
      if (isOver) await this.#consentEnded(tx);
    });
    this.#heardAt = null;
  }

  /** Unless somebody has consented anew since this reading began. */
  async #consentEnded(tx: ScopedTransaction<MailInboxTables>): Promise<void> {
    const { store } = this.#deps;
    const { id, version } = this.#mailbox;
    const row = await store.forChange(tx, id);
    if (row.version === version) await store.noteConsent(tx, id, { ...(row.consent ?? NO_CONSENT), state: 'ended' });
  }

  async #keep(mails: readonly FetchedMail[], cursor: SourceCursor): Promise<void> {
    const { storeMail, store, clock } = this.#deps;
    const mailboxId = this.#mailbox.id;
    await this.#db.transaction(this.#scope, async (tx) => {
      await store.assertUnchanged(tx, mailboxId, this.#mailbox.version);
      const kept = await storeMail.runAll(
        tx.scope,
        mails.map(({ incomplete, ...mail }) => ({
          mailboxId,
          ...mail,
          ...(incomplete === undefined ? {} : { quarantine: incomplete }),
        })),
        tx,
      );
      const now = clock.now();
      await store.note(tx, mailboxId, {
        cursor: JSON.stringify(cursor),
        ...(kept.some(({ isNew }) => isNew) ? { last_mail_at: now, last_seen_at: now } : {}),
      });
    });
  }

  async #heard(): Promise<void> {
    const now = this.#deps.clock.now();
    if (this.#heardAt !== null && now.since(this.#heardAt).total('seconds') < HEARD_EVERY_SECONDS) return;
    const isFirst = this.#heardAt === null;
    this.#heardAt = now;
    await this.#note((tx) =>
      this.#deps.store.note(tx, this.#mailbox.id, {
        ...(isFirst ? { connected_at: now } : {}),
        last_seen_at: now,
        last_error: null,
        failing_since: null,
      }),
    );
  }

  async #note(write: (tx: ScopedTransaction<MailInboxTables>) => Promise<void>): Promise<void> {
    await this.#db.transaction(this.#scope, async (tx) => {
      await write(tx);
      const { id, version } = this.#mailbox;
      this.#deps.live.touch(tx, { clientId: null, topic: 'mailbox', id, version });
    });
  }
}
