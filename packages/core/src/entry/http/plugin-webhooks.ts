import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { RateLimitedError } from '#kernel/errors';
import type { MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { makePluginScope } from '../plugin/plugin-scope.ts';
import type { RequestLimiter } from './rest.ts';

/** A delivery larger than this is refused before it is read; no vendor's comes near. */
const MAX_BYTES = 1024 * 1024;
const ADDRESS = /^[\w-]{43}$/;
/** Vendors come back after this while a connection is paused. */
const PAUSED_RETRY_SECONDS = 600;

interface Needs {
  /** Where an address leads, or null. */
  readonly findRoute: (address: string) => Promise<{ readonly mspId: MspId; readonly subjectId: string } | null>;
  readonly receive: (
    scope: TenantScope,
    webhookId: string,
    method: 'GET' | 'POST',
    raw: {
      readonly headers: Readonly<Record<string, string>>;
      readonly rawBody: Uint8Array;
      readonly query: Readonly<Record<string, string>>;
    },
  ) => Promise<
    | { readonly kind: 'accepted' | 'refused' | 'unknown' | 'off' }
    | { readonly kind: 'handshake'; readonly text: string }
  >;
  /** Counts requests to one address. */
  readonly limiter: RequestLimiter;
  /** Counts addresses that lead nowhere, by who asks for them. */
  readonly guessLimiter: RequestLimiter;
  readonly addressOf: (context: Context) => string;
  readonly reportError: (error: unknown) => void;
}

/**
 * `/hooks/<address>`: where vendors deliver. Answers say nothing but a status: an address that leads nowhere and one that was taken away look the same, and why a signature was refused
 * is for the operator alone.
 */
export function pluginWebhookRoutes(needs: Needs): Hono {
  const app = new Hono();
  app.onError((error, context) => {
    if (error instanceof RateLimitedError) return said(context, 429, { 'retry-after': `${error.retryAfterSeconds}` });
    needs.reportError(error);
    return said(context, 500);
  });
  app.use(bodyLimit({ maxSize: MAX_BYTES, onError: (context) => said(context, 413) }));
  app.on(['GET', 'POST'], '/:address', async (context) => {
    const method = context.req.method === 'GET' ? 'GET' : 'POST';
    const address = context.req.param('address');
    const route = ADDRESS.test(address) ? await needs.findRoute(address) : null;
    if (route === null) {
      needs.guessLimiter.take(needs.addressOf(context));
      return said(context, 404);
    }
    needs.limiter.take(route.subjectId);
    const scope = makePluginScope(route.mspId, { id: route.subjectId, label: 'webhook' });
    const received = await needs.receive(scope, route.subjectId, method, {
      headers: context.req.header(),
      rawBody: new Uint8Array(await context.req.arrayBuffer()),
      query: context.req.query(),
    });
    switch (received.kind) {
      case 'accepted':
        return said(context, 202);
      case 'handshake':
        return context.text(received.text, 200, { 'cache-control': 'no-store' });
      case 'refused':
        return said(context, 401);
      case 'unknown':
        return said(context, 404);
      case 'off':
        return said(context, 503, { 'retry-after': `${PAUSED_RETRY_SECONDS}` });
    }
  });
  app.all('*', (context) => said(context, 404));
  return app;
}

const WORDS = {
  202: 'accepted',
  401: 'refused',
  404: 'not found',
  413: 'too large',
  429: 'too many',
  500: 'error',
  503: 'paused',
} as const;

function said(context: Context, status: keyof typeof WORDS, headers: Record<string, string> = {}): Response {
  return context.text(`${WORDS[status]}\n`, status, { 'cache-control': 'no-store', ...headers });
}
