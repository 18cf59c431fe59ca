import type { Selectable } from 'kysely';
import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import { composeMail } from './compose-mail.ts';
import { deliverMail } from './mailer.ts';
import type { MailId, MailTables } from './mail-table.ts';
import { MailRefusal, type MailTransport } from './mail-transport.ts';

type MailRow = Selectable<MailTables['mail_outbox']>;
type AttachmentRow = Selectable<MailTables['mail_attachment']>;

/** Longer than any try may last, so that a second worker never sends what a first still sends. */
const LEASE = { minutes: 3 };
/** Waits between tries: about two days in all, the time that RFC 5321 §4.5.4.1 has senders keep trying is four to five. */
const WAITS_MINUTES = [1, 2, 5, 15, 60, 240, 720, 1440] as const;
const MAX_ERROR = 1000;

interface Deps {
  readonly db: ScopedDb;
  readonly jobs: JobQueue;
  readonly clock: Clock;
  readonly live: LiveHub;
  readonly transport: MailTransport;
  /** The bare address that mail comes from. */
  readonly from: string;
}

/** Delivers mails of the outbox. Safe to run twice, in parallel, and after a crash at any point. */
export class MailDelivery {
  readonly #deps: Deps;
  readonly #db: ScopedDb<MailTables>;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#db = deps.db.typed<MailTables>();
  }

  /** Tries once. A mail that is sent, has failed for good, or that another worker holds is left alone. */
  async run(scope: TenantScope, mailId: MailId): Promise<void> {
    const held = await this.#hold(scope, mailId);
    if (held === null) return;
    try {
      const raw = await composeMail(held.mail, held.attachments, this.#deps.from);
      await this.#deps.transport.deliver({
        mspId: held.mail.msp_id,
        mailId,
        from: held.mail.from_address ?? this.#deps.from,
        to: held.mail.recipients.map((recipient) => recipient.address),
        raw,
      });
    } catch (error) {
      await this.#failed(scope, held.mail, error);
      return;
    }
    await this.#sent(scope, held.mail);
  }

  /** Sends jobs for mails whose own was lost, such as by a queue that was emptied. */
  async requeueForgotten(scope: TenantScope): Promise<number> {
    const { clock, jobs } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const late = await tx.query
        .selectFrom('mail_outbox')
        .select('id')
        .where('state', '=', 'queued')
        .where('next_attempt_at', '<', clock.now().subtract({ minutes: 10 }))
        .orderBy('next_attempt_at')
        .limit(500)
        .execute();
      for (const { id } of late) await jobs.send(tx, deliverMail, { mailId: id });
      return late.length;
    });
  }

  async #hold(scope: TenantScope, mailId: MailId): Promise<{ mail: MailRow; attachments: AttachmentRow[] } | null> {
    const now = this.#deps.clock.now();
    return this.#db.transaction(scope, async (tx) => {
      const mail = await tx.query
        .updateTable('mail_outbox')
        .set((eb) => ({ leased_until: now.add(LEASE), attempts: eb('attempts', '+', 1) }))
        .where('id', '=', mailId)
        .where('state', '=', 'queued')
        .where((eb) => eb.or([eb('leased_until', 'is', null), eb('leased_until', '<', now)]))
        .returningAll()
        .executeTakeFirst();
      if (mail === undefined) return null;
      const attachments = await tx.query
        .selectFrom('mail_attachment')
        .selectAll()
        .where('mail_id', '=', mailId)
        .orderBy('place')
        .execute();
      return { mail, attachments };
    });
  }

  async #sent(scope: TenantScope, mail: MailRow): Promise<void> {
    const { clock, transport } = this.#deps;
    // With a folder the body is what a developer signs in by; with a real server it has done its work.
    const isErased = mail.is_secret && transport.kind === 'smtp';
    await this.#db.transaction(scope, async (tx) => {
      await tx.query
        .updateTable('mail_outbox')
        .set({
          state: 'sent',
          sent_at: clock.now(),
          leased_until: null,
          last_error: null,
          delivered_by: transport.kind,
          ...(isErased ? { body_text: '', body_html: null, is_erased: true } : {}),
        })
        .where('id', '=', mail.id)
        .execute();
      this.#touch(tx, mail);
    });
  }

  async #failed(scope: TenantScope, mail: MailRow, error: unknown): Promise<void> {
    const { clock, jobs } = this.#deps;
    const wait = WAITS_MINUTES[mail.attempts - 1];
    const isOver = wait === undefined || (error instanceof MailRefusal && error.isPermanent);
    const nextAttempt = clock.now().add({ minutes: wait ?? 0 });
    await this.#db.transaction(scope, async (tx) => {
      await tx.query
        .updateTable('mail_outbox')
        .set({
          state: isOver ? 'failed' : 'queued',
          leased_until: null,
          next_attempt_at: nextAttempt,
          last_error: (error instanceof Error ? error.message : String(error)).replaceAll('\0', '').slice(0, MAX_ERROR),
        })
        .where('id', '=', mail.id)
        .execute();
      if (!isOver) await jobs.send(tx, deliverMail, { mailId: mail.id }, { startAfter: nextAttempt });
      this.#touch(tx, mail);
    });
  }

  #touch(tx: ScopedTransaction<MailTables>, mail: MailRow): void {
    this.#deps.live.touch(tx, { clientId: mail.client_id, topic: 'mail', id: mail.id, version: mail.attempts });
  }
}
