import type { DependencyContainer } from 'tsyringe';
import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { FileQueries, StoreFiles } from '#modules/files';
import { InboundMailHandlerToken, InboundQueries, SettleInbound } from '#modules/mail-inbox';
import { ClientQueries, MspQueries, SaveContact } from '#modules/tenancy';
import {
  CommentOnTicket,
  OpenTicket,
  ticketChanged,
  ticketCommented,
  TicketForWork,
  ticketMoved,
  ticketOpened,
  TicketQueries,
} from '#modules/tickets';
import { ScopedDb } from '#platform/db/scoped-db';
import { LiveHub } from '#platform/live';
import { MailFromToken } from '#platform/mail/tokens';
import { Mailer } from '#platform/mail/mailer';
import { defineModule, on, provide } from '#platform/module';
import { KeyRing } from '#platform/secrets/key-ring';
import { ApplyPlacing } from './apply-placing.ts';
import { FilesOfMail } from './files-of-mail.ts';
import { FollowTicket } from './follow-ticket.ts';
import { KnownMails } from './known-mail-queries.ts';
import { mailIntakePermissions } from './mail-intake-policy.ts';
import { MailIntakeStore } from './mail-intake-store.ts';
import { MoveMails } from './move-mails.ts';
import { PlaceMail } from './place-mail.ts';
import { PlacingFactsReader } from './placing-facts.ts';
import { QuarantineQueries } from './quarantine-queries.ts';
import { quarantineOperations } from './quarantine-operations.ts';
import { SendTicketMail } from './send-ticket-mail.ts';
import { SettleQuarantine } from './settle-quarantine.ts';
import { ticketMailOperations } from './ticket-mail-operations.ts';
import { TicketMailQueries } from './ticket-mail-queries.ts';
import { TicketMailReader } from './ticket-mail-reader-queries.ts';
import { ChooseWatchers } from './choose-watchers.ts';
import { MailLinksToken } from './mail-links-token.ts';

export const mailIntakeModule = defineModule({
  name: 'mail-intake',
  tables: ['mail_seen', 'mail_message', 'mail_watcher', 'mail_quarantine', 'mail_undeliverable'],
  permissions: mailIntakePermissions,
  register(container) {
    registerPlacing(container);
    registerQuarantine(container);
    registerTicketMail(container);
  },
  operations: (c) => ({
    ...quarantineOperations({ quarantine: c.resolve(QuarantineQueries), settle: c.resolve(SettleQuarantine) }),
    ...ticketMailOperations({ mails: c.resolve(TicketMailQueries), watchers: c.resolve(ChooseWatchers) }),
  }),
  subscriptions: (c) => [
    on(ticketOpened, 'mail-opened', (scope, { payload }) => c.resolve(SendTicketMail).opened(scope, payload)),
    on(ticketCommented, 'mail-reply', async (scope, { payload }) => {
      if (payload.visibility === 'public' && payload.author !== 'contact')
        await c.resolve(SendTicketMail).replied(scope, payload);
    }),
    on(ticketChanged, 'mail-resolved', (scope, { payload, version }) =>
      c.resolve(SendTicketMail).changed(scope, { ...payload, version }),
    ),
    on(ticketMoved, 'move-mail', (scope, { payload }) => c.resolve(FollowTicket).moved(scope, payload)),
  ],
});

function basics(c: DependencyContainer) {
  return {
    db: c.resolve(ScopedDb),
    store: c.resolve(MailIntakeStore),
    audit: c.resolve(AuditTrail),
    live: c.resolve(LiveHub),
    clock: c.resolve(ClockToken),
    open: c.resolve(OpenTicket),
    comments: c.resolve(CommentOnTicket),
  };
}

function registerPlacing(container: DependencyContainer): void {
  provide(container, MoveMails, () => new MoveMails());
  provide(container, MailIntakeStore, () => new MailIntakeStore());
  provide(container, KnownMails, () => new KnownMails());
  provide(
    container,
    PlacingFactsReader,
    (c) =>
      new PlacingFactsReader({
        ring: c.resolve(KeyRing),
        known: c.resolve(KnownMails),
        from: c.resolve(MailFromToken),
      }),
  );
  provide(
    container,
    ApplyPlacing,
    (c) => new ApplyPlacing({ ...basics(c), files: c.resolve(StoreFiles), contacts: c.resolve(SaveContact) }),
  );
  provide(
    container,
    PlaceMail,
    (c) => new PlaceMail({ ...basics(c), facts: c.resolve(PlacingFactsReader), apply: c.resolve(ApplyPlacing) }),
  );
  provide(container, InboundMailHandlerToken, (c) => c.resolve(PlaceMail));
}

function registerQuarantine(container: DependencyContainer): void {
  provide(
    container,
    QuarantineQueries,
    (c) =>
      new QuarantineQueries({
        db: c.resolve(ScopedDb),
        inbound: c.resolve(InboundQueries),
        clients: c.resolve(ClientQueries),
      }),
  );
  provide(
    container,
    SettleQuarantine,
    (c) =>
      new SettleQuarantine({
        ...basics(c),
        inbound: c.resolve(InboundQueries),
        settle: c.resolve(SettleInbound),
        apply: c.resolve(ApplyPlacing),
        tickets: c.resolve(TicketForWork),
      }),
  );
}

function registerTicketMail(container: DependencyContainer): void {
  const tickets = (c: DependencyContainer) => c.resolve(TicketForWork);
  provide(container, TicketMailReader, () => new TicketMailReader());
  provide(
    container,
    TicketMailQueries,
    (c) => new TicketMailQueries({ db: c.resolve(ScopedDb), tickets: c.resolve(TicketQueries) }),
  );
  provide(container, ChooseWatchers, (c) => new ChooseWatchers({ ...basics(c), tickets: tickets(c) }));
  provide(container, FollowTicket, (c) => new FollowTicket({ ...basics(c), settle: c.resolve(SettleInbound) }));
  provide(
    container,
    SendTicketMail,
    (c) =>
      new SendTicketMail({
        ...basics(c),
        reader: c.resolve(TicketMailReader),
        mailer: c.resolve(Mailer),
        files: new FilesOfMail({ files: c.resolve(FileQueries) }),
        msps: c.resolve(MspQueries),
        tokenKey: c.resolve(PlacingFactsReader).tokenKey,
        links: () => (c.isRegistered(MailLinksToken, true) ? c.resolve(MailLinksToken) : null),
      }),
  );
}
