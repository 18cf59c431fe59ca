import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError } from '#kernel/errors';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import { deliverMail } from '#platform/mail/mailer';
import type { MailId, MailTables } from '#platform/mail/mail-table';
import { mailIdSchema } from './mail-view.ts';

export const retryMailInput = z.object({ mailId: mailIdSchema });
export type RetryMailInput = z.output<typeof retryMailInput>;

interface Deps {
  readonly db: ScopedDb;
  readonly jobs: JobQueue;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** Puts a failed mail back into the queue. */
export class RetryMail {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws `outbox.mail-not-failed`, also for a mail that is not there. */
  async run(scope: TenantScope, input: RetryMailInput, within?: AnyTransaction): Promise<{ mailId: MailId }> {
    const { db, jobs, audit, clock } = this.#deps;
    return db.typed<MailTables>().transaction(
      scope,
      async (tx) => {
        const mail = await tx.query
          .updateTable('mail_outbox')
          .set({ state: 'queued', attempts: 0, leased_until: null, next_attempt_at: clock.now() })
          .where('id', '=', input.mailId)
          .where('state', '=', 'failed')
          .returning(['client_id', 'subject'])
          .executeTakeFirst();
        if (mail === undefined)
          throw new ConflictError('outbox.mail-not-failed', 'Only a mail that failed can be sent again.');
        await jobs.send(tx, deliverMail, { mailId: input.mailId });
        await audit.record(tx, {
          action: 'outbox.retry-mail',
          subject: { kind: 'mail', id: input.mailId, clientId: mail.client_id },
          summary: `Sent the mail “${mail.subject}” again`,
        });
        return { mailId: input.mailId };
      },
      within,
    );
  }
}
