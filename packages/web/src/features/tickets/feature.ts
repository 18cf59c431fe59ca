import Ticket from 'lucide-solid/icons/ticket';
import { lazy } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import type { Feature } from '#web/app/routing/feature.ts';
import { screen } from '#web/app/routing/screen.ts';

const PALETTE_HITS = 6;

export const feature: Feature = {
  name: 'tickets',
  routes: [
    { path: '/tickets', title: 'Tickets', component: screen(() => import('./ticket-list.tsx'), 'TicketList') },
    {
      path: '/known-errors',
      title: 'Known errors',
      component: screen(() => import('./record/known-errors.tsx'), 'KnownErrors'),
    },
    { path: '/tickets/:number', title: 'Ticket', component: screen(() => import('./ticket-page.tsx'), 'TicketPage') },
  ],
  nav: [
    {
      label: 'Tickets',
      href: '/tickets',
      icon: Ticket,
      group: 'work',
      order: 30,
      permission: 'tickets.read-tickets',
      shortcut: 'g t',
      createCount: () => {
        const counts = createRecordQuery({
          key: () => ['ticket', 'list', 'counts', undefined],
          fetch: (signal) => api.tickets.ticketCounts.query({}, { signal }),
        });
        return () => {
          const open = counts.value()?.open;
          // Counted to a thousand.
          return open === undefined || open < 1000 ? open : '999+';
        };
      },
    },
  ],
  createActions: (go) => [
    { id: 'problems.known-errors', name: 'Known errors', group: 'Tickets', run: () => go('/known-errors') },
    { id: 'tickets.new', name: 'New ticket', group: 'Tickets', shortcut: 'c', run: () => go('/tickets?new=1') },
  ],
  topBarItem: lazy(async () => ({ default: (await import('./timer-pill.tsx')).TimerPill })),
  search: async (text, signal) => {
    const { items } = await api.tickets.listTickets.query(
      { search: text, tab: 'all', limit: PALETTE_HITS },
      { signal },
    );
    return items.map((ticket) => ({
      id: ticket.id,
      label: `T-${ticket.number} ${ticket.subject}`,
      detail: ticket.clientName ?? '',
      group: 'Tickets',
      href: `/tickets/${ticket.number}`,
    }));
  },
};
