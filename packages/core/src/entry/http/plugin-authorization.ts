import { Hono, type Context } from 'hono';
import { DomainError, UnauthenticatedError } from '#kernel/errors';
import type { TenantScope } from '#kernel/tenant-scope';
import type { RequestOrigin } from './app.ts';
import { clientAddress } from './client-address.ts';

interface Needs {
  readonly resolveScope: (request: Request, origin: RequestOrigin) => Promise<TenantScope>;
  /** Takes what the vendor's redirect brought; the state is this person's own. */
  readonly finish: (
    scope: TenantScope,
    returned: { state: string; code?: string; error?: string },
  ) => Promise<{ connectionId: string }>;
  readonly reportError: (error: unknown) => void;
}

/** Where the console shows a connection, and all of them. */
const PAGE = '/connections';
const LIST = '/plugins';

/**
 * `GET /callback`: where a vendor sends a person back with a code. The browser brings the session's cookie along (a top-level navigation, SameSite=Lax), and the state belongs to that
 * person alone; whatever comes of it is shown in the console.
 */
export function pluginAuthorizationRoutes(needs: Needs, trustedProxies: readonly string[]): Hono {
  const app = new Hono();
  app.get('/callback', async (context) => {
    context.header('cache-control', 'no-store');
    // The code stands in the address: it must not go on to wherever the page leads.
    context.header('referrer-policy', 'no-referrer');
    try {
      const scope = await needs.resolveScope(context.req.raw, originOf(context, trustedProxies));
      const { connectionId } = await needs.finish(scope, returnedOf(context));
      return context.redirect(`${PAGE}/${encodeURIComponent(connectionId)}?authorized=yes`, 303);
    } catch (error) {
      if (error instanceof UnauthenticatedError) return context.redirect('/sign-in', 303);
      if (!(error instanceof DomainError)) needs.reportError(error);
      const code = error instanceof DomainError ? error.code : 'internal';
      return context.redirect(`${LIST}?authorized=no&reason=${encodeURIComponent(code)}`, 303);
    }
  });
  return app;
}

function returnedOf(context: Context): { state: string; code?: string; error?: string } {
  const code = context.req.query('code')?.slice(0, 8000);
  const error = context.req.query('error')?.slice(0, 500);
  return {
    state: (context.req.query('state') ?? '').slice(0, 500),
    ...(code === undefined ? {} : { code }),
    ...(error === undefined ? {} : { error }),
  };
}

function originOf(context: Context, trustedProxies: readonly string[]): RequestOrigin {
  return {
    ip: clientAddress(context, trustedProxies),
    userAgent: (context.req.header('user-agent') ?? '').slice(0, 400),
    requestId: context.get('requestId'),
  };
}
