import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { StaffAuthority } from '#modules/identity';
import { TellStaff } from '#modules/notices';
import { SnoozeTicket } from '#modules/ticket-snooze';
import { BulkTickets, CommentOnTicket, StaffIdentity, TicketQueries } from '#modules/tickets';
import { ScopedDb } from '#platform/db/scoped-db';
import { JobQueue } from '#platform/jobs/job-queue';
import { LiveHub } from '#platform/live';
import { defineModule, provide, worker } from '#platform/module';
import { forgetBulk, goOnWithBulk } from './bulk-jobs.ts';
import { BulkQueries } from './bulk-queries.ts';
import { ChangeMany } from './change-many.ts';
import { ChangeOne } from './change-one.ts';
import { GoOnWithBulk } from './go-on-with-bulk.ts';
import { MakePersonScopeToken } from './make-person-scope-token.ts';
import { ticketBulkOperations } from './ticket-bulk-operations.ts';

export const ticketBulkModule = defineModule({
  name: 'ticket-bulk',
  tables: ['bulk'],
  permissions: [],
  register(container) {
    const shared = () => ({
      db: container.resolve(ScopedDb),
      jobs: container.resolve(JobQueue),
      live: container.resolve(LiveHub),
      clock: container.resolve(ClockToken),
    });
    provide(container, BulkQueries, (c) => new BulkQueries({ db: c.resolve(ScopedDb) }));
    provide(
      container,
      ChangeOne,
      (c) =>
        new ChangeOne({
          bulk: c.resolve(BulkTickets),
          snooze: c.resolve(SnoozeTicket),
          comments: c.resolve(CommentOnTicket),
        }),
    );
    provide(
      container,
      ChangeMany,
      (c) =>
        new ChangeMany({
          ...shared(),
          tickets: c.resolve(TicketQueries),
          staff: c.resolve(StaffIdentity),
          audit: c.resolve(AuditTrail),
        }),
    );
    provide(
      container,
      GoOnWithBulk,
      (c) =>
        new GoOnWithBulk({
          ...shared(),
          change: c.resolve(ChangeOne),
          authority: c.resolve(StaffAuthority),
          makePersonScope: c.resolve(MakePersonScopeToken),
          tell: c.resolve(TellStaff),
        }),
    );
  },
  operations: (c) => ticketBulkOperations({ change: c.resolve(ChangeMany), queries: c.resolve(BulkQueries) }),
  jobs: (c) => [
    worker(goOnWithBulk, (scope, payload) => c.resolve(GoOnWithBulk).run(scope, payload)),
    worker(forgetBulk, (scope) => c.resolve(GoOnWithBulk).forget(scope)),
  ],
});
