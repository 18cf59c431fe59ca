/** Which rule a request broke. `address`: a special-use address that is not approved. `redirect`: too many, or one that would carry a credential away. */
export type RefusalReason = 'url' | 'scheme' | 'userinfo' | 'host' | 'port' | 'address' | 'redirect';

/** The request was not sent, or not sent on: a rule of egress forbids it. `message` is safe to show. */
export class EgressRefused extends Error {
  readonly reason: RefusalReason;
  /** The host as it was asked for; empty where the address could not be read. */
  readonly host: string;

  constructor(reason: RefusalReason, host: string, message: string) {
    super(message);
    this.name = 'EgressRefused';
    this.reason = reason;
    this.host = host;
  }
}

/** What went wrong on the way. `too-large`: header, body or decompression caps. `protocol`: not HTTP, or a broken encoding. */
export type EgressFailure = 'dns' | 'connect' | 'tls' | 'timeout' | 'too-large' | 'protocol' | 'network' | 'aborted';

/** The request was allowed and did not succeed. `message` is safe to show: it names the host, never an address with its query. */
export class EgressFailed extends Error {
  readonly failure: EgressFailure;
  readonly host: string;
  /** True where no byte of the request can have reached the vendor. */
  readonly isUnsent: boolean;

  constructor(
    failure: EgressFailure,
    host: string,
    message: string,
    options: { isUnsent?: boolean; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'EgressFailed';
    this.failure = failure;
    this.host = host;
    this.isUnsent = options.isUnsent ?? (failure === 'dns' || failure === 'connect' || failure === 'tls');
  }
}
