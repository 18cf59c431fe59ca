import { EgressFailed, EgressRefused, type EgressFailure } from './egress-error.ts';

const codes: readonly (readonly [EgressFailure, RegExp])[] = [
  ['dns', /^(ENOTFOUND|EAI_|ENODATA|ESERVFAIL)/],
  ['too-large', /^HPE_HEADER_OVERFLOW$/],
  ['protocol', /^(HPE_|ERR_HTTP_|ERR_INVALID_)/],
  [
    'tls',
    /^(ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_|CRL_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|EPROTO$|HOSTNAME_MISMATCH|INVALID_CA)/,
  ],
  ['connect', /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|EADDRNOTAVAIL|ERR_SOCKET_CONNECTION_TIMEOUT)$/],
];

const sentences: Record<EgressFailure, (host: string) => string> = {
  dns: (host) => `No address is known for ${host}.`,
  connect: (host) => `${host} does not take connections.`,
  tls: (host) => `No safe connection to ${host}: its certificate or its TLS is not accepted`,
  timeout: (host) => `${host} did not answer in time.`,
  'too-large': (host) => `The header of the answer of ${host} is too large.`,
  protocol: (host) => `${host} does not answer in HTTP.`,
  network: (host) => `The connection to ${host} broke off.`,
  aborted: (host) => `The request to ${host} was given up.`,
};

/** What went wrong, in our own words: an error of the network may quote the address with its query. */
export function networkFailure(error: unknown, host: string): EgressFailed | EgressRefused {
  if (error instanceof EgressFailed || error instanceof EgressRefused) return error;
  const code = codeOf(error);
  const failure = codes.find(([, pattern]) => pattern.test(code))?.[0] ?? (isConnecting(error) ? 'connect' : 'network');
  const sentence = sentences[failure](host);
  return new EgressFailed(failure, host, failure === 'tls' ? `${sentence} (${code}).` : sentence, { cause: error });
}

/** The failure for a wait that ended: by the caller, or by the clock. */
export function endedFailure(host: string, byCaller: boolean): EgressFailed {
  const failure = byCaller ? 'aborted' : 'timeout';
  return new EgressFailed(failure, host, sentences[failure](host));
}

function codeOf(error: unknown): string {
  // Every address was tried: the first one's error speaks for all.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error ? ((first as NodeJS.ErrnoException).code ?? '') : '';
}

function isConnecting(error: unknown): boolean {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error && (first as NodeJS.ErrnoException).syscall === 'connect';
}
