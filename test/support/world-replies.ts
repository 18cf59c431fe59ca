import type { Id } from '../../packages/core/src/kernel/id.ts';
import { Drafts } from '../../packages/core/src/modules/replies/drafts.ts';
import { createMacroInput, Macros } from '../../packages/core/src/modules/replies/macros.ts';
import { Mentions } from '../../packages/core/src/modules/replies/mentions.ts';
import { createTemplateInput, Templates } from '../../packages/core/src/modules/replies/templates.ts';
import { CommentOnTicket } from '../../packages/core/src/modules/tickets/comment-on-ticket.ts';
import { staffScope, systemScope, type TestApp } from './test-app.ts';
import { addStaff, loginScope } from './world-identity.ts';
import type { World } from './world.ts';

/** A draft, a mention, a canned reply and a macro of the first client’s MSP. */
export async function addReplies(app: TestApp, world: World, ticketId: Id<'ticket'>): Promise<void> {
  const { container } = app;
  const scope = staffScope(world.mspId);
  const html = '<p>Hello {{contact.firstName}}</p>';
  await container.resolve(Templates).create(scope, createTemplateInput.parse({ name: 'Hello', html, isShared: true }));
  const steps = [{ kind: 'note', html }];
  await container.resolve(Macros).create(scope, createMacroInput.parse({ name: 'Note', steps, isShared: true }));
  const { loginId, staffId } = await addStaff(app, world, { name: 'Ada', standardRoles: ['technician'] });
  const ada = loginScope(world, loginId, ['tickets.work-tickets']);
  await container.resolve(Drafts).save(ada, { ticketId, kind: 'reply', html: '<p>We are</p>' });
  const named = `<p><span data-mention="${staffId}">@Ada</span></p>`;
  const { commentId } = await container
    .resolve(CommentOnTicket)
    .note(scope, { ticketId, html: named, fileIds: [], visibility: 'internal' });
  await container
    .resolve(Mentions)
    .noteThoseIn(systemScope(world.mspId), { ticketId, clientId: world.first, commentId });
}
