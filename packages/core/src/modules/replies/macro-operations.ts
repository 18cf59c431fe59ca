import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineCommand, defineQuery } from '#kernel/operation';
import { createMacroInput, macroView, removeMacroInput, updateMacroInput, type Macros } from './macros.ts';
import { previewMacroInput, previewView, ranView, runMacroInput, type RunMacro } from './run-macro.ts';

const USE = 'replies.use-texts';

/** What the web and others may ask about macros. */
export function macroOperations({ macros, runMacro }: { macros: Macros; runMacro: RunMacro }) {
  return {
    listMacros: defineQuery({
      name: 'replies.list-macros',
      permission: USE,
      input: z.object({}),
      output: z.object({ items: z.array(macroView) }),
      rest: { method: 'GET', path: '/ticket-macros', summary: 'Macros, by folder and name' },
      run: async (scope) => ({ items: await macros.list(scope) }),
    }),
    createMacro: defineCommand({
      name: 'replies.create-macro',
      permission: USE,
      input: createMacroInput,
      output: z.object({ macroId: idSchema('reply-macro') }),
      rest: { method: 'POST', path: '/ticket-macros', summary: 'Make a macro' },
      run: (scope, input) => macros.create(scope, input),
    }),
    updateMacro: defineCommand({
      name: 'replies.update-macro',
      permission: USE,
      input: updateMacroInput,
      output: z.object({ version: z.int() }),
      rest: { method: 'PUT', path: '/ticket-macros/{macroId}', summary: 'Change a macro' },
      run: (scope, input) => macros.update(scope, input),
    }),
    removeMacro: defineCommand({
      name: 'replies.remove-macro',
      permission: USE,
      input: removeMacroInput,
      output: z.object({}),
      rest: { method: 'DELETE', path: '/ticket-macros/{macroId}', summary: 'Remove a macro' },
      run: async (scope, input) => {
        await macros.remove(scope, input);
        return {};
      },
    }),
    previewMacro: defineQuery({
      name: 'replies.preview-macro',
      permission: USE,
      input: previewMacroInput,
      output: previewView,
      rest: {
        method: 'GET',
        path: '/tickets/{ticketId}/macros/{macroId}',
        summary: 'What a macro would do to a ticket',
      },
      run: (scope, input) => runMacro.preview(scope, input),
    }),
    runMacro: defineCommand({
      name: 'replies.run-macro',
      permission: 'tickets.work-tickets',
      input: runMacroInput,
      output: ranView,
      rest: { method: 'POST', path: '/tickets/{ticketId}/macros/{macroId}/runs', summary: 'Run a macro on a ticket' },
      run: (scope, input) => runMacro.run(scope, input),
    }),
  };
}
