import type { DependencyContainer } from 'tsyringe';
import { ClockToken } from '#kernel/tokens';
import { AgreementHolding } from '#modules/agreements';
import { alertRaised, alertRecovered, AlertQueries } from '#modules/alerts';
import type { AssetId } from '#modules/assets';
import { AuditTrail } from '#modules/audit';
import { PriorityMatrix, TicketCategories } from '#modules/desk-catalogue';
import { FieldValues } from '#modules/desk-fields';
import { AttachFiles, FileQueries } from '#modules/files';
import { slaRulesChanged, TicketSla, TicketSlaQueries } from '#modules/sla';
import { ClientQueries } from '#modules/tenancy';
import { ScopedDb } from '#platform/db/scoped-db';
import { JobQueue } from '#platform/jobs/job-queue';
import { LiveHub } from '#platform/live';
import { defineModule, on, provide, worker } from '#platform/module';
import { BulkTickets } from './bulk-tickets.ts';
import { CommentOnTicket } from './comment-on-ticket.ts';
import { CopyComment } from './copy-comment.ts';
import { ExportTickets } from './export-tickets.ts';
import { FollowSla, followSla } from './follow-sla.ts';
import { LinkTickets } from './link-tickets.ts';
import { MoveTicket } from './move-ticket.ts';
import { OpenTicket } from './open-ticket.ts';
import { portalTicketOperations } from './portal-ticket-operations.ts';
import { PortalTickets } from './portal-tickets.ts';
import { SimilarTickets } from './similar-ticket-queries.ts';
import { StaffIdentity } from './staff-identity.ts';
import { TicketAlerts } from './ticket-alerts.ts';
import { TicketBelongings } from './ticket-belongings.ts';
import { TicketChanger } from './ticket-changer.ts';
import { TicketCounts } from './ticket-count-queries.ts';
import { TicketForWork } from './ticket-for-work.ts';
import { TicketGates } from './ticket-gates.ts';
import { TicketHistory } from './ticket-history.ts';
import { TicketOfAlert } from './ticket-of-alert.ts';
import { TicketLoad } from './ticket-load.ts';
import { ticketOperations } from './ticket-operations.ts';
import { ticketPermissions } from './ticket-policy.ts';
import { TicketPromises } from './ticket-promises.ts';
import { TicketRating } from './ticket-rating.ts';
import { TicketQueries } from './ticket-queries.ts';
import { TicketQueues } from './ticket-queues.ts';
import { TicketStore } from './ticket-store.ts';
import { ticketWorkOperations } from './ticket-work-operations.ts';
import { UpdateTicket } from './update-ticket.ts';

export const ticketsModule = defineModule({
  name: 'tickets',
  tables: ['ticket'],
  permissions: ticketPermissions,
  register(container) {
    registerParts(container);
    registerUseCases(container);
  },
  operations: (c) => ({
    ...ticketOperations({
      tickets: c.resolve(TicketQueries),
      similar: c.resolve(SimilarTickets),
      counts: c.resolve(TicketCounts),
      sla: c.resolve(TicketSlaQueries),
      ofAlert: c.resolve(TicketOfAlert),
      openTicket: c.resolve(OpenTicket),
      exportTickets: c.resolve(ExportTickets),
    }),
    ...ticketWorkOperations({
      comments: c.resolve(CommentOnTicket),
      updateTicket: c.resolve(UpdateTicket),
      moveTicket: c.resolve(MoveTicket),
      bulk: c.resolve(BulkTickets),
      links: c.resolve(LinkTickets),
      queues: c.resolve(TicketQueues),
    }),
    ...portalTicketOperations(c.resolve(PortalTickets)),
  }),
  subscriptions: (c) => {
    const [alerts, tickets] = [c.resolve(AlertQueries), c.resolve(TicketAlerts)];
    return [
      on(alertRaised, 'open-ticket', async (scope, { payload }) => {
        const alert = await alerts.get(scope, payload.alertId);
        await tickets.raised(scope, {
          ...alert,
          ...payload,
          assetId: alert.assetId as AssetId | null,
          text: alert.message,
        });
      }),
      on(alertRecovered, 'close-ticket', async (scope, { payload }) => {
        const { fingerprint } = await alerts.get(scope, payload.alertId);
        await tickets.recovered(scope, { ...payload, fingerprint });
      }),
      on(slaRulesChanged, 'follow-sla', (scope) => c.resolve(FollowSla).start(scope)),
    ];
  },
  jobs: (c) => [worker(followSla, (scope, payload) => c.resolve(FollowSla).run(scope, payload))],
});

