import type { ClientId, MspId } from '../../packages/core/src/kernel/id.ts';
import { buildMsp, type TestApp } from './test-app.ts';
import { addAlert } from './world-alerts.ts';
import { addApprovals } from './world-approvals.ts';
import { addAsset } from './world-assets.ts';
import { addInvoice } from './world-billing.ts';
import { addBulk } from './world-bulk.ts';
import { addDeskRules } from './world-desk-rules.ts';
import { addDesk } from './world-desk.ts';
import { addEndpoints } from './world-endpoints.ts';
import { addFile } from './world-files.ts';
import { addIdentity } from './world-identity.ts';
import { addPlugin } from './world-plugins.ts';
import { addPluginEvents } from './world-plugin-events.ts';
import { addPluginRecord } from './world-plugin-records.ts';
import { addPluginScope } from './world-plugin-scopes.ts';
import { addBrands } from './world-branding.ts';
import { addKnowledge } from './world-knowledge.ts';
import { addReplies } from './world-replies.ts';
import { addRating } from './world-satisfaction.ts';
import { addAgreementChoice, addHolidayFeed, addOla, addSla, addWarning, addWhatIf } from './world-sla.ts';
import { addTenancy } from './world-tenancy.ts';
import { addTicketViews } from './world-ticket-views.ts';
import { addMail, addMailbox, addMailboxConsent } from './world-mail.ts';
import { addChecklists } from './world-checklists.ts';
import { addPlacedMails } from './world-mail-intake.ts';
import { addTickets } from './world-tickets.ts';

/** An MSP with two clients, and at least one row of every kind of thing at the first: what the tenancy tests try to steal. */
export interface World {
  readonly mspId: MspId;
  readonly first: ClientId;
  readonly second: ClientId;
}

/** Makes one through the use cases of every module. */
export async function buildWorld(app: TestApp): Promise<World> {
  const { mspId, clientIds } = await buildMsp(app, { clients: 2 });
  const [first, second] = clientIds;
  if (first === undefined || second === undefined) throw new Error('two clients were made');
  const world: World = { mspId, first, second };
  await addTenancy(app, world);
  await addIdentity(app, world);
  await addMail(app, world);
  await addMailbox(app, world);
  await addMailboxConsent(app, world);
  await addFile(app, world);
  await addAsset(app, world);
  await addEndpoints(app, world);
  await addSla(app, world);
  await addBrands(app, world);
  await addKnowledge(app, world);
  const tickets = await addTickets(app, world);
  await addChecklists(app, world, tickets.ticketId);
  await addPlacedMails(app, world);
  await addReplies(app, world, tickets.ticketId);
  await addDesk(app, world, tickets);
  await addRating(app, world);
  await addTicketViews(app, world, tickets.ticketId);
  await addDeskRules(app, world, tickets.ticketId);
  await addBulk(app, world, tickets.ticketId);
  await addApprovals(app, world, tickets.ticketId);
  await addAgreementChoice(app, world);
  await addWarning(app, world);
  await addHolidayFeed(app, world);
  await addOla(app, world, tickets.ticketId);
  await addWhatIf(app, world);
  await addAlert(app, world);
  await addInvoice(app, world);
  const scope = await addPluginScope(app, world, await addPlugin(app, world));
  await addPluginRecord(app, world, scope);
  await addPluginEvents(app, world, scope.connectionId);
  return world;
}
