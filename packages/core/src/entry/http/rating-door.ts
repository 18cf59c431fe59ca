import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { DomainError, RateLimitedError } from '#kernel/errors';
import { newId, type ClientId, type MspId } from '#kernel/id';
import { makeTenantScope, type TenantScope } from '#kernel/tenant-scope';
import { ratingPage, ratingScript, sayingPage } from './rating-page.ts';
import type { RequestLimiter } from './rest.ts';

const SECRET = /^[\w-]{43}$/;
const MAX_BYTES = 16 * 1024;
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

interface Look {
  readonly mspName: string;
  readonly number: number;
  readonly subject: string;
  readonly score: number | null;
  readonly comment: string;
  readonly isOver: boolean;
}

interface Needs {
  /** Where a link leads, or null. */
  readonly findRoute: (
    secret: string,
  ) => Promise<{ readonly mspId: MspId; readonly clientId: ClientId | null; readonly subjectId: string } | null>;
  readonly look: (scope: TenantScope, ratingId: string) => Promise<Look>;
  readonly rate: (scope: TenantScope, ratingId: string, given: { score: unknown; comment?: unknown }) => Promise<void>;
  readonly faces: readonly { readonly score: number; readonly face: string; readonly word: string }[];
  /** Counts answers to one question. */
  readonly limiter: RequestLimiter;
  /** Counts links that lead nowhere, by who asks for them. */
  readonly guessLimiter: RequestLimiter;
  readonly addressOf: (context: Context) => string;
  readonly reportError: (error: unknown) => void;
}

/**
 * `/rate/<secret>`: where the faces in a mail lead. To look at the page records nothing, since programs that guard mailboxes look at every link: the face that was clicked is chosen
 * there, and is sent by the first thing that only a person does (a movement of the pointer, a touch, a key), or by the button where scripts do not run.
 */
export function ratingDoor(needs: Needs): Hono {
  const app = new Hono();
  app.onError((error, context) => {
    if (error instanceof RateLimitedError)
      return said(context, 429, 'Too many at once', 'Please try again in a minute.');
    if (error instanceof DomainError) return said(context, 409, 'This was not taken', error.message);
    needs.reportError(error);
    return said(context, 500, 'Something went wrong', 'It is not your fault. Please try again later.');
  });
  app.use(
    bodyLimit({
      maxSize: MAX_BYTES,
      onError: (context) => said(context, 413, 'That is too long', 'Please write less.'),
    }),
  );
  app.get('/page.js', (context) =>
    context.text(ratingScript, 200, {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'max-age=3600',
    }),
  );
  app.get('/:secret', async (context) => {
    const question = await find(needs, context);
    if (question === null) return gone(context);
    const look = await needs.look(question.scope, question.id);
    if (look.isOver) return said(context, 200, 'Thank you', 'You answered more than a week ago; that stays as it is.');
    const clicked = needs.faces.find((face) => String(face.score) === context.req.query('score'))?.score;
    return html(
      context,
      200,
      ratingPage({ ...look, faces: needs.faces, chosen: clicked ?? look.score, isClicked: clicked !== undefined }),
    );
  });
  app.post('/:secret', async (context) => {
    const question = await find(needs, context);
    if (question === null) return gone(context);
    needs.limiter.take(question.id);
    const form = await context.req.parseBody();
    const comment = form['comment'];
    await needs.rate(question.scope, question.id, {
      score: form['score'],
      ...(typeof comment === 'string' ? { comment } : {}),
    });
    if (context.req.header('accept')?.includes('application/json') === true)
      return context.json({ isRecorded: true }, 200, { 'cache-control': 'no-store' });
    return said(context, 200, 'Thank you', 'Your answer is recorded. You may change it for a week by the same link.');
  });
  app.all('*', (context) => gone(context));
  return app;
}

async function find(needs: Needs, context: Context): Promise<{ scope: TenantScope; id: string } | null> {
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
    requestId: `rating ${newId()}`,
  });
  return { scope, id: route.subjectId };
}

function gone(context: Context): Response {
  return said(context, 404, 'This link leads nowhere', 'It may be too old, or a piece of it may be missing.');
}

function said(context: Context, status: 200 | 404 | 409 | 413 | 429 | 500, title: string, text: string): Response {
  return html(context, status, sayingPage(title, text));
}

function html(context: Context, status: 200 | 404 | 409 | 413 | 429 | 500, page: string): Response {
  return context.html(page, status, {
    'cache-control': 'no-store',
    'content-security-policy': POLICY,
    'x-frame-options': 'DENY',
    'x-robots-tag': 'noindex',
  });
}
