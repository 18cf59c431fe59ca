import type { DependencyContainer } from 'tsyringe';
import { ClockToken } from '#kernel/tokens';
import { AgreementHolding } from '#modules/agreements';
import { AuditTrail } from '#modules/audit';
import { BusinessHours } from '#modules/sla';
import { ClientQueries, MspQueries } from '#modules/tenancy';
import { StaffIdentity, TicketForWork, ticketMoved } from '#modules/tickets';
import { ScopedDb } from '#platform/db/scoped-db';
import { LiveHub } from '#platform/live';
import { defineModule, on, provide } from '#platform/module';
import { ChangeTime } from './change-time.ts';
import { InvoicedTime } from './invoiced-time.ts';
import { LogTime } from './log-time.ts';
import { MoveTime } from './move-time.ts';
import { PreviewTime } from './preview-time.ts';
import { RateExample } from './rate-example.ts';
import { RerateMovedTime } from './rerate-moved-time.ts';
import { ReverseTime } from './reverse-time.ts';
import { TimeChanges } from './time-changes.ts';
import { timeOperations } from './time-operations.ts';
import { timePermissions } from './time-policy.ts';
import { TimeQueries } from './time-queries.ts';
import { TimeStore } from './time-store.ts';
import { Timer } from './timer.ts';
import { TimesheetQueries } from './timesheet-queries.ts';
import { Timesheets } from './timesheets.ts';
import { WorkPlaces } from './work-place.ts';

export const timeModule = defineModule({
  name: 'time',
  tables: ['time'],
  permissions: timePermissions,
  register(container) {
    provide(container, TimeStore, () => new TimeStore());
    provide(container, TimeChanges, (c) => new TimeChanges({ clock: c.resolve(ClockToken) }));
    provide(
      container,
      WorkPlaces,
      (c) => new WorkPlaces({ tickets: c.resolve(TicketForWork), clients: c.resolve(ClientQueries) }),
    );
    provide(container, InvoicedTime, () => new InvoicedTime());
    provide(container, MoveTime, () => new MoveTime());
    provide(container, LogTime, (c) => new LogTime(shared(c)));
    provide(container, ChangeTime, (c) => new ChangeTime(shared(c)));
    provide(container, RerateMovedTime, (c) => new RerateMovedTime(shared(c)));
    provide(container, Timer, (c) => new Timer({ ...shared(c), log: c.resolve(LogTime) }));
    provide(container, ReverseTime, (c) => new ReverseTime(shared(c)));
    provide(container, PreviewTime, (c) => new PreviewTime(shared(c)));
    provide(container, RateExample, (c) => new RateExample(shared(c)));
    provide(container, Timesheets, (c) => new Timesheets(shared(c)));
    provide(container, TimesheetQueries, (c) => new TimesheetQueries(shared(c)));
    provide(container, TimeQueries, (c) => new TimeQueries(shared(c)));
  },
  operations: (c) =>
    timeOperations({
      time: c.resolve(TimeQueries),
      logTime: c.resolve(LogTime),
      changeTime: c.resolve(ChangeTime),
      timer: c.resolve(Timer),
      reverseTime: c.resolve(ReverseTime),
      preview: c.resolve(PreviewTime),
      example: c.resolve(RateExample),
      weeks: c.resolve(TimesheetQueries),
      timesheets: c.resolve(Timesheets),
    }),
  subscriptions: (c) => [
    on(ticketMoved, 'rerate-time', (scope, event) => c.resolve(RerateMovedTime).run(scope, event.payload.ticketId)),
  ],
});

/** What nearly every use case is given; each takes of it what it declares. */
function shared(c: DependencyContainer) {
  return {
    db: c.resolve(ScopedDb),
    store: c.resolve(TimeStore),
    tickets: c.resolve(TicketForWork),
    places: c.resolve(WorkPlaces),
    changes: c.resolve(TimeChanges),
    clients: c.resolve(ClientQueries),
    staff: c.resolve(StaffIdentity),
    agreements: c.resolve(AgreementHolding),
    hours: c.resolve(BusinessHours),
    msp: c.resolve(MspQueries),
    audit: c.resolve(AuditTrail),
    live: c.resolve(LiveHub),
    clock: c.resolve(ClockToken),
  };
}
