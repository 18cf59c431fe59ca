import { createViewInput, SavedViews } from '../../packages/core/src/modules/ticket-views/saved-views.ts';
import { TicketPresence } from '../../packages/core/src/modules/ticket-presence/index.ts';
import type { TicketId } from '../../packages/core/src/modules/tickets/ticket-table.ts';
import type { TestApp } from './test-app.ts';
import { addStaff, loginScope } from './world-identity.ts';
import type { World } from './world.ts';

/** A view that is shared, one of somebody's own, the order in which they have them, and somebody who looks at a ticket. */
export async function addTicketViews(app: TestApp, world: World, ticketId: TicketId): Promise<void> {
  const { loginId } = await addStaff(app, world, { name: 'Vera', standardRoles: ['manager'] });
  const vera = loginScope(world, loginId, ['ticket-views.use-views', 'ticket-views.share-views']);
  const views = app.container.resolve(SavedViews);
  const filter = { clientId: world.first, priorities: [1] };
  const shared = { name: 'Urgent at the first', isShared: true, settings: { filter } };
  const { viewId } = await views.create(vera, createViewInput.parse(shared));
  await views.create(vera, createViewInput.parse({ name: 'Mine, quiet', settings: { filter: { quietDays: 3 } } }));
  await views.arrange(vera, { places: [{ view: viewId, isHidden: false }] });
  const here = { ticketId, windowId: crypto.randomUUID(), state: 'viewing' as const };
  await app.container.resolve(TicketPresence).announce(vera, here);
}
