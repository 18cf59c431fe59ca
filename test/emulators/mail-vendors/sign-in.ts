import { createHash, randomBytes } from 'node:crypto';
import type { Context, Hono } from 'hono';

/** The one app that is registered with both vendors. */
const APP = { clientId: 'app', clientSecret: 'app secret' };
const RETURN_PATH = '/api/mailbox-consent/callback';
/** What a code was given for. Codes serve for minutes; nothing here waits so long. */
interface Code {
  readonly challenge: string;
  readonly redirectUri: string;
  readonly account: string;
  readonly isOffline: boolean;
  readonly isMicrosoft: boolean;
}

/** What people decide at the consent pages, and what the vendors make of it. */
export interface VendorSignIn {
  /** Access tokens that hold, with whose they are; null for an app's own. */
  readonly tokens: Map<string, string | null>;
  /** What was asked of the consent pages. */
  readonly consentRequests: URLSearchParams[];
  /** How long refresh tokens of a consent hold; null: the vendor does not say. */
  endsInSeconds: number | null;
  /** Gives an id token without a word on whose account it is. */
  isSilent: boolean;
  /** The refresh token that holds: each use puts a new one in its place. */
  refreshToken(): string;
  /** Ends all refresh tokens, as a changed password or an administrator does. */
  revoke(): void;
}

/** Authorize and token endpoints as Microsoft's identity platform (v2.0) and Google's OAuth 2.0 publish them. `isSigned` judges a service account's assertion. */
export function addSignIn(app: Hono, isSigned: (assertion: string) => boolean): VendorSignIn {
  const codes = new Map<string, Code>();
  const consented = new Set<string>();
  let owner: string | null = null;
  let given = 0;
  let isRevoked = false;
  const state: VendorSignIn = {
    tokens: new Map(),
    consentRequests: [],
    endsInSeconds: null,
    isSilent: false,
    refreshToken: () => `refresh ${given}`,
    revoke: () => void (isRevoked = true),
  };

  const page = (context: Context, isMicrosoft: boolean) => {
    const query = new URL(context.req.url).searchParams;
    state.consentRequests.push(query);
    const wrong = wrongIn(query);
    if (wrong !== null) return context.text(wrong, 400);
    const hidden = [...query].map(([name, value]) => `<input type="hidden" name="${name}" value="${escaped(value)}">`);
    const hint = escaped(query.get('login_hint') ?? '');
    return context.html(
      `<!doctype html><html lang="en"><title>Consent</title><h1>${isMicrosoft ? 'Microsoft' : 'Google'}</h1>
      <form action="${new URL(context.req.url).pathname}/decision">${hidden.join('')}
      <label>Account <input name="account" value="${hint}"></label>
      <button name="decision" value="allow">Allow</button><button name="decision" value="deny">Cancel</button></form>`,
    );
  };
  const decide = (context: Context, isMicrosoft: boolean) => {
    const query = new URL(context.req.url).searchParams;
    const redirectUri = query.get('redirect_uri') ?? '';
    const back = new URL(redirectUri);
    back.searchParams.set('state', query.get('state') ?? '');
    if (query.get('decision') !== 'allow') {
      back.searchParams.set('error', 'access_denied');
      if (isMicrosoft) back.searchParams.set('error_description', 'AADSTS65004: User declined to consent.\r\nTrace');
      return context.redirect(back.href);
    }
    const account = query.get('account') ?? '';
    const code = randomBytes(16).toString('base64url');
    const isAskedAgain = query.get('prompt')?.includes('consent') === true || !consented.has(account);
    consented.add(account);
    codes.set(code, {
      challenge: query.get('code_challenge') ?? '',
      redirectUri,
      account,
      isMicrosoft,
      isOffline: isMicrosoft
        ? (query.get('scope') ?? '').split(' ').includes('offline_access')
        : query.get('access_type') === 'offline' && isAskedAgain,
    });
    back.searchParams.set('code', code);
    return context.redirect(back.href);
  };
  for (const [path, isMicrosoft] of [
    ['/token/:tenant/oauth2/v2.0/authorize', true],
    ['/google/auth', false],
  ] as const) {
    app.get(path, (context) => page(context, isMicrosoft));
    app.get(`${path}/decision`, (context) => decide(context, isMicrosoft));
  }

  const answer = (account: string | null, more: object): object => {
    given += 1;
    state.tokens.set(`token ${given}`, account);
    return { access_token: `token ${given}`, token_type: 'Bearer', expires_in: 3600, ...more };
  };
  app.post('/token/*', async (context) => {
    const form = new URLSearchParams(await context.req.text());
    const assertion = form.get('assertion');
    const isClient = assertion === null ? form.get('client_secret') === APP.clientSecret : isSigned(assertion);
    if (!isClient)
      return context.json({ error: 'invalid_client', error_description: 'The secret is wrong.\r\nTrace' }, 401);
    const refused = { error: 'invalid_grant', error_description: 'The grant has expired or was revoked.\r\nTrace' };
    switch (form.get('grant_type')) {
      case 'authorization_code': {
        const code = codes.get(form.get('code') ?? '');
        codes.delete(form.get('code') ?? '');
        const proof = createHash('sha256')
          .update(form.get('code_verifier') ?? '')
          .digest('base64url');
        const isRight = code !== undefined && code.challenge === proof && code.redirectUri === form.get('redirect_uri');
        if (!isRight) return context.json(refused, 400);
        isRevoked = false;
        owner = code.account;
        const lasting = code.isOffline ? { refresh_token: `refresh ${given + 1}` } : {};
        const ending = state.endsInSeconds === null ? {} : { refresh_token_expires_in: state.endsInSeconds };
        return context.json(answer(code.account, { id_token: idToken(code, state.isSilent), ...lasting, ...ending }));
      }
      case 'refresh_token': {
        if (isRevoked || form.get('refresh_token') !== state.refreshToken()) return context.json(refused, 400);
        return context.json(answer(owner, { refresh_token: `refresh ${given + 1}` }));
      }
      default:
        return context.json(answer(null, {}));
    }
  });
  return state;
}

/** What both vendors refuse on a page of theirs, without sending anybody back. */
function wrongIn(query: URLSearchParams): string | null {
  if (query.get('client_id') !== APP.clientId) return 'invalid_client';
  if (!(query.get('redirect_uri') ?? '').endsWith(RETURN_PATH)) return 'redirect_uri_mismatch';
  if (query.get('response_type') !== 'code') return 'unsupported_response_type';
  if (!(query.get('scope') ?? '').split(' ').includes('openid')) return 'invalid_scope';
  const isProven = query.get('code_challenge_method') === 'S256' && query.get('code_challenge')?.length === 43;
  return isProven ? null : 'invalid_request';
}

function idToken({ account, isMicrosoft }: Code, isSilent: boolean): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const named = isMicrosoft ? { preferred_username: account } : { email: account, email_verified: true };
  return [part({ alg: 'RS256', typ: 'JWT' }), part({ aud: APP.clientId, ...(isSilent ? {} : named) }), 'x'].join('.');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