function registerParts(container: DependencyContainer): void {
  provide(container, TicketStore, () => new TicketStore());
  provide(container, TicketForWork, () => new TicketForWork());
  provide(container, TicketGates, () => new TicketGates());
  provide(container, CopyComment, () => new CopyComment());
  provide(container, TicketBelongings, () => new TicketBelongings());
  provide(container, TicketLoad, () => new TicketLoad());
  provide(container, TicketHistory, () => new TicketHistory());
  provide(container, TicketPromises, (c) => new TicketPromises({ sla: c.resolve(TicketSla) }));
  provide(container, TicketRating, (c) => new TicketRating({ matrix: c.resolve(PriorityMatrix) }));
  provide(container, StaffIdentity, (c) => new StaffIdentity({ db: c.resolve(ScopedDb) }));
  provide(
    container,
    TicketQueries,
    (c) =>
      new TicketQueries({
        db: c.resolve(ScopedDb),
        staff: c.resolve(StaffIdentity),
        fields: c.resolve(FieldValues),
        clock: c.resolve(ClockToken),
      }),
  );
  provide(
    container,
    SimilarTickets,
    (c) => new SimilarTickets({ db: c.resolve(ScopedDb), tickets: c.resolve(TicketQueries) }),
  );
  provide(
    container,
    TicketCounts,
    (c) => new TicketCounts({ db: c.resolve(ScopedDb), staff: c.resolve(StaffIdentity), clock: c.resolve(ClockToken) }),
  );
  provide(
    container,
    TicketOfAlert,
    (c) => new TicketOfAlert({ db: c.resolve(ScopedDb), alerts: c.resolve(AlertQueries) }),
  );
  provide(
    container,
    TicketChanger,
    (c) =>
      new TicketChanger({
        store: c.resolve(TicketStore),
        history: c.resolve(TicketHistory),
        promises: c.resolve(TicketPromises),
        gates: c.resolve(TicketGates),
        fields: c.resolve(FieldValues),
        jobs: c.resolve(JobQueue),
        live: c.resolve(LiveHub),
        clock: c.resolve(ClockToken),
      }),
  );
  provide(
    container,
    ExportTickets,
    (c) => new ExportTickets({ tickets: c.resolve(TicketQueries), clients: c.resolve(ClientQueries) }),
  );
}

/** What nearly every use case is given; each takes of it what it declares. */
function shared(c: DependencyContainer) {
  return {
    db: c.resolve(ScopedDb),
    store: c.resolve(TicketStore),
    history: c.resolve(TicketHistory),
    promises: c.resolve(TicketPromises),
    changer: c.resolve(TicketChanger),
    agreements: c.resolve(AgreementHolding),
    rating: c.resolve(TicketRating),
    categories: c.resolve(TicketCategories),
    fields: c.resolve(FieldValues),
    clients: c.resolve(ClientQueries),
    attach: c.resolve(AttachFiles),
    files: c.resolve(AttachFiles),
    audit: c.resolve(AuditTrail),
    jobs: c.resolve(JobQueue),
    live: c.resolve(LiveHub),
    clock: c.resolve(ClockToken),
  };
}

function registerUseCases(container: DependencyContainer): void {
  provide(container, OpenTicket, (c) => new OpenTicket(shared(c)));
  provide(container, CommentOnTicket, (c) => new CommentOnTicket(shared(c)));
  provide(container, UpdateTicket, (c) => new UpdateTicket(shared(c)));
  provide(container, MoveTicket, (c) => new MoveTicket(shared(c)));
  provide(container, BulkTickets, (c) => new BulkTickets({ ...shared(c), update: c.resolve(UpdateTicket) }));
  provide(container, FollowSla, (c) => new FollowSla(shared(c)));
  provide(container, LinkTickets, (c) => new LinkTickets(shared(c)));
  provide(container, TicketQueues, (c) => new TicketQueues(shared(c)));
  provide(container, TicketAlerts, (c) => new TicketAlerts({ ...shared(c), open: c.resolve(OpenTicket) }));
  provide(
    container,
    PortalTickets,
    (c) =>
      new PortalTickets({
        db: c.resolve(ScopedDb),
        tickets: c.resolve(TicketQueries),
        open: c.resolve(OpenTicket),
        comments: c.resolve(CommentOnTicket),
        files: c.resolve(FileQueries),
        sla: c.resolve(TicketSlaQueries),
      }),
  );
}
