import { readFileSync } from 'node:fs';
import type { DependencyContainer } from 'tsyringe';
import { makeMailScope } from '#entry/mail/mail-scope';
import { SmtpListener } from '#entry/mail/smtp-listener';
import { ClockToken } from '#kernel/tokens';
import { Directory } from '#modules/directory';
import {
  HandleInbound,
  InboundQueries,
  MailboxRunner,
  mailboxRunnerParts,
  MAX_MAIL_BYTES,
  TakeMail,
} from '#modules/mail-inbox';
import type { Logger } from '#platform/log';
import { listOf, SettingsError, type Settings } from '#platform/settings';

/** Connects to mailboxes and keeps them connected, in processes that work. */
export function startMailboxes(container: DependencyContainer, log: Logger): MailboxRunner {
  const runner = new MailboxRunner({
    ...mailboxRunnerParts(container),
    makeScope: makeMailScope,
    listMsps: async () =>
      (await container.resolve(Directory).listMsps())
        .filter(({ state }) => state === 'active')
        .map(({ mspId }) => mspId),
    handleWaiting: (scope, signal) => container.resolve(HandleInbound).run(scope, signal),
    onError: (error) => log.warn({ err: error }, 'mailbox'),
  });
  runner.start();
  return runner;
}

/** Listens for a relay where a port is set. */
export async function startSmtpListener(
  container: DependencyContainer,
  settings: Settings,
  log: Logger,
): Promise<SmtpListener | null> {
  if (settings.SMTP_LISTEN_PORT === undefined) return null;
  const certificate = readCertificate(settings);
  const listener = new SmtpListener({
    host: settings.SMTP_LISTEN_HOST,
    port: settings.SMTP_LISTEN_PORT,
    relays: listOf(settings.SMTP_LISTEN_RELAYS),
    ...(certificate === null ? {} : { certificate }),
    maxBytes: MAX_MAIL_BYTES,
    needs: {
      findRoute: (kind, address) => container.resolve(Directory).findRoute(kind, address),
      mailboxState: (scope, mailboxId) => container.resolve(InboundQueries).mailboxState(scope, mailboxId),
      takeMail: (scope, mail) => container.resolve(TakeMail).run(scope, mail),
    },
    clock: container.resolve(ClockToken),
    log,
  });
  try {
    await listener.start();
  } catch (error) {
    const code = (error as { code?: string }).code ?? 'unknown reason';
    throw new SettingsError(
      `Mail cannot be listened for on ${settings.SMTP_LISTEN_HOST}, port ${settings.SMTP_LISTEN_PORT} (${code}). Set SMTP_LISTEN_PORT to a free port.`,
    );
  }
  return listener;
}

function readCertificate({ SMTP_LISTEN_CERT: cert, SMTP_LISTEN_KEY: key }: Settings) {
  if (cert === undefined || key === undefined) return null;
  try {
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  } catch (error) {
    throw new SettingsError(
      `The listener’s certificate cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
