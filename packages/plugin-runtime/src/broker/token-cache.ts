import { AuthFailed } from '@bailiwick/sdk';
import type { BrokerClock } from './clock.ts';
import type { CredentialStore } from './credential-store.ts';

/** A credential that was made by signing in. Kept as JSON in the store. */
export interface StoredToken {
  /** The token; of AWS the access key's id. Empty where only a consent is known yet. */
  readonly token: string;
  /** When to renew it, milliseconds since the epoch; null where the vendor did not say. */
  readonly expiresAtMs: number | null;
  readonly refreshToken?: string;
  /** AWS: the rest of the session's credentials. */
  readonly secretAccessKey?: string;
  readonly sessionToken?: string;
}

/** A refused sign-in is not tried again sooner: vendors lock accounts. */
const REFUSED_MS = 30_000;

/**
 * The tokens of one connection by scope. Many callers at once make one sign-in: in this process by sharing its promise, between processes by the store's lock.
 */
export class TokenCache {
  readonly #connection: string;
  readonly #store: CredentialStore;
  readonly #clock: BrokerClock;
  readonly #tokens = new Map<string | null, StoredToken>();
  readonly #flights = new Map<string | null, Promise<StoredToken>>();
  readonly #refusals = new Map<string | null, { readonly error: AuthFailed; readonly untilMs: number }>();
  /** Is told every token that comes from the store. */
  readonly #learn: (token: StoredToken) => void;

  constructor(parts: {
    readonly connection: string;
    readonly store: CredentialStore;
    readonly clock: BrokerClock;
    readonly learn: (token: StoredToken) => void;
  }) {
    this.#connection = parts.connection;
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#learn = parts.learn;
  }

  /**
   * A token that is valid, as far as is known.
   *
   * @param refused a token that the vendor just refused
   * @param make signs in; it is given what the store has, and what it answers is stored
   */
  async get(
    scope: string | null,
    refused: string | null,
    make: (stored: StoredToken | null) => Promise<StoredToken>,
  ): Promise<StoredToken> {
    const known = this.#tokens.get(scope);
    if (known !== undefined && this.#isUsable(known, refused)) return known;
    const flying = this.#flights.get(scope);
    if (flying !== undefined) return flying;
    const flight = this.#renew(scope, refused, make).finally(() => this.#flights.delete(scope));
    this.#flights.set(scope, flight);
    return flight;
  }

  /** What the store has for a scope, or null. */
  async stored(scope: string | null): Promise<StoredToken | null> {
    const text = await this.#store.get({ connection: this.#connection, scope });
    const token = text === null ? null : parse(text);
    if (token !== null) this.#learn(token);
    return token;
  }

  async keep(scope: string | null, token: StoredToken): Promise<void> {
    await this.#store.set({ connection: this.#connection, scope }, JSON.stringify(token));
    this.#tokens.set(scope, token);
  }

  async exclusively<T>(scope: string | null, work: () => Promise<T>): Promise<T> {
    return this.#store.exclusively({ connection: this.#connection, scope }, work);
  }

  /** The next request signs in again. What a consent gave stays. */
  async forget(scope: string | null): Promise<void> {
    this.#refusals.delete(scope);
    await this.exclusively(scope, async () => {
      const token = await this.stored(scope);
      this.#tokens.delete(scope);
      if (token?.refreshToken === undefined) await this.#store.delete({ connection: this.#connection, scope });
      else await this.keep(scope, { ...token, token: '', expiresAtMs: null });
    });
  }

  async #renew(
    scope: string | null,
    refused: string | null,
    make: (stored: StoredToken | null) => Promise<StoredToken>,
  ): Promise<StoredToken> {
    const refusal = this.#refusals.get(scope);
    if (refusal !== undefined && this.#clock.nowMs() < refusal.untilMs) throw refusal.error;
    return this.exclusively(scope, async () => {
      const stored = await this.stored(scope);
      if (stored !== null && this.#isUsable(stored, refused)) {
        this.#tokens.set(scope, stored);
        return stored;
      }
      const made = await make(stored).catch((error: unknown) => {
        if (error instanceof AuthFailed)
          this.#refusals.set(scope, { error, untilMs: this.#clock.nowMs() + REFUSED_MS });
        throw error;
      });
      this.#refusals.delete(scope);
      await this.keep(scope, made);
      return made;
    });
  }

  #isUsable(token: StoredToken, refused: string | null): boolean {
    if (token.token === '' || token.token === refused) return false;
    return token.expiresAtMs === null || token.expiresAtMs > this.#clock.nowMs();
  }
}

function parse(text: string): StoredToken | null {
  try {
    const value: unknown = JSON.parse(text);
    const isToken = typeof value === 'object' && value !== null && 'token' in value && typeof value.token === 'string';
    // Only this file writes it.
    return isToken ? (value as StoredToken) : null;
  } catch {
    return null;
  }
}
