import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineCommand, defineQuery } from '#kernel/operation';
import { draftMarksView, draftsView, saveDraftInput, ticketDraftsInput, type Drafts } from './drafts.ts';
import { mentionsView, seeMentionsInput, type Mentions } from './mentions.ts';
import { PLACEHOLDERS } from './placeholders.ts';
import {
  createTemplateInput,
  filledView,
  fillTemplateInput,
  removeTemplateInput,
  templateView,
  updateTemplateInput,
  type Templates,
} from './templates.ts';

interface Needs {
  readonly drafts: Drafts;
  readonly mentions: Mentions;
  readonly templates: Templates;
}

const WORK = 'tickets.work-tickets';
const USE = 'replies.use-texts';
const done = z.object({});

/** What the web and others may ask about drafts, mentions and canned replies. */
export function replyOperations({ drafts, mentions, templates }: Needs) {
  return {
    listTicketDrafts: defineQuery({
      name: 'replies.list-ticket-drafts',
      permission: WORK,
      input: ticketDraftsInput,
      output: draftsView,
      rest: { method: 'GET', path: '/tickets/{ticketId}/drafts', summary: 'What the caller has begun to write' },
      run: async (scope, input) => ({ items: await drafts.ofTicket(scope, input.ticketId) }),
    }),
    listMyDrafts: defineQuery({
      name: 'replies.list-my-drafts',
      permission: WORK,
      input: z.object({}),
      output: draftMarksView,
      rest: { method: 'GET', path: '/ticket-drafts', summary: 'On which tickets the caller has begun to write' },
      run: async (scope) => ({ items: await drafts.mine(scope) }),
    }),
    saveDraft: defineCommand({
      name: 'replies.save-draft',
      permission: WORK,
      input: saveDraftInput,
      output: z.object({ version: z.int() }),
      rest: { method: 'PUT', path: '/tickets/{ticketId}/drafts/{kind}', summary: 'Keep what is written so far' },
      run: (scope, input) => drafts.save(scope, input),
    }),
    listMentions: defineQuery({
      name: 'replies.list-mentions',
      permission: 'tickets.read-tickets',
      input: z.object({}),
      output: mentionsView,
      rest: { method: 'GET', path: '/ticket-mentions', summary: 'Where the caller is named and has not looked yet' },
      run: async (scope) => ({ items: await mentions.unseen(scope) }),
    }),
    seeMentions: defineCommand({
      name: 'replies.see-mentions',
      permission: 'tickets.read-tickets',
      input: seeMentionsInput,
      output: z.object({ seen: z.int() }),
      rest: { method: 'POST', path: '/tickets/{ticketId}/mentions/seen', summary: 'The caller has looked' },
      run: (scope, input) => mentions.see(scope, input.ticketId),
    }),
    listTemplates: defineQuery({
      name: 'replies.list-templates',
      permission: USE,
      input: z.object({}),
      output: z.object({
        items: z.array(templateView),
        placeholders: z.array(z.object({ name: z.string(), title: z.string() })),
      }),
      rest: { method: 'GET', path: '/reply-templates', summary: 'Canned replies, by folder and name' },
      run: async (scope) => ({
        items: await templates.list(scope),
        placeholders: [...PLACEHOLDERS].map(([name, title]) => ({ name, title })),
      }),
    }),
    createTemplate: defineCommand({
      name: 'replies.create-template',
      permission: USE,
      input: createTemplateInput,
      output: z.object({ templateId: idSchema('reply-template') }),
      rest: { method: 'POST', path: '/reply-templates', summary: 'Make a canned reply' },
      run: (scope, input) => templates.create(scope, input),
    }),
    updateTemplate: defineCommand({
      name: 'replies.update-template',
      permission: USE,
      input: updateTemplateInput,
      output: z.object({ version: z.int() }),
      rest: { method: 'PUT', path: '/reply-templates/{templateId}', summary: 'Change a canned reply' },
      run: (scope, input) => templates.update(scope, input),
    }),
    removeTemplate: defineCommand({
      name: 'replies.remove-template',
      permission: USE,
      input: removeTemplateInput,
      output: done,
      rest: { method: 'DELETE', path: '/reply-templates/{templateId}', summary: 'Remove a canned reply' },
      run: async (scope, input) => {
        await templates.remove(scope, input);
        return {};
      },
    }),
    fillTemplate: defineQuery({
      name: 'replies.fill-template',
      permission: USE,
      input: fillTemplateInput,
      output: filledView,
      rest: {
        method: 'GET',
        path: '/tickets/{ticketId}/reply-templates/{templateId}',
        summary: 'A canned reply with a ticket’s values in it',
      },
      run: (scope, input) => templates.fill(scope, input),
    }),
  };
}
