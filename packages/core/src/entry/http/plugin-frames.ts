import { Hono, type Context } from 'hono';
import type { z } from 'zod';
import type { OperationAudience } from '#kernel/operation';
import type { TenantScope } from '#kernel/tenant-scope';
import type { RequestOrigin } from './app.ts';
import { clientAddress } from './client-address.ts';
import { invalidInput } from './error-mapping.ts';
import { problemResponse } from './rest.ts';
import { authorize } from './run-operation.ts';

/** The pages that plugins' frames show; the module of views gives it. */
interface FrameSource<Input> {
  readonly access: { readonly name: string; readonly audience: OperationAudience; readonly permission: string };
  readonly input: z.ZodType<Input>;
  open(scope: TenantScope, input: Input): Promise<string>;
}

interface Needs<Input> {
  readonly resolveScope: (request: Request, origin: RequestOrigin) => Promise<TenantScope>;
  readonly frames: FrameSource<Input>;
}

/**
 * An opaque origin whatever embeds it, and no way to send anything anywhere: scripts and styles are the page's own, pictures are written into it. A frame that sends itself to another
 * address is stopped by the console's own policy, which lets frames be ours only.
 */
const FRAME_POLICY = [
  'sandbox allow-scripts',
  "default-src 'none'",
  "script-src 'unsafe-inline'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  'font-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

/** `GET /:connectionId/:frame?scope=…`: the page of a frame, for whoever may see the place where it stands. */
export function pluginFrameRoutes<Input>(needs: Needs<Input>, trustedProxies: readonly string[]): Hono {
  const app = new Hono();
  app.get('/:connectionId/:frame', async (context) => {
    try {
      const scope = await needs.resolveScope(context.req.raw, originOf(context, trustedProxies));
      authorize(needs.frames.access, scope);
      const { connectionId, frame } = context.req.param();
      const scopeId = context.req.query('scope');
      const parsed = needs.frames.input.safeParse({
        connectionId,
        frame,
        ...(scopeId === undefined ? {} : { scopeId }),
      });
      if (!parsed.success) throw invalidInput(parsed.error);
      return page(await needs.frames.open(scope, parsed.data));
    } catch (error) {
      return problemResponse(context, error, context.get('requestId'));
    }
  });
  return app;
}

function page(html: string): Response {
  return new Response(html, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': FRAME_POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'permissions-policy': 'camera=(), microphone=(), geolocation=(), clipboard-read=(), fullscreen=()',
      // The same address is another page for another MSP, and none for somebody who is kept to other clients.
      'cache-control': 'private, no-store',
      vary: 'cookie, authorization',
    },
  });
}

function originOf(context: Context, trustedProxies: readonly string[]): RequestOrigin {
  return {
    ip: clientAddress(context, trustedProxies),
    userAgent: (context.req.header('user-agent') ?? '').slice(0, 400),
    requestId: context.get('requestId'),
  };
}
