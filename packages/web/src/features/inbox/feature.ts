import Inbox from 'lucide-solid/icons/inbox';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import type { Feature } from '#web/app/routing/feature.ts';
import { screen } from '#web/app/routing/screen.ts';

export const feature: Feature = {
  name: 'inbox',
  routes: [{ path: '/inbox', title: 'Inbox', component: screen(() => import('./inbox.tsx'), 'InboxScreen') }],
  nav: [
    {
      label: 'Inbox',
      href: '/inbox',
      icon: Inbox,
      group: 'work',
      order: 10,
      permission: 'tickets.read-tickets',
      shortcut: 'g i',
      createCount: () => {
        const counts = createRecordQuery({
          key: () => ['ticket', 'list', 'counts', undefined],
          fetch: (signal) => api.tickets.ticketCounts.query({}, { signal }),
        });
        return () => counts.value()?.repliesWaiting;
      },
    },
  ],
};
