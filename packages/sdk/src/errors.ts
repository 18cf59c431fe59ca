/** The names of typed errors, as the host reads them. */
export type PluginErrorName =
  | 'AuthFailed'
  | 'PermissionMissing'
  | 'RateLimited'
  | 'Transient'
  | 'ScopeGone'
  | 'ConfigInvalid'
  | 'NotSupported'
  | 'VendorBug';

/** What a typed error carries beyond its message. */
export interface PluginErrorDetails {
  /** RateLimited: when to come back. */
  readonly retryAfterSeconds?: number;
  /** PermissionMissing: what is missing, in the vendor's words. */
  readonly required?: string;
  /** ConfigInvalid: the field of the configuration. */
  readonly path?: string;
}

const names: ReadonlySet<string> = new Set<PluginErrorName>([
  'AuthFailed',
  'PermissionMissing',
  'RateLimited',
  'Transient',
  'ScopeGone',
  'ConfigInvalid',
  'NotSupported',
  'VendorBug',
]);

/**
 * An error that says what the host should do. Anything else that is thrown is the plugin's bug, and counts against its health.
 *
 * @example
 * throw new PluginError('ScopeGone', 'The site was deleted at the vendor.');
 */
export class PluginError extends Error {
  protected static readonly errorName: PluginErrorName | undefined = undefined;

  readonly details: PluginErrorDetails;

  constructor(name: PluginErrorName, message: string, details: PluginErrorDetails = {}) {
    super(message);
    this.name = name;
    this.details = details;
  }

  /**
   * A bundle carries its own copy of these classes, and so does the host: on both sides an error is told by its name, not by who made it. Classes that
   * an author derives are told apart as usual.
   */
  static override [Symbol.hasInstance](thrown: unknown): boolean {
    if (!(thrown instanceof Error) || !names.has(thrown.name) || !('details' in thrown)) return false;
    if (this === PluginError) return true;
    return Object.hasOwn(this, 'errorName') ? thrown.name === this.errorName : super[Symbol.hasInstance](thrown);
  }
}

/**
 * The credential is refused. The host stops, and asks a person to sign in again.
 *
 * @example
 * throw new AuthFailed('The API token has expired.');
 */
export class AuthFailed extends PluginError {
  protected static override readonly errorName = 'AuthFailed';

  constructor(message: string) {
    super('AuthFailed', message);
  }
}

/**
 * The account may not do this.
 *
 * @example
 * throw new PermissionMissing('The application may not read users.', 'User.Read.All');
 */
export class PermissionMissing extends PluginError {
  protected static override readonly errorName = 'PermissionMissing';

  constructor(message: string, required?: string) {
    super('PermissionMissing', message, required === undefined ? {} : { required });
  }
}

/**
 * Too many requests. The host waits.
 *
 * @example
 * throw new RateLimited('The daily quota is used up.', 3600);
 */
export class RateLimited extends PluginError {
  protected static override readonly errorName = 'RateLimited';

  constructor(message: string, retryAfterSeconds?: number) {
    super('RateLimited', message, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
  }
}

/**
 * It may work later. The host tries again, with growing pauses.
 *
 * @example
 * throw new Transient('The export is still being prepared.');
 */
export class Transient extends PluginError {
  protected static override readonly errorName = 'Transient';

  constructor(message: string) {
    super('Transient', message);
  }
}

/**
 * The vendor does not know this scope any more. The host marks it lost, and deletes nothing.
 *
 * @example
 * throw new ScopeGone('The organisation was closed.');
 */
export class ScopeGone extends PluginError {
  protected static override readonly errorName = 'ScopeGone';

  constructor(message: string) {
    super('ScopeGone', message);
  }
}

/**
 * A field of the configuration is wrong. The form shows the message at that field.
 *
 * @example
 * throw new ConfigInvalid('url', 'No Zabbix answers here: the path should end in api_jsonrpc.php.');
 */
export class ConfigInvalid extends PluginError {
  protected static override readonly errorName = 'ConfigInvalid';

  constructor(path: string, message: string) {
    super('ConfigInvalid', message, { path });
  }
}

/**
 * This account, edition or version does not have what is asked.
 *
 * @example
 * throw new NotSupported('Secure score needs a licence that this tenant has not.');
 */
export class NotSupported extends PluginError {
  protected static override readonly errorName = 'NotSupported';

  constructor(message: string) {
    super('NotSupported', message);
  }
}

/**
 * The vendor's answer breaks its own contract.
 *
 * @example
 * throw new VendorBug('The list of devices has no "items".');
 */
export class VendorBug extends PluginError {
  protected static override readonly errorName = 'VendorBug';

  constructor(message: string) {
    super('VendorBug', message);
  }
}
