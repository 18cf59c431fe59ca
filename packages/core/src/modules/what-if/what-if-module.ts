import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { ReplayTickets } from '#modules/sla';
import { ClientQueries } from '#modules/tenancy';
import { ScopedDb } from '#platform/db/scoped-db';
import { JobQueue } from '#platform/jobs/job-queue';
import { LiveHub } from '#platform/live';
import { defineModule, provide, worker } from '#platform/module';
import { judgeTickets, RunWhatIf } from './run-what-if.ts';
import { whatIfOperations } from './what-if-operations.ts';
import { WhatIfQueries } from './what-if-queries.ts';

export const whatIfModule = defineModule({
  name: 'what-if',
  tables: ['what_if'],
  permissions: [
    {
      name: 'what-if.run-policies',
      title: 'Run past tickets under another SLA policy',
      roles: ['administrator', 'manager'],
    },
  ],
  register(container) {
    provide(container, WhatIfQueries, (c) => new WhatIfQueries({ db: c.resolve(ScopedDb) }));
    provide(
      container,
      RunWhatIf,
      (c) =>
        new RunWhatIf({
          db: c.resolve(ScopedDb),
          replay: c.resolve(ReplayTickets),
          clients: c.resolve(ClientQueries),
          audit: c.resolve(AuditTrail),
          jobs: c.resolve(JobQueue),
          live: c.resolve(LiveHub),
          clock: c.resolve(ClockToken),
        }),
    );
  },
  operations: (c) => whatIfOperations({ run: c.resolve(RunWhatIf), queries: c.resolve(WhatIfQueries) }),
  jobs: (c) => [worker(judgeTickets, (scope, payload) => c.resolve(RunWhatIf).judge(scope, payload))],
});
