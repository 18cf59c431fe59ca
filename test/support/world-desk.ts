import { PriorityMatrix } from '../../packages/core/src/modules/desk-catalogue/priority-matrix.ts';
import {
  createCategoryInput,
  TicketCategories,
} from '../../packages/core/src/modules/desk-catalogue/ticket-categories.ts';
import { createFieldInput, TicketFields } from '../../packages/core/src/modules/desk-fields/ticket-fields.ts';
import { createFormInput, RequestForms } from '../../packages/core/src/modules/request-forms/request-forms.ts';
import {
  AssignmentRules,
  createRuleInput,
} from '../../packages/core/src/modules/ticket-assignment/assignment-rules.ts';
import { Teams } from '../../packages/core/src/modules/teams/teams.ts';
import { UpdateTicket } from '../../packages/core/src/modules/tickets/update-ticket.ts';
import { TicketQueries } from '../../packages/core/src/modules/tickets/ticket-queries.ts';
import type { Id } from '../../packages/core/src/kernel/id.ts';
import { staffScope, type TestApp } from './test-app.ts';
import type { World } from './world.ts';

/** How the desk sorts its tickets: a matrix, a category, a team, a field with a choice; and a ticket that has them all. */
export async function addDesk(app: TestApp, world: World, { ticketId }: { ticketId: Id<'ticket'> }): Promise<void> {
  const { container } = app;
  const scope = staffScope(world.mspId);
  const cells = [1, 2, 3, 2, 3, 4, 3, 4, 4];
  await container.resolve(PriorityMatrix).set(scope, { version: 0, cells, vipSteps: 1 });
  const { categoryId } = await container
    .resolve(TicketCategories)
    .create(scope, createCategoryInput.parse({ name: 'Printing' }));
  const { teamId } = await container.resolve(Teams).create(scope, { name: 'Service desk', members: [] });
  await container
    .resolve(AssignmentRules)
    .create(scope, createRuleInput.parse({ name: 'All to the desk', teamId, method: 'manual' }));
  const fields = container.resolve(TicketFields);
  const { fieldId } = await fields.create(
    scope,
    createFieldInput.parse({ name: 'Cause', type: 'choice', choices: ['Hardware', 'Software'], isPublic: true }),
  );
  const form = { name: 'Report a broken printer', type: 'incident', categoryId, fields: [{ fieldId }] };
  await container.resolve(RequestForms).create(scope, createFormInput.parse(form));
  const [cause] = await fields.list(scope);
  const { version } = await container.resolve(TicketQueries).get(scope, ticketId);
  const values = [{ fieldId, value: cause?.choices[0]?.id ?? null }];
  await container.resolve(UpdateTicket).run(scope, { ticketId, version, categoryId, teamId, values });
}
