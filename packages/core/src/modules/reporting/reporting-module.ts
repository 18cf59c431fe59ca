import { ClockToken } from '#kernel/tokens';
import { ClientQueries } from '#modules/tenancy';
import { ScopedDb } from '#platform/db/scoped-db';
import { defineModule, provide } from '#platform/module';
import { DeskReportQueries } from './desk-report-queries.ts';
import { ReportDesk } from './report-desk.ts';
import { ReportOlas } from './report-olas.ts';
import { ReportTime } from './report-time.ts';
import { reportingOperations } from './reporting-operations.ts';

export const reportingModule = defineModule({
  name: 'reporting',
  tables: ['reporting'],
  permissions: [
    {
      name: 'reporting.read-reports',
      title: 'See reports of the desk: SLA, answers, backlog, time',
      roles: ['administrator', 'manager', 'billing', 'read-only'],
    },
  ],
  register(container) {
    provide(
      container,
      ReportDesk,
      (c) =>
        new ReportDesk({
          queries: new DeskReportQueries({ db: c.resolve(ScopedDb) }),
          clients: c.resolve(ClientQueries),
          clock: c.resolve(ClockToken),
        }),
    );
    provide(
      container,
      ReportTime,
      (c) => new ReportTime({ db: c.resolve(ScopedDb), clients: c.resolve(ClientQueries) }),
    );
    provide(
      container,
      ReportOlas,
      (c) =>
        new ReportOlas({ db: c.resolve(ScopedDb), clients: c.resolve(ClientQueries), clock: c.resolve(ClockToken) }),
    );
  },
  operations: (c) =>
    reportingOperations({
      desk: c.resolve(ReportDesk),
      time: c.resolve(ReportTime),
      olas: c.resolve(ReportOlas),
    }),
});
