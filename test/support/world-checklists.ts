import { createTemplateInput } from '../../packages/core/src/modules/ticket-checklists/checklist-template.ts';
import { ChecklistTemplates } from '../../packages/core/src/modules/ticket-checklists/checklist-templates.ts';
import { Checklists } from '../../packages/core/src/modules/ticket-checklists/checklists.ts';
import { createRecurringInput } from '../../packages/core/src/modules/recurring-tickets/recurring-input.ts';
import { RecurringTickets } from '../../packages/core/src/modules/recurring-tickets/recurring-tickets.ts';
import { RunRecurring } from '../../packages/core/src/modules/recurring-tickets/run-recurring.ts';
import type { Id } from '../../packages/core/src/kernel/id.ts';
import { staffScope, systemScope, type TestApp } from './test-app.ts';
import type { World } from './world.ts';

/** A checklist on a ticket, and a ticket that comes back each day and came once. */
export async function addChecklists(app: TestApp, world: World, ticketId: Id<'ticket'>): Promise<void> {
  const { container } = app;
  const scope = staffScope(world.mspId);
  const template = createTemplateInput.parse({ name: 'Fire', items: [{ title: 'Put it out' }] });
  const { templateId } = await container.resolve(ChecklistTemplates).create(scope, template);
  await container.resolve(Checklists).apply(scope, { ticketId, templateId });
  const now = app.clock.now().toZonedDateTimeISO('Europe/London').toPlainDateTime();
  const daily = {
    clientId: world.first,
    name: 'Drill',
    rule: 'FREQ=DAILY',
    startsAt: now.toString({ smallestUnit: 'minute' }),
    timeZone: 'Europe/London',
    template: { subject: 'Fire drill' },
  };
  await container.resolve(RecurringTickets).create(scope, createRecurringInput.parse(daily));
  await container.resolve(RunRecurring).run(systemScope(world.mspId));
}
