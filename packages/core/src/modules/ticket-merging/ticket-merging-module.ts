import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { AttachFiles } from '#modules/files';
import {
  CommentOnTicket,
  CopyComment,
  LinkTickets,
  OpenTicket,
  TicketBelongings,
  TicketChanger,
  TicketStore,
  UpdateTicket,
} from '#modules/tickets';
import { MoveMails } from '#modules/mail-intake';
import { MoveChecklists } from '#modules/ticket-checklists';
import { MoveTime } from '#modules/time';
import { ScopedDb } from '#platform/db/scoped-db';
import { JobQueue } from '#platform/jobs/job-queue';
import { defineModule, provide } from '#platform/module';
import { MergeTickets } from './merge-tickets.ts';
import { MoveBelongings } from './move-belongings.ts';
import { OpenApprovalsToken } from './open-approvals-token.ts';
import { RelatedTickets } from './related-tickets.ts';
import { SplitTicket } from './split-ticket.ts';
import { ticketMergingOperations } from './ticket-merging-operations.ts';

export const ticketMergingModule = defineModule({
  name: 'ticket-merging',
  tables: ['merged'],
  permissions: [],
  register(container) {
    provide(
      container,
      MoveBelongings,
      (c) =>
        new MoveBelongings({
          tickets: c.resolve(TicketBelongings),
          files: c.resolve(AttachFiles),
          mails: c.resolve(MoveMails),
          time: c.resolve(MoveTime),
          checklists: c.resolve(MoveChecklists),
        }),
    );
    provide(
      container,
      MergeTickets,
      (c) =>
        new MergeTickets({
          db: c.resolve(ScopedDb),
          store: c.resolve(TicketStore),
          changer: c.resolve(TicketChanger),
          belongings: c.resolve(MoveBelongings),
          approvals: c.resolve(OpenApprovalsToken),
          audit: c.resolve(AuditTrail),
          jobs: c.resolve(JobQueue),
          clock: c.resolve(ClockToken),
        }),
    );
    provide(
      container,
      SplitTicket,
      (c) =>
        new SplitTicket({
          db: c.resolve(ScopedDb),
          store: c.resolve(TicketStore),
          changer: c.resolve(TicketChanger),
          open: c.resolve(OpenTicket),
          copy: c.resolve(CopyComment),
          links: c.resolve(LinkTickets),
        }),
    );
    provide(
      container,
      RelatedTickets,
      (c) =>
        new RelatedTickets({
          db: c.resolve(ScopedDb),
          comments: c.resolve(CommentOnTicket),
          update: c.resolve(UpdateTicket),
        }),
    );
  },
  operations: (c) =>
    ticketMergingOperations({
      merge: c.resolve(MergeTickets),
      split: c.resolve(SplitTicket),
      related: c.resolve(RelatedTickets),
    }),
});
