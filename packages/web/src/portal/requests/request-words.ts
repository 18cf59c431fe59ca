import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '#web/app/api/app-router.ts';
import type { State } from '#web/ui/status-pill/status-pill.tsx';

type Outputs = inferRouterOutputs<AppRouter>;
export type PortalTicket = Outputs['tickets']['listPortalTickets']['items'][number];
export type PortalTicketDetail = Outputs['tickets']['getPortalTicket'];

/** Where a request stands, as its reader would say it. */
export const STATUS_WORDS: Readonly<Record<PortalTicket['status'], { readonly label: string; readonly state: State }>> =
  {
    new: { label: 'Received', state: 'info' },
    'in-progress': { label: 'Being worked on', state: 'info' },
    'waiting-client': { label: 'Waiting for you', state: 'warning' },
    'waiting-vendor': { label: 'Waiting for a supplier', state: 'paused' },
    resolved: { label: 'Solved', state: 'ok' },
    closed: { label: 'Closed', state: 'neutral' },
  };

export function waitsForReader(ticket: { readonly status: PortalTicket['status'] }): boolean {
  return ticket.status === 'waiting-client';
}
