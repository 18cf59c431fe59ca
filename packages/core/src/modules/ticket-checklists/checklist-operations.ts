import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineCommand, defineQuery } from '#kernel/operation';
import { createTemplateInput, templateView, updateTemplateInput } from './checklist-template.ts';
import type { ChecklistTemplates } from './checklist-templates.ts';
import {
  checklistView,
  progressInput,
  progressView,
  ticketChecklistsInput,
  type ChecklistQueries,
} from './checklist-queries.ts';
import { applyChecklistInput, removeChecklistInput, tickItemInput, type Checklists } from './checklists.ts';

interface Needs {
  readonly templates: ChecklistTemplates;
  readonly checklists: Checklists;
  readonly queries: ChecklistQueries;
}

const READ = 'ticket-checklists.read-checklists';
const USE = 'ticket-checklists.use-checklists';
const MANAGE = 'ticket-checklists.manage-templates';
const versioned = z.object({ version: z.int() });

/** What the outside may ask of this module. */
export function checklistOperations({ templates, checklists, queries }: Needs) {
  return {
    listTemplates: defineQuery({
      name: 'ticket-checklists.list-templates',
      permission: READ,
      input: z.object({}),
      output: z.object({ items: z.array(templateView) }),
      rest: { method: 'GET', path: '/checklist-templates', summary: 'Checklist templates, by name' },
      run: async (scope) => ({ items: await templates.list(scope) }),
    }),
    createTemplate: defineCommand({
      name: 'ticket-checklists.create-template',
      permission: MANAGE,
      input: createTemplateInput,
      output: z.object({ templateId: idSchema('checklist-template') }),
      rest: { method: 'POST', path: '/checklist-templates', summary: 'Make a checklist template' },
      run: (scope, input) => templates.create(scope, input),
    }),
    updateTemplate: defineCommand({
      name: 'ticket-checklists.update-template',
      permission: MANAGE,
      input: updateTemplateInput,
      output: versioned,
      rest: { method: 'PUT', path: '/checklist-templates/{templateId}', summary: 'Change a checklist template' },
      run: (scope, input) => templates.update(scope, input),
    }),
    listTicketChecklists: defineQuery({
      name: 'ticket-checklists.list-ticket-checklists',
      permission: READ,
      input: ticketChecklistsInput,
      output: z.object({ items: z.array(checklistView) }),
      rest: { method: 'GET', path: '/tickets/{ticketId}/checklists', summary: 'Checklists on a ticket' },
      run: async (scope, input) => ({ items: await queries.ofTicket(scope, input.ticketId) }),
    }),
    listProgress: defineQuery({
      name: 'ticket-checklists.list-progress',
      permission: READ,
      input: progressInput,
      output: z.object({ items: z.array(progressView) }),
      rest: { method: 'POST', path: '/checklist-progress', summary: 'How far the checklists of some tickets are' },
      run: async (scope, input) => ({ items: await queries.progressOf(scope, input.ticketIds) }),
    }),
    applyChecklist: defineCommand({
      name: 'ticket-checklists.apply-checklist',
      permission: USE,
      input: applyChecklistInput,
      output: z.object({ checklistId: idSchema('checklist'), isNew: z.boolean() }),
      rest: { method: 'POST', path: '/tickets/{ticketId}/checklists', summary: 'Add a checklist to a ticket' },
      run: (scope, input) => checklists.apply(scope, input),
    }),
    tickItem: defineCommand({
      name: 'ticket-checklists.tick-item',
      permission: USE,
      input: tickItemInput,
      output: versioned,
      rest: { method: 'POST', path: '/checklist-items/{itemId}/tick', summary: 'Tick an item, or take the tick back' },
      run: (scope, input) => checklists.tick(scope, input),
    }),
    removeChecklist: defineCommand({
      name: 'ticket-checklists.remove-checklist',
      permission: USE,
      input: removeChecklistInput,
      output: z.object({ removed: z.literal(true) }),
      rest: { method: 'POST', path: '/checklists/{checklistId}/remove', summary: 'Take a checklist off its ticket' },
      run: (scope, input) => checklists.remove(scope, input),
    }),
  };
}
