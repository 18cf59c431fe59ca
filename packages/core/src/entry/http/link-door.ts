import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { DomainError, RateLimitedError } from '#kernel/errors';
import { newId, type ClientId, type MspId } from '#kernel/id';
import { makeTenantScope, type TenantScope } from '#kernel/tenant-scope';
import { sayingPage } from './link-page.ts';
import type { RequestLimiter } from './rest.ts';

const SECRET = /^[\w-]{43}$/;
const MAX_BYTES = 16 * 1024;
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

type Status = 200 | 404 | 409 | 413 | 429 | 500;

/** What a door behind links of mails needs, whatever its links are about. */
export interface LinkNeeds {
  /** Where a link leads, or null. */
  readonly findRoute: (
    secret: string,
  ) => Promise<{ readonly mspId: MspId; readonly clientId: ClientId | null; readonly subjectId: string } | null>;
  /** Counts answers to one link. */
  readonly limiter: RequestLimiter;
  /** Counts links that lead nowhere, by who asks for them. */
  readonly guessLimiter: RequestLimiter;
  readonly addressOf: (context: Context) => string;
  readonly reportError: (error: unknown) => void;
}

/** A door that answers every refusal with a page. Its last route, `goneAnswer` for all else, is the caller's to add. */
export function linkDoor(needs: LinkNeeds): Hono {
  const app = new Hono();
  app.onError((error, context) => {
    if (error instanceof RateLimitedError)
      return saidAnswer(context, 429, 'Too many at once', 'Please try again in a minute.');
    if (error instanceof DomainError) return saidAnswer(context, 409, 'This was not taken', error.message);
    needs.reportError(error);
    return saidAnswer(context, 500, 'Something went wrong', 'It is not your fault. Please try again later.');
  });
  app.use(
    bodyLimit({
      maxSize: MAX_BYTES,
      onError: (context) => saidAnswer(context, 413, 'That is too long', 'Please write less.'),
    }),
  );
  return app;
}

/** What the secret in the address is about, with the scope of its client; null where it leads nowhere, which is counted. */
export async function findLink(
  needs: LinkNeeds,
  context: Context,
  about: string,
): Promise<{ scope: TenantScope; id: string } | null> {
  const secret = context.req.param('secret') ?? '';
  const route = SECRET.test(secret) ? await needs.findRoute(secret) : null;
  if (route === null || route.clientId === null) {
    needs.guessLimiter.take(needs.addressOf(context));
    return null;
  }
  const scope = makeTenantScope({
    mspId: route.mspId,
    reach: { kind: 'only', clientIds: [route.clientId] },
    audience: 'system',
    actor: { kind: 'mail', id: route.subjectId, label: 'Link in a mail' },
    permissions: new Set(),
    requestId: `${about} ${newId()}`,
  });
  return { scope, id: route.subjectId };
}

/** For a link that leads nowhere. */
export function goneAnswer(context: Context): Response {
  return saidAnswer(context, 404, 'This link leads nowhere', 'It may be too old, or a piece of it may be missing.');
}

/** A page that only says something. */
export function saidAnswer(context: Context, status: Status, title: string, text: string): Response {
  return pageAnswer(context, status, sayingPage(title, text));
}

/** A page that nobody keeps, frames or indexes, and that loads nothing. */
export function pageAnswer(context: Context, status: Status, page: string): Response {
  return context.html(page, status, {
    'cache-control': 'no-store',
    'content-security-policy': POLICY,
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
    'x-robots-tag': 'noindex',
  });
}
