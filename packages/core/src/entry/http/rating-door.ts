import type { Hono } from 'hono';
import type { TenantScope } from '#kernel/tenant-scope';
import { findLink, goneAnswer, linkDoor, pageAnswer, saidAnswer, type LinkNeeds } from './link-door.ts';
import { ratingPage, ratingScript } from './rating-page.ts';

interface Look {
  readonly mspName: string;
  readonly number: number;
  readonly subject: string;
  readonly score: number | null;
  readonly comment: string;
  readonly isOver: boolean;
}

interface Needs extends LinkNeeds {
  readonly look: (scope: TenantScope, ratingId: string) => Promise<Look>;
  readonly rate: (scope: TenantScope, ratingId: string, given: { score: unknown; comment?: unknown }) => Promise<void>;
  /** From the worst to the best. */
  readonly faces: readonly { readonly score: number; readonly face: string }[];
}

/**
 * `/rate/<secret>`: where the faces in a mail lead. To look at the page records nothing, since programs that guard mailboxes look at every link: the face that was clicked is chosen
 * there, and is sent by the first thing that only a person does (a movement of the pointer, a touch, a key), or by the button where scripts do not run.
 */
export function ratingDoor(needs: Needs): Hono {
  const app = linkDoor(needs);
  app.get('/page.js', (context) =>
    context.text(ratingScript, 200, {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'max-age=3600',
    }),
  );
  app.get('/:secret', async (context) => {
    const question = await findLink(needs, context, 'rating');
    if (question === null) return goneAnswer(context);
    const look = await needs.look(question.scope, question.id);
    const { page } = question.words.say;
    if (look.isOver) return saidAnswer(context, 200, page.thanks, page.ratedLongAgo);
    const clicked = needs.faces.find((face) => String(face.score) === context.req.query('score'))?.score;
    return pageAnswer(
      context,
      200,
      ratingPage(question.words, {
        ...look,
        faces: needs.faces,
        chosen: clicked ?? look.score,
        isClicked: clicked !== undefined,
      }),
    );
  });
  app.post('/:secret', async (context) => {
    const question = await findLink(needs, context, 'rating');
    if (question === null) return goneAnswer(context);
    needs.limiter.take(question.id);
    const form = await context.req.parseBody();
    const comment = form['comment'];
    await needs.rate(question.scope, question.id, {
      score: form['score'],
      ...(typeof comment === 'string' ? { comment } : {}),
    });
    if (context.req.header('accept')?.includes('application/json') === true)
      return context.json({ isRecorded: true }, 200, { 'cache-control': 'no-store' });
    const { page } = question.words.say;
    return saidAnswer(context, 200, page.thanks, page.recorded);
  });
  app.all('*', (context) => goneAnswer(context));
  return app;
}
