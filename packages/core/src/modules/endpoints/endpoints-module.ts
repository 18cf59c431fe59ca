import type { DependencyContainer } from 'tsyringe';
import { ClockToken } from '#kernel/tokens';
import { MarkSeen, RecordInventory, RecordServices, RecordSoftware } from '#modules/assets';
import { AuditTrail } from '#modules/audit';
import { Directory } from '#modules/directory';
import { ClientQueries } from '#modules/tenancy';
import { ScopedDb } from '#platform/db/scoped-db';
import { LiveHub } from '#platform/live';
import { defineModule, provide, worker } from '#platform/module';
import { SecretBox } from '#platform/secrets/secret-box';
import { AcceptHello } from './accept-hello.ts';
import { AcceptReports } from './accept-reports.ts';
import { AgentSession } from './agent-session.ts';
import { AgentStore } from './agent-store.ts';
import { CancelOrder } from './cancel-order.ts';
import { ChangeAgent } from './change-agent.ts';
import { CreateEnrolmentToken } from './create-enrolment-token.ts';
import { endpointCommands } from './endpoint-commands.ts';
import { endpointOperations } from './endpoint-operations.ts';
import { endpointPermissions } from './endpoint-policy.ts';
import { EndpointQueries } from './endpoint-queries.ts';
import { EnrolAgent } from './enrol-agent.ts';
import { ExpireOrders, expireOrdersJob } from './expire-orders.ts';
import { OrderKeys } from './order-keys.ts';
import { OrderReports } from './order-reports.ts';
import { OrderStore } from './order-store.ts';
import { QueueOrder } from './queue-order.ts';
import { ReportSinkToken } from './report-sink-token.ts';
import { RevokeEnrolmentToken } from './revoke-enrolment-token.ts';
import { TakeOrders } from './take-orders.ts';

/** What nearly every use case here is made of. */
function basics(c: DependencyContainer) {
  return {
    db: c.resolve(ScopedDb),
    agents: c.resolve(AgentStore),
    orders: c.resolve(OrderStore),
    keys: c.resolve(OrderKeys),
    clients: c.resolve(ClientQueries),
    directory: c.resolve(Directory),
    audit: c.resolve(AuditTrail),
    live: c.resolve(LiveHub),
    clock: c.resolve(ClockToken),
  };
}

export const endpointsModule = defineModule({
  name: 'endpoints',
  tables: ['endpoint'],
  permissions: endpointPermissions,
  register(container) {
    provide(container, AgentStore, () => new AgentStore());
    provide(container, OrderStore, () => new OrderStore());
    provide(container, EndpointQueries, (c) => new EndpointQueries({ db: c.resolve(ScopedDb) }));
    provide(container, OrderKeys, (c) => new OrderKeys({ box: c.resolve(SecretBox), clock: c.resolve(ClockToken) }));
    provide(container, CreateEnrolmentToken, (c) => new CreateEnrolmentToken(basics(c)));
    provide(container, RevokeEnrolmentToken, (c) => new RevokeEnrolmentToken(basics(c)));
    provide(container, ChangeAgent, (c) => new ChangeAgent(basics(c)));
    provide(container, QueueOrder, (c) => new QueueOrder(basics(c)));
    provide(container, CancelOrder, (c) => new CancelOrder({ ...basics(c), sink: () => c.resolve(ReportSinkToken) }));
    provide(container, ExpireOrders, (c) => new ExpireOrders({ ...basics(c), sink: () => c.resolve(ReportSinkToken) }));
    provide(container, EnrolAgent, (c) => new EnrolAgent({ ...basics(c), inventory: c.resolve(RecordInventory) }));
    provide(container, AgentSession, (c) => new AgentSession(basics(c)));
    provide(
      container,
      AcceptHello,
      (c) => new AcceptHello({ ...basics(c), session: c.resolve(AgentSession), seen: c.resolve(MarkSeen) }),
    );
    provide(container, OrderReports, (c) => new OrderReports({ ...basics(c), sink: () => c.resolve(ReportSinkToken) }));
    provide(container, TakeOrders, (c) => new TakeOrders({ ...basics(c), session: c.resolve(AgentSession) }));
    provide(
      container,
      AcceptReports,
      (c) =>
        new AcceptReports({
          ...basics(c),
          session: c.resolve(AgentSession),
          orderReports: c.resolve(OrderReports),
          inventory: c.resolve(RecordInventory),
          software: c.resolve(RecordSoftware),
          services: c.resolve(RecordServices),
          seen: c.resolve(MarkSeen),
          sink: () => c.resolve(ReportSinkToken),
        }),
    );
  },
  operations: (c) =>
    endpointOperations({
      queries: c.resolve(EndpointQueries),
      createToken: c.resolve(CreateEnrolmentToken),
      revokeToken: c.resolve(RevokeEnrolmentToken),
      changeAgent: c.resolve(ChangeAgent),
      queueOrder: c.resolve(QueueOrder),
      cancelOrder: c.resolve(CancelOrder),
    }),
  jobs: (c) => [worker(expireOrdersJob, (scope) => c.resolve(ExpireOrders).run(scope))],
  commands: (c) =>
    endpointCommands(() => ({ clients: c.resolve(ClientQueries), createToken: c.resolve(CreateEnrolmentToken) })),
});
