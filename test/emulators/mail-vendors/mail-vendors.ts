import { createVerify, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import type { VendorEndpoints } from '../../../packages/core/src/modules/mail-inbox/mailbox-sources.ts';
import { addGmail } from './gmail.ts';
import { addGraph } from './graph.ts';

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
  /** What was asked of the token endpoints. */
  readonly tokenRequests: URLSearchParams[];
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
  const tokenRequests: URLSearchParams[] = [];
  const tokens = new Set<string>();
  let isThrottled = false;
  let given = 0;
  const app = new Hono();
  app.post('/token/*', async (context) => {
    const form = new URLSearchParams(await context.req.text());
    tokenRequests.push(form);
    const assertion = form.get('assertion');
    const isRefused =
      assertion === null
        ? form.get('client_secret') !== 'app secret' ||
          (form.get('refresh_token') ?? `refresh ${given}`) !== `refresh ${given}`
        : !isSigned(assertion);
    if (isRefused)
      return context.json({ error: 'invalid_client', error_description: 'The secret is wrong.\r\nTrace' }, 401);
    given += 1;
    tokens.add(`token ${given}`);
    return context.json({ access_token: `token ${given}`, expires_in: 3600, refresh_token: `refresh ${given}` });
  });
  app.use('/api/*', async (context, next) => {
    if (!tokens.has((context.req.header('authorization') ?? '').replace('Bearer ', '')))
      return context.json({ error: { code: 401, message: 'The token has ended.' } }, 401);
    if (isThrottled) {
      isThrottled = false;
      return context.json({ error: { code: 429, message: 'Too many requests.' } }, 429, { 'retry-after': '1' });
    }
    await next();
    return undefined;
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
      microsoftGraph: `${url}/api/graph`,
      googleToken: `${url}/token/google`,
      gmail: `${url}/api/gmail`,
    },
    tokenRequests,
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
    endTokens: () => tokens.clear(),
    throttle: () => (isThrottled = true),
    forgetHistory: () => (state.isForgotten = true),
    async [Symbol.asyncDispose]() {
      if ('closeAllConnections' in server) server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
