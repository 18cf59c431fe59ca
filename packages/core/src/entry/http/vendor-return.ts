import { Hono, type Context } from 'hono';
import { DomainError, UnauthenticatedError } from '#kernel/errors';
import type { TenantScope } from '#kernel/tenant-scope';
import type { RequestOrigin } from './app.ts';
import { clientAddress } from './client-address.ts';

/** What a vendor's redirect brought (RFC 6749 §4.1.2). */
export interface VendorReturn {
  readonly state: string;
  readonly code?: string;
  readonly error?: string;
  readonly errorWords?: string;
}

export interface VendorReturnNeeds {
  readonly resolveScope: (request: Request, origin: RequestOrigin) => Promise<TenantScope>;
  /** Takes what came; the state is this person's own. Answers where the console shows it. */
  readonly finish: (scope: TenantScope, returned: VendorReturn) => Promise<string>;
  /** Where the console says what went wrong, by the error's code. */
  readonly failed: (code: string) => string;
  readonly reportError: (error: unknown) => void;
}

/**
 * `GET /callback`: where a vendor sends a person back with a code. The browser brings the session's cookie along (a top-level navigation, SameSite=Lax), and the state belongs to that
 * person alone; whatever comes of it is shown in the console.
 */
export function vendorReturnRoutes(needs: VendorReturnNeeds, trustedProxies: readonly string[]): Hono {
  const app = new Hono();
  app.get('/callback', async (context) => {
    context.header('cache-control', 'no-store');
    // The code stands in the address: it must not go on to wherever the page leads.
    context.header('referrer-policy', 'no-referrer');
    try {
      const scope = await needs.resolveScope(context.req.raw, originOf(context, trustedProxies));
      return context.redirect(await needs.finish(scope, returnedOf(context)), 303);
    } catch (error) {
      if (error instanceof UnauthenticatedError) return context.redirect('/sign-in', 303);
      if (!(error instanceof DomainError)) needs.reportError(error);
      return context.redirect(needs.failed(error instanceof DomainError ? error.code : 'internal'), 303);
    }
  });
  return app;
}

function returnedOf(context: Context): VendorReturn {
  const code = context.req.query('code')?.slice(0, 8000);
  const error = context.req.query('error')?.slice(0, 500);
  const errorWords = context.req.query('error_description')?.slice(0, 500);
  return {
    state: (context.req.query('state') ?? '').slice(0, 500),
    ...(code === undefined ? {} : { code }),
    ...(error === undefined ? {} : { error }),
    ...(errorWords === undefined ? {} : { errorWords }),
  };
}

function originOf(context: Context, trustedProxies: readonly string[]): RequestOrigin {
  return {
    ip: clientAddress(context, trustedProxies),
    userAgent: (context.req.header('user-agent') ?? '').slice(0, 400),
    requestId: context.get('requestId'),
  };
}
