import { problemFromResponse } from '#web/app/problem/problem.ts';

/** What a person has to do next; the server says it after every step. */
export type SignInStep = 'sign-in' | 'second-factor' | 'enrol' | 'choose-membership' | 'no-membership' | 'ready';

/** A membership to choose. */
export interface MembershipChoice {
  readonly membershipId: string;
  readonly kind: 'staff' | 'contact';
  readonly mspName: string;
  readonly clientName: string | null;
}

/** Sends one action of the sign-in door. Throws a `Problem`. */
export async function postAuth<Answer>(name: string, body: object): Promise<Answer> {
  const response = await fetch(`/api/auth/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw await problemFromResponse(response);
  return (await response.json()) as Answer;
}

interface Step {
  readonly step: SignInStep;
}

/** What somebody who follows an invitation says of themselves; the first administrator also names the MSP. */
export interface InvitationAnswer {
  readonly token: string;
  readonly name: string;
  readonly password: string;
  readonly email?: string;
  readonly msp?: { readonly name: string; readonly timeZone: string; readonly currency: string };
}

/** The one-time secret of a link: behind `#`, where no server log sees it, or as `?token=`. */
export function linkSecret(): string {
  return location.hash.slice(1) || (new URLSearchParams(location.search).get('token') ?? '');
}

interface Progress extends Step {
  readonly memberships: readonly MembershipChoice[];
}

async function fetchProgress(): Promise<Progress> {
  const response = await fetch('/api/auth/step', { headers: { accept: 'application/json' } });
  if (!response.ok) throw await problemFromResponse(response);
  return (await response.json()) as Progress;
}

/** The steps of signing in, each answered with what is left to do. */
export const auth = {
  signIn: (email: string, password: string) => postAuth<Step>('sign-in', { email, password }),
  secondFactor: (code: string) => postAuth<Step>('second-factor', { code }),
  chooseMembership: (membershipId: string) => postAuth<Step>('choose-membership', { membershipId }),
  /** How far this browser's sign-in has come, and what may be chosen. */
  progress: fetchProgress,
  enrolTotp: (password: string) =>
    postAuth<{ totpUri: string; backupCodes: readonly string[] }>('enrol-totp', { password }),
  confirmTotp: (code: string) => postAuth<Step>('confirm-totp', { code }),
  acceptInvitation: (input: InvitationAnswer) => postAuth<Step>('accept-invitation', input),
  /** Whose portal this is; null where the install has several. */
  portalBrand: () => postAuth<{ brand: { name: string; accentHue: number } | null }>('portal-brand', {}),
  requestPortalLink: (email: string) => postAuth<object>('request-portal-link', { email }),
  enterPortal: (token: string) => postAuth<Step>('enter-portal', { token }),
};

/** Signs in with a passkey that the browser offers. Throws a `Problem`, or a `DOMException` when the person turned away. */
export async function signInWithPasskey(): Promise<Step> {
  const options = await postAuth<PublicKeyCredentialRequestOptionsJSON>('passkey-options', {});
  const credential = await navigator.credentials.get({
    publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
  });
  return postAuth<Step>('passkey-sign-in', { response: toJson(credential) });
}

/** Adds a passkey to the signed-in login. */
export async function registerPasskey(name: string): Promise<Step> {
  const options = await postAuth<PublicKeyCredentialCreationOptionsJSON>('passkey-registration-options', {});
  const credential = await navigator.credentials.create({
    publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
  });
  return postAuth<Step>('passkey-register', { name, response: toJson(credential) });
}

function toJson(credential: Credential | null): unknown {
  if (!(credential instanceof PublicKeyCredential)) throw new DOMException('No passkey was given.', 'NotAllowedError');
  return credential.toJSON();
}
