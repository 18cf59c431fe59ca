import type { Clock } from '#kernel/clock';
import { ConflictError, NotFoundError } from '#kernel/errors';
import type { ClientId } from '#kernel/id';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import { mailNotKept } from './inbound-queries.ts';
import type { InboundStore } from './inbound-store.ts';
import { handleMails } from './mail-inbox-jobs.ts';
import type { InboundOutcome } from './mail-inbox-needs.ts';
import type { InboundMailId, MailInboxTables } from './mail-inbox-table.ts';

/** What people decide about a mail after it was handled, always in the transaction of whoever carries it out. */
export class SettleInbound {
  readonly #deps: { store: InboundStore; jobs: JobQueue; clock: Clock };

  constructor(deps: { store: InboundStore; jobs: JobQueue; clock: Clock }) {
    this.#deps = deps;
  }

  /**
   * Sets what became of a quarantined mail. Throws `mail-inbox.mail-not-found`, also for another tenant's, and `mail-inbox.mail-not-quarantined` for one that somebody else was quicker
   * with.
   */
  async settle(within: AnyTransaction, mailId: InboundMailId, outcome: InboundOutcome): Promise<void> {
    const tx = await this.#quarantined(within, mailId);
    await this.#deps.store.settle(tx, mailId, outcome, this.#deps.clock.now());
  }

  /** Lets somebody decide anew about a mail that was ignored. Throws `mail-inbox.mail-not-found`, also for another tenant's, `mail-inbox.mail-not-ignored` and `mail-inbox.mail-not-kept`. */
  async takeBack(within: AnyTransaction, mailId: InboundMailId, reason: string): Promise<void> {
    const tx = within.typed<MailInboxTables>();
    const row = await lock(tx, mailId);
    if (row.state !== 'ignored')
      throw new ConflictError('mail-inbox.mail-not-ignored', 'Only a mail that was discarded can be taken back.');
    if (row.raw_removed_at !== null) throw mailNotKept();
    await this.#deps.store.settle(tx, mailId, { kind: 'quarantined', reason }, this.#deps.clock.now());
  }

  /** Has a quarantined mail handled once more, from the start. Throws as `settle` does, and `mail-inbox.mail-not-kept`. */
  async tryAgain(within: AnyTransaction, mailId: InboundMailId): Promise<void> {
    const tx = await this.#quarantined(within, mailId);
    if ((await lock(tx, mailId)).raw_removed_at !== null) throw mailNotKept();
    await this.#deps.store.wait(tx, mailId, { nextAttemptAt: this.#deps.clock.now(), reason: null, attempts: 0 });
    await this.#deps.jobs.send(tx, handleMails, {});
  }

  /** Lets placed mails belong to another client, with the ticket that they became part of. */
  async giveTo(within: AnyTransaction, mailIds: readonly InboundMailId[], clientId: ClientId): Promise<void> {
    await this.#deps.store.giveTo(within.typed<MailInboxTables>(), mailIds, clientId);
  }

  async #quarantined(within: AnyTransaction, mailId: InboundMailId) {
    const tx = within.typed<MailInboxTables>();
    const row = await lock(tx, mailId);
    if (row.state !== 'quarantined')
      throw new ConflictError('mail-inbox.mail-not-quarantined', 'Somebody else has decided about this mail.');
    return tx;
  }
}

async function lock(tx: ScopedTransaction<MailInboxTables>, mailId: InboundMailId) {
  const row = await tx.query
    .selectFrom('mail_inbound')
    .select(['state', 'raw_removed_at'])
    .where('id', '=', mailId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new NotFoundError('mail-inbox.mail-not-found', 'There is no such mail.');
  return row;
}
