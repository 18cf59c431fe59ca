import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineCommand, defineQuery } from '#kernel/operation';
import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { TicketCategories } from '#modules/desk-catalogue';
import { TeamChoice } from '#modules/teams';
import { TicketChanger, TicketLoad, ticketChanged, ticketOpened, TicketStore, UpdateTicket } from '#modules/tickets';
import { ScopedDb } from '#platform/db/scoped-db';
import { defineModule, on, provide } from '#platform/module';
import { AssignTicket, assignedView, assignTicketInput } from './assign-ticket.ts';
import { AssignmentRules, createRuleInput, ruleView, updateRuleInput } from './assignment-rules.ts';

const MANAGE = 'ticket-assignment.manage-rules';

export const ticketAssignmentModule = defineModule({
  name: 'ticket-assignment',
  tables: ['assignment'],
  permissions: [
    {
      name: 'ticket-assignment.manage-rules',
      title: 'Change the rules that give new tickets to teams',
      roles: ['administrator', 'manager'],
    },
  ],
  register(container) {
    provide(
      container,
      AssignmentRules,
      (c) =>
        new AssignmentRules({ db: c.resolve(ScopedDb), audit: c.resolve(AuditTrail), clock: c.resolve(ClockToken) }),
    );
    provide(
      container,
      AssignTicket,
      (c) =>
        new AssignTicket({
          db: c.resolve(ScopedDb),
          store: c.resolve(TicketStore),
          changer: c.resolve(TicketChanger),
          update: c.resolve(UpdateTicket),
          teams: c.resolve(TeamChoice),
          load: c.resolve(TicketLoad),
          categories: c.resolve(TicketCategories),
        }),
    );
  },
  operations: (c) => ({
    assignTicket: defineCommand({
      name: 'ticket-assignment.assign-ticket',
      permission: 'tickets.work-tickets',
      input: assignTicketInput,
      output: assignedView,
      rest: { method: 'POST', path: '/tickets/{ticketId}/assignment', summary: 'Give a ticket to whose turn it is' },
      run: (scope, input) => c.resolve(AssignTicket).run(scope, input),
    }),
    listRules: defineQuery({
      name: 'ticket-assignment.list-rules',
      permission: MANAGE,
      input: z.object({}),
      output: z.object({ items: z.array(ruleView) }),
      rest: { method: 'GET', path: '/ticket-assignment-rules', summary: 'The rules that give new tickets to teams' },
      run: async (scope) => ({ items: await c.resolve(AssignmentRules).list(scope) }),
    }),
    createRule: defineCommand({
      name: 'ticket-assignment.create-rule',
      permission: MANAGE,
      input: createRuleInput,
      output: z.object({ ruleId: idSchema('assignment-rule') }),
      rest: { method: 'POST', path: '/ticket-assignment-rules', summary: 'Make an assignment rule' },
      run: (scope, input) => c.resolve(AssignmentRules).create(scope, input),
    }),
    updateRule: defineCommand({
      name: 'ticket-assignment.update-rule',
      permission: MANAGE,
      input: updateRuleInput,
      output: z.object({ version: z.int() }),
      rest: { method: 'PUT', path: '/ticket-assignment-rules/{ruleId}', summary: 'Change an assignment rule' },
      run: (scope, input) => c.resolve(AssignmentRules).update(scope, input),
    }),
  }),
  subscriptions: (c) => [
    on(ticketOpened, 'assign-ticket', (scope, { payload }) => c.resolve(AssignTicket).byRule(scope, payload.ticketId), {
      isAwaited: true,
    }),
    on(ticketChanged, 'assign-refiled', (scope, { version, payload }) =>
      c.resolve(AssignTicket).afterChange(scope, payload, version),
    ),
  ],
});
