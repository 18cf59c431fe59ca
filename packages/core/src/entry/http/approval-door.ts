import type { Hono } from 'hono';
import type { TenantScope } from '#kernel/tenant-scope';
import { approvalPage } from './approval-page.ts';
import { findLink, goneAnswer, linkDoor, pageAnswer, saidAnswer, type LinkNeeds } from './link-door.ts';

interface Look {
  readonly mspName: string;
  readonly subject: string;
  readonly body: string;
  readonly requestedBy: string;
  readonly amount: string | null;
  readonly due: string | null;
  readonly state: 'open' | 'later' | 'ended' | 'approved' | 'refused';
}

interface Needs extends LinkNeeds {
  readonly look: (scope: TenantScope, stepId: string) => Promise<Look>;
  readonly answer: (scope: TenantScope, stepId: string, given: { answer: unknown; comment: unknown }) => Promise<void>;
}

/**
 * `/approve/<secret>`: where the link leads that asks a contact to approve. To look decides nothing, since programs that guard mailboxes follow every link; unlike a rating, no sign of
 * a person is enough either: somebody presses one of two buttons, and says why where they decline.
 */
export function approvalDoor(needs: Needs): Hono {
  const app = linkDoor(needs);
  app.get('/:secret', async (context) => {
    const asked = await findLink(needs, context, 'approval');
    if (asked === null) return goneAnswer(context);
    const look = await needs.look(asked.scope, asked.id);
    const { page } = asked.words.say;
    if (look.state === 'open') return pageAnswer(context, 200, approvalPage(asked.words, look));
    if (look.state === 'later') return saidAnswer(context, 200, page.notYourTurn, page.notYourTurnText);
    return saidAnswer(context, 200, page.over, page.overText);
  });
  app.post('/:secret', async (context) => {
    const asked = await findLink(needs, context, 'approval');
    if (asked === null) return goneAnswer(context);
    needs.limiter.take(asked.id);
    const { answer, comment } = await context.req.parseBody();
    await needs.answer(asked.scope, asked.id, { answer, comment });
    const { page } = asked.words.say;
    return saidAnswer(context, 200, page.thanks, answer === 'approved' ? page.approved : page.declined);
  });
  app.all('*', (context) => goneAnswer(context));
  return app;
}
