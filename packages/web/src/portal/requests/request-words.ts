import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '#web/app/api/app-router.ts';
import type { State } from '#web/ui/status-pill/status-pill.tsx';

type Outputs = inferRouterOutputs<AppRouter>;
export type PortalTicket = Outputs['tickets']['listPortalTickets']['items'][number];
export type PortalTicketDetail = Outputs['tickets']['getPortalTicket'];

/** How the mark of a status looks; its words are the messages `status.*`. */
export const STATUS_STATES: Readonly<Record<PortalTicket['status'], State>> = {
  new: 'info',
  'in-progress': 'info',
  'waiting-client': 'warning',
  'waiting-vendor': 'paused',
  resolved: 'ok',
  closed: 'neutral',
};

export function waitsForReader(ticket: { readonly status: PortalTicket['status'] }): boolean {
  return ticket.status === 'waiting-client';
}
