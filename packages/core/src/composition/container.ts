// tsyringe throws on import without it, even where no decorator is used.
import 'reflect-metadata';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { container as root, type DependencyContainer } from 'tsyringe';
import type pg from 'pg';
import { systemClock, type Clock } from '#kernel/clock';
import { ClockToken } from '#kernel/tokens';
import { ScopedDb } from '#platform/db/scoped-db';
import { readTableShapes } from '#platform/db/table-shapes';
import { openAuthPool } from '#platform/db/pool';
import { AuthPool, Pool } from '#platform/db/tokens';
import { DiskFileStore } from '#platform/files/disk-file-store';
import { FileStoreToken } from '#platform/files/tokens';
import { makePersonScope } from '#entry/job/person-scope';
import { makeRuleScope } from '#entry/job/rule-scope';
import { makeMailScope } from '#entry/mail/mail-scope';
import { makePluginScope } from '#entry/plugin/plugin-scope';
import { ConcludeApproval } from '#modules/approvals';
import { MakeRuleScopeToken } from '#modules/desk-rules';
import { MakePersonScopeToken } from '#modules/ticket-bulk';
import { ReportSinkToken } from '#modules/endpoints';
import { MakeMailScopeToken } from '#modules/mail-inbox';
import { MakePluginScopeToken } from '#modules/plugin-host';
import { PluginCatalogueToken } from '#modules/plugins';
import { KnownQueuesToken } from '#modules/sla';
import { OpenApprovalsToken } from '#modules/ticket-merging';
import { TicketQueues } from '#modules/tickets';
import { JobQueue } from '#platform/jobs/job-queue';
import { KeyRing } from '#platform/secrets/key-ring';
import { openKeyRing } from '#platform/secrets/open-key-ring';
import { SecretBox } from '#platform/secrets/secret-box';
import { LiveHub } from '#platform/live';
import { MailDelivery } from '#platform/mail/mail-delivery';
import { FolderTransport, SmtpTransport } from '#platform/mail/mail-transport';
import { Mailer } from '#platform/mail/mailer';
import { MailFromToken, MailTransportToken } from '#platform/mail/tokens';
import { makeLogger } from '#platform/log';
import type { Settings } from '#platform/settings';
import { SettingsToken } from '#platform/settings-token';
import { provide } from '#platform/module';
import { PermissionCatalogue } from '#modules/identity';
import { FolderCatalogue } from './folder-catalogue.ts';
import { modules } from './modules.ts';
import { reportSink } from './report-sink.ts';

/** The plugins that come with the server, each packed into its `dist`. */
const PLUGINS_FOLDER = fileURLToPath(new URL('../../../plugins', import.meta.url));

export interface ContainerParts {
  readonly pool: pg.Pool;
  readonly jobs: JobQueue;
  readonly settings: Settings;
  /** The address of the role that signs people in. */
  readonly authUrl: string;
  readonly clock?: Clock;
  readonly isPrepared?: boolean;
}

/** Wires the platform's adapters and every module. What is in here is shared by all tenants: never a scope. */
export async function makeContainer(parts: ContainerParts): Promise<DependencyContainer> {
  const container = root.createChildContainer();
  const shapes = await readTableShapes(parts.pool);
  container.register(SettingsToken, { useValue: parts.settings });
  container.register(Pool, { useValue: parts.pool });
  provide(container, AuthPool, () => openAuthPool(parts.authUrl));
  container.register(ClockToken, { useValue: parts.clock ?? systemClock });
  container.register(ScopedDb, {
    useValue: new ScopedDb({ pool: parts.pool, shapes, prepared: parts.isPrepared ?? true }),
  });
  container.register(JobQueue, { useValue: parts.jobs });
  container.register(LiveHub, { useValue: new LiveHub() });
  provideFiles(container, parts.settings);
  provideMail(container, parts.settings);
  container.register(MakeMailScopeToken, { useValue: makeMailScope });
  const ring = await openKeyRing(parts.settings, parts.pool);
  container.register(KeyRing, { useValue: ring });
  container.register(SecretBox, { useValue: new SecretBox({ ring }) });
  const permissions = modules.flatMap((module) => module.permissions);
  container.register(PermissionCatalogue, { useValue: new PermissionCatalogue(permissions) });
  for (const module of modules) module.register(container);
  provide(container, ReportSinkToken, reportSink);
  provide(container, OpenApprovalsToken, (c) => c.resolve(ConcludeApproval));
  provide(container, KnownQueuesToken, (c) => ({
    of: async (scope) => new Set((await c.resolve(TicketQueues).list(scope)).map(({ id }) => id)),
  }));
  providePlugins(container, parts.settings);
  return container;
}

function providePlugins(container: DependencyContainer, settings: Settings): void {
  container.register(MakeRuleScopeToken, { useValue: makeRuleScope });
  container.register(MakePersonScopeToken, { useValue: makePersonScope });
  container.register(MakePluginScopeToken, { useValue: makePluginScope });
  const log = makeLogger(settings.LOG_LEVEL);
  provide(container, PluginCatalogueToken, () => new FolderCatalogue({ folder: PLUGINS_FOLDER, log }));
}

function provideFiles(container: DependencyContainer, settings: Settings): void {
  provide(container, FileStoreToken, () => new DiskFileStore({ folder: join(settings.BAILIWICK_DATA_DIR, 'files') }));
}

function provideMail(container: DependencyContainer, settings: Settings): void {
  const from = bareAddress(settings.SMTP_FROM ?? 'bailiwick@localhost');
  container.register(MailFromToken, { useValue: from });
  provide(container, MailTransportToken, () =>
    settings.SMTP_URL === undefined
      ? new FolderTransport({ folder: join(settings.BAILIWICK_DATA_DIR, 'mail') })
      : new SmtpTransport({ url: settings.SMTP_URL }),
  );
  provide(container, Mailer, (c) => new Mailer({ jobs: c.resolve(JobQueue), clock: c.resolve(ClockToken), from }));
  provide(
    container,
    MailDelivery,
    (c) =>
      new MailDelivery({
        db: c.resolve(ScopedDb),
        jobs: c.resolve(JobQueue),
        clock: c.resolve(ClockToken),
        live: c.resolve(LiveHub),
        transport: c.resolve(MailTransportToken),
        from,
      }),
  );
}

/** `Support <support@msp.example>` → `support@msp.example`. */
function bareAddress(from: string): string {
  return /<([^<>]+)>/.exec(from)?.[1]?.trim() ?? from.trim();
}
