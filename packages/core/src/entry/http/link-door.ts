import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { DomainError, RateLimitedError } from '#kernel/errors';
import { newId, type ClientId, type MspId } from '#kernel/id';
import { makeTenantScope, type TenantScope } from '#kernel/tenant-scope';
import { mailWordsAsked, type MailWords } from '#platform/mail-language/mail-language';
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
  /** How the reader of a link is spoken to. */
  readonly wordsOf: (scope: TenantScope, subjectId: string) => Promise<MailWords>;
  readonly addressOf: (context: Context) => string;
  readonly reportError: (error: unknown) => void;
}

/** Refusals that say what to do; the others mean that it is over. */
const KNOWN_REFUSALS: ReadonlyMap<string, 'whyNeeded' | 'chooseFace' | 'ratedLongAgo'> = new Map([
  ['approvals.not-an-answer', 'whyNeeded'],
  ['satisfaction.not-a-rating', 'chooseFace'],
  ['satisfaction.too-late', 'ratedLongAgo'],
]);

/** Before it is known who reads, their browser says. */
function wordsIn(context: Context): MailWords {
  return context.get('mailWords') ?? mailWordsAsked(context.req.header('accept-language') ?? null);
}

/** A door that answers every refusal with a page. Its last route, `goneAnswer` for all else, is the caller's to add. */
export function linkDoor(needs: LinkNeeds): Hono {
  const app = new Hono();
  app.onError((error, context) => {
    const { language, say } = wordsIn(context);
    const { page } = say;
    if (error instanceof RateLimitedError) return saidAnswer(context, 429, page.tooMany, page.tooManyText);
    if (error instanceof DomainError) {
      const known = KNOWN_REFUSALS.get(error.code);
      const general = language === 'en' ? error.message : page.notTakenText;
      return saidAnswer(context, 409, page.notTaken, known === undefined ? general : page[known]);
    }
    needs.reportError(error);
    return saidAnswer(context, 500, page.wrong, page.wrongText);
  });
  app.use(
    bodyLimit({
      maxSize: MAX_BYTES,
      onError: (context) => {
        const { page } = wordsIn(context).say;
        return saidAnswer(context, 413, page.tooLong, page.tooLongText);
      },
    }),
  );
  return app;
}

/** What the secret in the address is about, with the scope of its client; null where it leads nowhere, which is counted. */
export async function findLink(
  needs: LinkNeeds,
  context: Context,
  about: string,
): Promise<{ scope: TenantScope; id: string; words: MailWords } | null> {
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
  const words = await needs.wordsOf(scope, route.subjectId);
  context.set('mailWords', words);
  return { scope, id: route.subjectId, words };
}

/** For a link that leads nowhere. */
export function goneAnswer(context: Context): Response {
  const { page } = wordsIn(context).say;
  return saidAnswer(context, 404, page.gone, page.goneText);
}

/** A page that only says something. */
export function saidAnswer(context: Context, status: Status, title: string, text: string): Response {
  return pageAnswer(context, status, sayingPage(wordsIn(context).language, title, text));
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
