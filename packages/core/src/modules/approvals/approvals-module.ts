import type { DependencyContainer } from 'tsyringe';
import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { Directory } from '#modules/directory';
import { ContactQueries, MspQueries } from '#modules/tenancy';
import { CommentOnTicket, StaffIdentity, ticketMoved, TicketQueries, UpdateTicket } from '#modules/tickets';
import { ScopedDb } from '#platform/db/scoped-db';
import { JobQueue } from '#platform/jobs/job-queue';
import { LiveHub } from '#platform/live';
import { Mailer } from '#platform/mail/mailer';
import { defineModule, on, provide, worker } from '#platform/module';
import { SettingsToken } from '#platform/settings-token';
import { AnswerApproval } from './answer-approval.ts';
import { AnswerByLink } from './answer-by-link.ts';
import { ApprovalMails } from './approval-mails.ts';
import { approvalOperations } from './approval-operations.ts';
import { ApprovalQueries } from './approval-queries.ts';
import { approvalAnswered, sweepApprovals } from './approvals-events.ts';
import { approvalPermissions } from './approvals-policy.ts';
import { ConcludeApproval } from './conclude-approval.ts';
import { RequestApproval } from './request-approval.ts';

export const approvalsModule = defineModule({
  name: 'approvals',
  tables: ['approval'],
  permissions: approvalPermissions,
  register(container) {
    provide(
      container,
      ApprovalMails,
      (c) =>
        new ApprovalMails({
          mailer: c.resolve(Mailer),
          msps: c.resolve(MspQueries),
          directory: c.resolve(Directory),
          clock: c.resolve(ClockToken),
          publicUrl: publicUrlOf(c),
        }),
    );
    provide(container, ApprovalQueries, (c) => new ApprovalQueries(shared(c)));
    provide(container, RequestApproval, (c) => new RequestApproval(shared(c)));
    provide(container, AnswerApproval, (c) => new AnswerApproval(shared(c)));
    provide(container, AnswerByLink, (c) => new AnswerByLink({ ...shared(c), answers: c.resolve(AnswerApproval) }));
    provide(container, ConcludeApproval, (c) => new ConcludeApproval(shared(c)));
  },
  operations: (c) =>
    approvalOperations({
      queries: c.resolve(ApprovalQueries),
      request: c.resolve(RequestApproval),
      answer: c.resolve(AnswerApproval),
    }),
  subscriptions: (c) => [
    on(approvalAnswered, 'conclude', (scope, { payload }) =>
      c.resolve(ConcludeApproval).answered(scope, payload.approvalId),
    ),
    on(ticketMoved, 'withdraw', (scope, { payload }) => c.resolve(ConcludeApproval).moved(scope, payload.ticketId)),
  ],
  jobs: (c) => [worker(sweepApprovals, (scope) => c.resolve(ConcludeApproval).sweep(scope))],
});

/** What nearly every use case is given; each takes of it what it declares. */
function shared(c: DependencyContainer) {
  return {
    db: c.resolve(ScopedDb),
    tickets: c.resolve(TicketQueries),
    contacts: c.resolve(ContactQueries),
    directory: c.resolve(Directory),
    msps: c.resolve(MspQueries),
    staff: c.resolve(StaffIdentity),
    update: c.resolve(UpdateTicket),
    comments: c.resolve(CommentOnTicket),
    mails: c.resolve(ApprovalMails),
    audit: c.resolve(AuditTrail),
    jobs: c.resolve(JobQueue),
    live: c.resolve(LiveHub),
    clock: c.resolve(ClockToken),
  };
}

function publicUrlOf(c: DependencyContainer): string {
  const settings = c.resolve(SettingsToken);
  return (settings.BAILIWICK_PUBLIC_URL ?? `http://localhost:${settings.PORT}`).replace(/\/$/, '');
}
