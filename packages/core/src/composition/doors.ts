import type { Context, Hono } from 'hono';
import type { DependencyContainer } from 'tsyringe';
import type { RequestOrigin } from '#entry/http/app';
import { agentDoor } from '#entry/agent/agent-door';
import { authRoutes } from '#entry/http/auth-routes';
import { pluginWebhookRoutes } from '#entry/http/plugin-webhooks';
import { pluginAuthorizationRoutes } from '#entry/http/plugin-authorization';
import { mailboxConsentRoutes } from '#entry/http/mailbox-consent';
import { pluginFrameRoutes } from '#entry/http/plugin-frames';
import { clientAddress } from '#entry/http/client-address';
import { WindowLimiter } from '#entry/http/request-limiter';
import { approvalDoor } from '#entry/http/approval-door';
import { ratingDoor } from '#entry/http/rating-door';
import { scopeResolver } from '#entry/http/session';
import { ClockToken } from '#kernel/tokens';
import type { TenantScope } from '#kernel/tenant-scope';
import { AnswerByLink, approvalStepIdSchema } from '#modules/approvals';
import { Directory } from '#modules/directory';
import { IdentityDoor } from '#modules/identity';
import { ReceiveDelivery, webhookIdSchema } from '#modules/plugin-events';
import { AuthorizeMailbox } from '#modules/mailbox-consent';
import { AuthorizeConnection } from '#modules/plugin-host';
import { FramePages } from '#modules/plugin-views';
import { RateByLink, ratingIdSchema, SCORES } from '#modules/satisfaction';
import type { Logger } from '#platform/log';
import { trustedProxies, type Settings } from '#platform/settings';
import { agentNeeds } from './agent-needs.ts';
import { mcpDoor } from './mcp.ts';

/** Enrolment tries a minute from one address: enough for a roll-out behind one router, too few to guess 256 bits. */
const ENROLMENTS_PER_MINUTE = 300;

/** Deliveries a minute to one address: ten a second is more than any vendor's burst, and little enough for one worker. */
const DELIVERIES_PER_MINUTE = 600;
/** Answers a minute to one question: a person changes their mind now and then. */
const ANSWERS_PER_MINUTE = 30;
/** Addresses a minute from one sender that lead nowhere: old settings at a vendor may well say so often, and 256 bits are not guessed so. */
const WRONG_ADDRESSES_PER_MINUTE = 60;

/** The doors that authenticate in their own way, and how every other request gets its scope. */
export async function httpDoors(parts: {
  container: DependencyContainer;
  settings: Settings;
  publicUrl: string;
  log: Logger;
}): Promise<{
  resolveScope: (request: Request, origin: RequestOrigin) => Promise<TenantScope>;
  doors: Record<string, Hono>;
}> {
  const identity = parts.container.resolve(IdentityDoor);
  const proxies = trustedProxies(parts.settings);
  const resolveScope = scopeResolver(identity);
  const authorize = parts.container.resolve(AuthorizeConnection);
  const mailboxes = parts.container.resolve(AuthorizeMailbox);
  const reportError = (error: unknown) => parts.log.error({ err: error }, 'return from a vendor failed');
  return {
    resolveScope,
    doors: {
      '/api/auth': authRoutes(identity, proxies),
      '/api/plugin-authorization': pluginAuthorizationRoutes(
        { resolveScope, finish: (scope, returned) => authorize.finish(scope, returned), reportError },
        proxies,
      ),
      '/api/mailbox-consent': mailboxConsentRoutes(
        { resolveScope, finish: (scope, returned) => mailboxes.finish(scope, returned), reportError },
        proxies,
      ),
      '/api/plugin-frames': pluginFrameRoutes({ resolveScope, frames: parts.container.resolve(FramePages) }, proxies),
      '/hooks': webhookDoor(parts),
      '/rate': ratings(parts),
      '/approve': approvals(parts),
      '/api/mcp': mcpDoor({ ...parts, resolveScope, proxies }),
      '/agent/v1': agents(parts),
    },
  };
}

/** Where vendors deliver. The tests take it too. */
export function webhookDoor({
  container,
  settings,
  log,
}: {
  container: DependencyContainer;
  settings: Settings;
  log: Logger;
}): Hono {
  const clock = container.resolve(ClockToken);
  const directory = container.resolve(Directory);
  const receive = container.resolve(ReceiveDelivery);
  const proxies = trustedProxies(settings);
  return pluginWebhookRoutes({
    findRoute: (address) => directory.findRoute('webhook', address),
    receive: (scope, id, method, raw) => receive.run(scope, webhookIdSchema.parse(id), method, raw),
    limiter: new WindowLimiter({ limit: DELIVERIES_PER_MINUTE, clock }),
    guessLimiter: new WindowLimiter({ limit: WRONG_ADDRESSES_PER_MINUTE, clock }),
    addressOf: (context) => clientAddress(context, proxies),
    reportError: (error) => log.error({ err: error }, 'delivery failed'),
  });
}

interface Parts {
  container: DependencyContainer;
  settings: Settings;
  log: Logger;
}

/** Where the faces of a mail lead. The tests take it too. */
export function ratings(parts: Parts): Hono {
  const rateByLink = parts.container.resolve(RateByLink);
  return ratingDoor({
    ...linkNeeds(parts, 'rating'),
    wordsOf: (scope, id) => rateByLink.words(scope, ratingIdSchema.parse(id)),
    look: (scope, id) => rateByLink.look(scope, ratingIdSchema.parse(id)),
    rate: (scope, id, given) => rateByLink.rate(scope, ratingIdSchema.parse(id), given),
    faces: SCORES,
  });
}

/** Where the link leads that asks a contact to approve. The tests take it too. */
export function approvals(parts: Parts): Hono {
  const answerByLink = parts.container.resolve(AnswerByLink);
  return approvalDoor({
    ...linkNeeds(parts, 'approval'),
    wordsOf: (scope, id) => answerByLink.words(scope, approvalStepIdSchema.parse(id)),
    look: (scope, id) => answerByLink.look(scope, approvalStepIdSchema.parse(id)),
    answer: (scope, id, given) => answerByLink.answer(scope, approvalStepIdSchema.parse(id), given),
  });
}

function linkNeeds({ container, settings, log }: Parts, kind: 'rating' | 'approval') {
  const clock = container.resolve(ClockToken);
  const directory = container.resolve(Directory);
  const proxies = trustedProxies(settings);
  return {
    findRoute: (secret: string) => directory.findRoute(kind, secret),
    limiter: new WindowLimiter({ limit: ANSWERS_PER_MINUTE, clock }),
    guessLimiter: new WindowLimiter({ limit: WRONG_ADDRESSES_PER_MINUTE, clock }),
    addressOf: (context: Context) => clientAddress(context, proxies),
    reportError: (error: unknown) => log.error({ err: error }, `answer to a ${kind} failed`),
  };
}

function agents({
  container,
  settings,
  log,
}: {
  container: DependencyContainer;
  settings: Settings;
  log: Logger;
}): Hono {
  const clock = container.resolve(ClockToken);
  const limiter = new WindowLimiter({ limit: ENROLMENTS_PER_MINUTE, clock });
  const proxies = trustedProxies(settings);
  return agentDoor({
    needs: agentNeeds(container),
    clock,
    addressOf: (context) => clientAddress(context, proxies),
    limitEnrolment: (address) => void limiter.take(address),
    reportError: (error) => log.error({ err: error }, 'agent request failed'),
  });
}
