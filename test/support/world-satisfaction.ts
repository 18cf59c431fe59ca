import type { Id } from '../../packages/core/src/kernel/id.ts';
import { AskForRating } from '../../packages/core/src/modules/satisfaction/ask-for-rating.ts';
import { RatingSetting } from '../../packages/core/src/modules/satisfaction/rating-setting.ts';
import { ContactQueries } from '../../packages/core/src/modules/tenancy/contact-queries.ts';
import { OpenTicket, openTicketInput } from '../../packages/core/src/modules/tickets/open-ticket.ts';
import { UpdateTicket } from '../../packages/core/src/modules/tickets/update-ticket.ts';
import { staffScope, systemScope, type TestApp } from './test-app.ts';
import type { World } from './world.ts';

/** A resolved ticket of the first client, about which its contact was asked. */
export async function addRating(app: TestApp, world: World): Promise<void> {
  const scope = staffScope(world.mspId);
  const { container } = app;
  const { items } = await container.resolve(ContactQueries).list(scope, { clientId: world.first, limit: 1 });
  const contactId = items[0]?.id as Id<'contact'>;
  await container.resolve(RatingSetting).set(scope, { isOn: true, pauseDays: 0 });
  const input = openTicketInput.parse({ clientId: world.first, contactId, subject: 'Printer cold' });
  const { ticketId } = await container.resolve(OpenTicket).run(scope, input);
  await container.resolve(UpdateTicket).run(scope, { ticketId, version: 1, status: 'resolved' });
  await container.resolve(AskForRating).afterChange(systemScope(world.mspId), ticketId);
}
