import type { DependencyContainer } from 'tsyringe';
import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { StoreFiles } from '#modules/files';
import { InboundMailHandlerToken, InboundQueries, SettleInbound } from '#modules/mail-inbox';
import { ClientQueries, SaveContact } from '#modules/tenancy';
import { CommentOnTicket, OpenTicket, TicketForWork } from '#modules/tickets';
import { ScopedDb } from '#platform/db/scoped-db';
import { LiveHub } from '#platform/live';
import { MailFromToken } from '#platform/mail/tokens';
import { defineModule, provide } from '#platform/module';
import { KeyRing } from '#platform/secrets/key-ring';
import { ApplyPlacing } from './apply-placing.ts';
import { KnownMails } from './known-mail-queries.ts';
import { quarantineOperations } from './mail-intake-operations.ts';
import { mailIntakePermissions } from './mail-intake-policy.ts';
import { MailIntakeStore } from './mail-intake-store.ts';
import { MoveMails } from './move-mails.ts';
import { PlaceMail } from './place-mail.ts';
import { PlacingFactsReader } from './placing-facts.ts';
import { QuarantineQueries } from './quarantine-queries.ts';
import { SettleQuarantine } from './settle-quarantine.ts';

export const mailIntakeModule = defineModule({
  name: 'mail-intake',
  tables: ['mail_seen', 'mail_message', 'mail_watcher', 'mail_quarantine', 'mail_undeliverable'],
  permissions: mailIntakePermissions,
  register(container) {
    registerPlacing(container);
    registerQuarantine(container);
  },
  operations: (c) =>
    quarantineOperations({ quarantine: c.resolve(QuarantineQueries), settle: c.resolve(SettleQuarantine) }),
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
