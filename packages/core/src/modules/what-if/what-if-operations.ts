import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineCommand, defineQuery } from '#kernel/operation';
import { startWhatIfInput, type RunWhatIf } from './run-what-if.ts';
import { whatIfDetailView, whatIfView, type WhatIfQueries } from './what-if-queries.ts';

const RUN = 'what-if.run-policies';

/** Past tickets under another policy. */
export function whatIfOperations({ run, queries }: { run: RunWhatIf; queries: WhatIfQueries }) {
  return {
    startWhatIf: defineCommand({
      name: 'what-if.start-what-if',
      permission: RUN,
      input: startWhatIfInput,
      output: z.object({ whatIfId: idSchema('what-if') }),
      rest: { method: 'POST', path: '/what-ifs', summary: 'Run past tickets under another SLA policy' },
      run: (scope, input) => run.start(scope, input),
    }),
    listWhatIfs: defineQuery({
      name: 'what-if.list-what-ifs',
      permission: RUN,
      input: z.object({}),
      output: z.object({ items: z.array(whatIfView) }),
      rest: { method: 'GET', path: '/what-ifs', summary: 'Runs under other policies, the newest first' },
      run: async (scope) => ({ items: await queries.list(scope) }),
    }),
    getWhatIf: defineQuery({
      name: 'what-if.get-what-if',
      permission: RUN,
      input: z.object({ whatIfId: idSchema('what-if') }),
      output: whatIfDetailView,
      rest: { method: 'GET', path: '/what-ifs/{whatIfId}', summary: 'What a run under another policy came to' },
      run: (scope, { whatIfId }) => queries.get(scope, whatIfId),
    }),
  };
}
