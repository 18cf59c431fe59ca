import type { Id } from '../../packages/core/src/kernel/id.ts';
import {
  AgreementTemplates,
  createTemplateInput,
} from '../../packages/core/src/modules/agreements/agreement-templates.ts';
import { CreateAgreement } from '../../packages/core/src/modules/agreements/create-agreement.ts';
import { CommentOnTicket } from '../../packages/core/src/modules/tickets/comment-on-ticket.ts';
import { LinkTickets } from '../../packages/core/src/modules/tickets/link-tickets.ts';
import { OpenTicket, openTicketInput } from '../../packages/core/src/modules/tickets/open-ticket.ts';
import { TicketAlerts } from '../../packages/core/src/modules/tickets/ticket-alerts.ts';
import { TicketQueues } from '../../packages/core/src/modules/tickets/ticket-queues.ts';
import { ChangeTime } from '../../packages/core/src/modules/time/change-time.ts';
import { LogTime, logTimeInput } from '../../packages/core/src/modules/time/log-time.ts';
import { startTimerInput, Timer } from '../../packages/core/src/modules/time/timer.ts';
import { Timesheets } from '../../packages/core/src/modules/time/timesheets.ts';
import { newId } from '../../packages/core/src/kernel/id.ts';
import { staffScope, systemScope, type TestApp } from './test-app.ts';
import { addStaff, loginScope } from './world-identity.ts';
import type { World } from './world.ts';

/** An agreement, and tickets of the first client with all that can hang on one: words, a link, an alert, time, a running timer. */
export async function addTickets(app: TestApp, world: World): Promise<{ ticketId: Id<'ticket'> }> {
  const { container } = app;
  const scope = staffScope(world.mspId);
  const lines = [
    { kind: 'time-and-materials', description: 'Remote', unitPriceMinor: 9000, workTypes: ['remote'] } as const,
  ];
  const template = createTemplateInput.parse({ name: 'Care', currency: 'GBP', lines });
  const { templateId } = await container.resolve(AgreementTemplates).create(scope, template);
  await container
    .resolve(CreateAgreement)
    .run(scope, { clientId: world.first, name: 'Care', reference: '', startsOn: '2026-01-01', templateId });
  await container.resolve(TicketQueues).create(scope, { name: 'Service desk' });
  const open = async (subject: string) =>
    container
      .resolve(OpenTicket)
      .run(scope, openTicketInput.parse({ clientId: world.first, subject, body: 'It smokes.' }));
  const { ticketId } = await open('Printer on fire');
  const { ticketId: other } = await open('Fire alarm');
  await container
    .resolve(CommentOnTicket)
    .note(scope, { ticketId, body: 'Keep an eye on it.', fileIds: [], visibility: 'internal' });
  await container.resolve(LinkTickets).run(scope, { ticketId, toTicketId: other, kind: 'related' });
  await container.resolve(TicketAlerts).raised(systemScope(world.mspId), {
    alertId: newId(),
    clientId: world.first,
    assetId: null,
    fingerprint: 'world',
    severity: 'critical',
    title: 'Disk full',
    text: '',
  });
  const { loginId } = await addStaff(app, world, { name: 'Grace', standardRoles: ['technician'] });
  const grace = loginScope(world, loginId, ['time.log-time']);
  const { entryId } = await container.resolve(LogTime).run(grace, logTimeInput.parse({ ticketId, minutes: 20 }));
  await container.resolve(ChangeTime).run(grace, { entryId, version: 1, minutes: 25, reason: 'Begun earlier' });
  await container.resolve(Timer).start(grace, startTimerInput.parse({ ticketId }));
  const timesheets = container.resolve(Timesheets);
  await timesheets.setWorkingDay(grace, { timeZone: 'Europe/London', dayMinutes: 450 });
  await timesheets.submit(grace, { weekStart: '2026-08-03', version: 0 });
  return { ticketId };
}
