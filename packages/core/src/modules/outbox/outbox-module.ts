import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { ScopedDb } from '#platform/db/scoped-db';
import { JobQueue } from '#platform/jobs/job-queue';
import { MailDelivery } from '#platform/mail/mail-delivery';
import { deliverMail } from '#platform/mail/mailer';
import { MailFromToken, MailTransportToken } from '#platform/mail/tokens';
import { defineModule, provide, worker } from '#platform/module';
import { ClearMail } from './clear-mail.ts';
import { MailQueries } from './mail-queries.ts';
import { clearMail, requeueMail } from './outbox-jobs.ts';
import { outboxOperations } from './outbox-operations.ts';
import { outboxPermissions } from './outbox-policy.ts';
import { RetryMail } from './retry-mail.ts';

export const outboxModule = defineModule({
  name: 'outbox',
  tables: ['outbox'],
  permissions: outboxPermissions,
  register(container) {
    provide(
      container,
      MailQueries,
      (c) =>
        new MailQueries({
          db: c.resolve(ScopedDb),
          transport: c.resolve(MailTransportToken),
          from: c.resolve(MailFromToken),
        }),
    );
    provide(
      container,
      RetryMail,
      (c) =>
        new RetryMail({
          db: c.resolve(ScopedDb),
          jobs: c.resolve(JobQueue),
          audit: c.resolve(AuditTrail),
          clock: c.resolve(ClockToken),
        }),
    );
    provide(container, ClearMail, (c) => new ClearMail({ db: c.resolve(ScopedDb), clock: c.resolve(ClockToken) }));
  },
  operations: (c) => outboxOperations({ mails: c.resolve(MailQueries), retryMail: c.resolve(RetryMail) }),
  jobs: (c) => [
    worker(deliverMail, (scope, { mailId }) => c.resolve(MailDelivery).run(scope, mailId)),
    worker(requeueMail, async (scope) => void (await c.resolve(MailDelivery).requeueForgotten(scope))),
    worker(clearMail, (scope) => c.resolve(ClearMail).run(scope)),
  ],
});
