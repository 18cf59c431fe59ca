import { createVerify, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import type { VendorEndpoints } from '../../../packages/core/src/modules/mail-inbox/mailbox-sources.ts';
import { addGmail } from './gmail.ts';
import { addGraph } from './graph.ts';
import { addSignIn, type VendorSignIn } from './sign-in.ts';

/** A mail in an emulated mailbox. */
export interface VendorMail {
  readonly id: string;
  readonly raw: Buffer;
  readonly receivedAt: Temporal.Instant;
  folder: string;
  isRead: boolean;
}

/** What both vendors have, and how it is made to misbehave. */
export interface MailVendors extends AsyncDisposable {
  readonly endpoints: VendorEndpoints;
  readonly mails: VendorMail[];
  /** A Google service account's key file. */
  readonly serviceKey: string;
  deliver(raw: Buffer): void;
  /** Ends all tokens: the next request is answered with 401. */
  endTokens(): void;
  /** Answers the next request with 429. */
  throttle(): void;
  /** Forgets deltas and history: what was read cannot be gone on from. */
  forgetHistory(): void;
  /** How often each of the vendors' mails was given out whole. */
  readonly fetched: Map<string, number>;
  /** Authorize and token endpoints. */
  readonly signIn: VendorSignIn;
  /** Accounts that may also read other people's mailboxes at Microsoft. */
  readonly shared: Set<string>;
  /** Does at the consent page what a person does there, and answers where the vendor sends them back to. */
  consent(url: string, decision: { account: string } | 'refuse'): Promise<URL>;
}

/** The state that the vendors' routes work on. */
export interface VendorState {
  readonly mails: VendorMail[];
  readonly fetched: Map<string, number>;
  /** The next delta or history that goes on from somewhere is refused. */
  isForgotten: boolean;
}

/** Starts both on 127.0.0.1. */
export async function startMailVendors(): Promise<MailVendors> {
  const state: VendorState = { mails: [], fetched: new Map(), isForgotten: false };
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const shared = new Set<string>();
  let isThrottled = false;
  const app = new Hono();
  const signIn = addSignIn(app, isSigned);
  const accountOf = (context: Context) =>
    signIn.tokens.get((context.req.header('authorization') ?? '').replace('Bearer ', ''));
  app.use('/api/*', async (context, next) => {
    if (accountOf(context) === undefined)
      return context.json({ error: { code: 401, message: 'The token has ended.' } }, 401);
    if (isThrottled) {
      isThrottled = false;
      return context.json({ error: { code: 429, message: 'Too many requests.' } }, 429, { 'retry-after': '1' });
    }
    await next();
    return undefined;
  });
  app.use('/api/graph/users/:user/*', async (context, next) => {
    const account = accountOf(context) ?? null;
    if (account === null || account === context.req.param('user') || shared.has(account)) return next();
    return context.json({ error: { code: 'ErrorAccessDenied', message: 'Access is denied.' } }, 403);
  });
  addGraph(app, state);
  addGmail(app, state);
  const server = createAdaptorServer({ fetch: app.fetch });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function isSigned(assertion: string): boolean {
    const [head = '', claims = '', signature = ''] = assertion.split('.');
    const { sub, aud } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sub: string; aud: string };
    const isTrue = createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(publicKey, signature, 'base64url');
    return isTrue && sub === 'support@northgate.example' && aud === `${url}/token/google`;
  }

  return {
    ...state,
    endpoints: {
      microsoftSignIn: `${url}/token`,
      googleSignIn: `${url}/google/auth`,
      microsoftGraph: `${url}/api/graph`,
      googleToken: `${url}/token/google`,
      gmail: `${url}/api/gmail`,
    },
    signIn,
    shared,
    consent: (address, decision) => decideAt(address, decision),
    serviceKey: JSON.stringify({
      client_email: 'reader@project.example',
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    }),
    deliver: (raw) =>
      void state.mails.push({
        id: `mail-${state.mails.length}`,
        raw,
        receivedAt: Temporal.Now.instant(),
        folder: 'inbox',
        isRead: false,
      }),
    endTokens: () => signIn.tokens.clear(),
    throttle: () => (isThrottled = true),
    forgetHistory: () => (state.isForgotten = true),
    async [Symbol.asyncDispose]() {
      if ('closeAllConnections' in server) server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A person at the consent page: it must be there, and be sent back from. */
async function decideAt(address: string, decision: { account: string } | 'refuse'): Promise<URL> {
  const page = await fetch(address);
  if (!page.ok) throw new Error(`The consent page says ${await page.text()}`);
  const url = new URL(address);
  url.pathname += '/decision';
  url.searchParams.set('decision', decision === 'refuse' ? 'deny' : 'allow');
  if (decision !== 'refuse') url.searchParams.set('account', decision.account);
  const sent = await fetch(url, { redirect: 'manual' });
  return new URL(sent.headers.get('location') ?? '');
}
