import { MailSourceError } from './mail-source.ts';

/** What imapflow and Node say of a failure, as far as it tells people what to do. */
interface Failure {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly responseText?: unknown;
  readonly authenticationFailed?: unknown;
  readonly tlsFailed?: unknown;
}

/** OpenSSL's and Node's names for certificates that are not to be trusted. */
const BAD_CERTIFICATE =
  /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|DEPTH_ZERO|ERR_TLS_CERT_ALTNAME|HOSTNAME_MISMATCH|CRL_/;

/** A failure in words for who connected the mailbox. */
export function imapFailure(error: unknown, server: { host: string; port: number }): MailSourceError {
  if (error instanceof MailSourceError) return error;
  const failure: Failure = typeof error === 'object' && error !== null ? error : {};
  const code = textOf(failure.code);
  const said = textOf(failure.responseText).slice(0, 300).replace(/\.+$/, '');
  const message = textOf(failure.message);
  const place = `${server.host}, port ${server.port}`;
  const make = (step: MailSourceError['step'], words: string): MailSourceError =>
    new MailSourceError(step, words, { cause: error });
  if (failure.authenticationFailed === true)
    return make(
      'sign-in',
      `${server.host} refused the user name or the password${said === '' ? '' : `: ${said}`}. Many providers want an app password or OAuth.`,
    );
  if (BAD_CERTIFICATE.test(code))
    return make('encryption', `The certificate of ${server.host} cannot be trusted: ${message.split(';')[0] || code}.`);
  if (
    failure.tlsFailed === true ||
    /^ERR_SSL|EPROTO|UPGRADE_TIMEOUT/.test(code) ||
    /wrong version number/.test(message)
  )
    return make(
      'encryption',
      `${place} does not speak TLS this way. Port 993 is TLS from the start, port 143 starts in clear and needs STARTTLS.`,
    );
  if (code === 'ECONNREFUSED') return make('connection', `Nothing listens on ${place}.`);
  if (/^(ETIMEDOUT|ETIMEOUT|CONNECT_TIMEOUT|GREETING_TIMEOUT|EHOSTUNREACH|ENETUNREACH)$/.test(code))
    return make('connection', `${place} did not answer in time. A firewall may stand between.`);
  if (/^(ECONNRESET|EPIPE|NoConnection|EConnectionClosed|ClosedAfterConnect|StateLogout)/.test(code))
    return make('connection', `${server.host} ended the connection.`);
  return make('connection', said || message || `${server.host} answered with something unexpected.`);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
