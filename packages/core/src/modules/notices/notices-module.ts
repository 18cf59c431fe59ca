import { z } from 'zod';
import { ClockToken } from '#kernel/tokens';
import { defineCommand, defineQuery } from '#kernel/operation';
import { ScopedDb } from '#platform/db/scoped-db';
import { LiveHub } from '#platform/live';
import { defineModule, provide } from '#platform/module';
import { markNoticesInput, MyNotices, noticeView } from './notice-queries.ts';
import { TellStaff } from './tell-staff.ts';

const READ = 'notices.read-own';

export const noticesModule = defineModule({
  name: 'notices',
  tables: ['notice'],
  permissions: [
    {
      name: READ,
      title: 'See what one is told: warnings, mentions, assignments',
      roles: ['administrator', 'manager', 'technician', 'billing', 'read-only'],
    },
  ],
  register(container) {
    provide(container, TellStaff, (c) => new TellStaff({ live: c.resolve(LiveHub), clock: c.resolve(ClockToken) }));
    provide(container, MyNotices, (c) => new MyNotices({ db: c.resolve(ScopedDb), clock: c.resolve(ClockToken) }));
  },
  operations: (c) => ({
    listNotices: defineQuery({
      name: 'notices.list-notices',
      permission: READ,
      input: z.object({}),
      output: z.object({ items: z.array(noticeView), unread: z.int() }),
      rest: { method: 'GET', path: '/notices', summary: 'What the caller was told, newest first' },
      run: (scope) => c.resolve(MyNotices).list(scope),
    }),
    markNotices: defineCommand({
      name: 'notices.mark-notices',
      permission: READ,
      input: markNoticesInput,
      output: z.object({}),
      rest: { method: 'POST', path: '/notices/read', summary: 'Mark the caller’s notices as read' },
      run: async (scope, input) => {
        await c.resolve(MyNotices).mark(scope, input);
        return {};
      },
    }),
  }),
});
