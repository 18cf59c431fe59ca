import type { DependencyContainer } from 'tsyringe';
import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { Directory } from '#modules/directory';
import { ClientQueries } from '#modules/tenancy';
import { ScopedDb } from '#platform/db/scoped-db';
import { JobQueue } from '#platform/jobs/job-queue';
import { LiveHub } from '#platform/live';
import { defineModule, provide, worker } from '#platform/module';
import { SecretBox } from '#platform/secrets/secret-box';
import { SettingsToken } from '#platform/settings-token';
import { listOf } from '#platform/settings';
import { CheckMailbox } from './check-mailbox.ts';
import { ChangeMailboxState } from './change-mailbox-state.ts';
import { HandleInbound } from './handle-inbound.ts';
import { InboundMailHandlerToken } from './inbound-mail-handler-token.ts';
import { InboundQueries } from './inbound-queries.ts';
import { InboundStore } from './inbound-store.ts';
import { handleMails, pruneMails } from './mail-inbox-jobs.ts';
import { mailInboxOperations } from './mail-inbox-operations.ts';
import { mailInboxPermissions } from './mail-inbox-policy.ts';
import { MakeMailScopeToken } from './make-mail-scope-token.ts';
import { MailKeeping } from './mail-keeping.ts';
import { MailboxQueries } from './mailbox-queries.ts';
import { MailboxSecrets } from './mailbox-secrets.ts';
import { MailboxSignIn } from './mailbox-sign-in.ts';
import { MailboxSources } from './mailbox-sources.ts';
import { MailboxStore } from './mailbox-store.ts';
import { MailboxWake } from './mailbox-wake.ts';
import { PruneMails } from './prune-mails.ts';
import { SaveMailbox } from './save-mailbox.ts';
import { SettleInbound } from './settle-inbound.ts';
import { StoreMail } from './store-mail.ts';
import { TakeMail } from './take-mail.ts';

/** What several parts here are made of. */
function basics(c: DependencyContainer) {
  return {
    db: c.resolve(ScopedDb),
    jobs: c.resolve(JobQueue),
    audit: c.resolve(AuditTrail),
    live: c.resolve(LiveHub),
    clock: c.resolve(ClockToken),
  };
}

export const mailInboxModule = defineModule({
  name: 'mail-inbox',
  tables: ['mail_mailbox', 'mail_inbound'],
  permissions: mailInboxPermissions,
  register(container) {
    registerInbound(container);
    registerMailboxes(container);
  },
  operations: (c) =>
    mailInboxOperations({
      mailboxes: c.resolve(MailboxQueries),
      save: c.resolve(SaveMailbox),
      check: c.resolve(CheckMailbox),
      changeState: c.resolve(ChangeMailboxState),
      keeping: c.resolve(MailKeeping),
    }),
  jobs: (c) => [
    worker(
      handleMails,
      async (scope) => void (await c.resolve(HandleInbound).run(c.resolve(MakeMailScopeToken)(scope.mspId))),
    ),
    worker(pruneMails, async (scope) => void (await c.resolve(PruneMails).run(scope))),
  ],
});

/** What composition makes a `MailboxRunner` of, besides what only it knows. */
export function mailboxRunnerParts(c: DependencyContainer) {
  return {
    ...basics(c),
    store: c.resolve(MailboxStore),
    secrets: c.resolve(MailboxSecrets),
    sources: c.resolve(MailboxSources),
    storeMail: c.resolve(StoreMail),
    wake: c.resolve(MailboxWake),
  };
}

function registerInbound(container: DependencyContainer): void {
  provide(container, InboundStore, () => new InboundStore());
  provide(container, InboundQueries, (c) => new InboundQueries({ db: c.resolve(ScopedDb) }));
  provide(container, StoreMail, (c) => new StoreMail(basics(c)));
  provide(container, SettleInbound, (c) => new SettleInbound({ ...basics(c), store: c.resolve(InboundStore) }));
  provide(container, MailKeeping, (c) => new MailKeeping(basics(c)));
  provide(
    container,
    PruneMails,
    (c) => new PruneMails({ ...basics(c), store: c.resolve(InboundStore), keeping: c.resolve(MailKeeping) }),
  );
  provide(
    container,
    HandleInbound,
    (c) =>
      new HandleInbound({
        ...basics(c),
        store: c.resolve(InboundStore),
        queries: c.resolve(InboundQueries),
        handler: () => (c.isRegistered(InboundMailHandlerToken) ? c.resolve(InboundMailHandlerToken) : null),
      }),
  );
}

function registerMailboxes(container: DependencyContainer): void {
  provide(container, MailboxStore, () => new MailboxStore());
  provide(
    container,
    TakeMail,
    (c) => new TakeMail({ ...basics(c), store: c.resolve(MailboxStore), storeMail: c.resolve(StoreMail) }),
  );
  provide(
    container,
    MailboxSecrets,
    (c) => new MailboxSecrets({ box: c.resolve(SecretBox), clock: c.resolve(ClockToken) }),
  );
  provide(container, MailboxQueries, (c) => new MailboxQueries({ db: c.resolve(ScopedDb) }));
  provide(container, MailboxWake, () => new MailboxWake());
  provide(
    container,
    MailboxSources,
    (c) =>
      new MailboxSources({
        allowedHosts: listOf(c.resolve(SettingsToken).MAIL_PRIVATE_HOSTS),
        clock: c.resolve(ClockToken),
      }),
  );
  const parts = (c: DependencyContainer) => ({
    ...basics(c),
    store: c.resolve(MailboxStore),
    secrets: c.resolve(MailboxSecrets),
    directory: c.resolve(Directory),
    clients: c.resolve(ClientQueries),
    wake: c.resolve(MailboxWake),
  });
  provide(container, MailboxSignIn, (c) => new MailboxSignIn({ ...parts(c), sources: c.resolve(MailboxSources) }));
  provide(container, CheckMailbox, (c) => new CheckMailbox({ ...parts(c), sources: c.resolve(MailboxSources) }));
  provide(container, SaveMailbox, (c) => new SaveMailbox(parts(c)));
  provide(container, ChangeMailboxState, (c) => new ChangeMailboxState(parts(c)));
}
