import { z } from 'zod';
import { defineCommand, defineQuery } from '#kernel/operation';
import { pageOf } from '#kernel/page';
import {
  clientEntryView,
  entryView,
  listClientEntriesInput,
  listEntriesInput,
  type AuditQueries,
} from './audit-queries.ts';
import { eraseEntryInput, type ErasePayload } from './erase-payload.ts';

/** What the outside may ask of this module. */
export function auditOperations({ entries, erase }: { entries: AuditQueries; erase: ErasePayload }) {
  return {
    listEntries: defineQuery({
      name: 'audit.list-entries',
      permission: 'audit.read-entries',
      input: listEntriesInput,
      output: pageOf(entryView),
      rest: { method: 'GET', path: '/audit-entries', summary: 'Who did what, newest first' },
      run: (scope, input) => entries.list(scope, input),
    }),
    listClientEntries: defineQuery({
      name: 'audit.list-client-entries',
      permission: 'audit.read-own-entries',
      audience: 'client',
      input: listClientEntriesInput,
      output: pageOf(clientEntryView),
      run: (scope, input) => entries.listForClient(scope, input),
    }),
    eraseEntry: defineCommand({
      name: 'audit.erase-entry',
      permission: 'audit.erase-entry',
      input: eraseEntryInput,
      output: z.object({}),
      run: (scope, input) => erase.run(scope, input),
    }),
  };
}
