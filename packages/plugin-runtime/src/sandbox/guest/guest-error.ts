const TYPED = new Set([
  'AuthFailed',
  'PermissionMissing',
  'RateLimited',
  'Transient',
  'ScopeGone',
  'ConfigInvalid',
  'NotSupported',
  'VendorBug',
]);

/** An error as it crosses the channel. */
export interface SentError {
  readonly name: string;
  readonly message: string;
  readonly details: object;
  readonly stack: string;
}

/** Whatever was thrown, as texts. Getters, proxies and things that are no errors at all are the plugin's to throw. */
export function toSent(thrown: unknown): SentError {
  try {
    if (!(thrown instanceof Error)) return sent('Error', `threw ${String(thrown)}`);
    // A plugin may have put anything there.
    const { name, message, stack } = thrown as { [K in keyof Error]: unknown };
    const details: unknown = 'details' in thrown ? thrown.details : undefined;
    return {
      ...sent(name, message),
      details: TYPED.has(String(name)) && typeof details === 'object' && details !== null ? details : {},
      stack: String(stack ?? '').slice(0, 4000),
    };
  } catch {
    return sent('Error', 'threw something that cannot be read');
  }
}

function sent(name: unknown, message: unknown): SentError {
  return { name: String(name).slice(0, 100), message: String(message).slice(0, 1000), details: {}, stack: '' };
}

/** An error of the host, thrown again here: its name is the one of the SDK. */
export function fromHost({ name, message, details }: Omit<SentError, 'stack'>): Error {
  const error = new Error(message);
  error.name = name;
  return Object.assign(error, { details });
}
