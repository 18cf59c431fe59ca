import type { Transport } from '../egress/transport.ts';
import type { BrokerConnection } from './broker-types.ts';
import type { CredentialStore } from './credential-store.ts';

/** Where to send a person, and what to keep until the vendor sends them back. `state` is compared, `codeVerifier` is handed to `finishConsent`; both are secret. */
export interface ConsentStart {
  readonly url: string;
  readonly state: string;
  readonly codeVerifier: string;
}

/**
 * Begins the consent of a connection whose scheme is `oauth2-code`.
 *
 * @param redirectUri the platform's address that the vendor sends the person back to
 * @throws ConfigInvalid where the address cannot be made, NotSupported where the connection has another scheme
 */
export function startConsent(connection: BrokerConnection, redirectUri: string): ConsentStart {
  throw new Error(`Not there yet: ${connection.id} ${redirectUri}`);
}

/** What came back from the vendor. */
export interface ConsentAnswer {
  readonly code: string;
  readonly codeVerifier: string;
  /** The same as at the start. */
  readonly redirectUri: string;
}

/**
 * Exchanges the code and keeps the tokens in the store, under the connection's own key.
 *
 * @throws AuthFailed where the vendor refuses the code, Transient where it does not answer
 */
export async function finishConsent(
  parts: { readonly connection: BrokerConnection; readonly transport: Transport; readonly store: CredentialStore },
  answer: ConsentAnswer,
): Promise<void> {
  throw new Error(`Not there yet: ${parts.connection.id} ${answer.redirectUri}`);
}
