import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '#web/app/api/app-router.ts';
import type { State } from '#web/ui/status-pill/status-pill.tsx';

type Outputs = inferRouterOutputs<AppRouter>;
export type Ticket = Outputs['tickets']['listTickets']['items'][number];
export type TicketDetail = Outputs['tickets']['getTicket'];
export type TicketComment = TicketDetail['comments'][number];
export type TicketHistory = TicketDetail['history'][number];
export type TicketStatus = Ticket['status'];
export type TicketType = Ticket['type'];

export const STATUSES: Readonly<Record<TicketStatus, { readonly label: string; readonly state: State }>> = {
  new: { label: 'New', state: 'info' },
  'in-progress': { label: 'In progress', state: 'info' },
  'waiting-client': { label: 'Waiting on client', state: 'paused' },
  'waiting-vendor': { label: 'Waiting on vendor', state: 'paused' },
  resolved: { label: 'Resolved', state: 'ok' },
  closed: { label: 'Closed', state: 'neutral' },
};

/** Where a ticket may go from here; the server holds to the same. */
export const NEXT: Readonly<Record<TicketStatus, readonly TicketStatus[]>> = {
  new: ['in-progress', 'waiting-client', 'waiting-vendor', 'resolved', 'closed'],
  'in-progress': ['waiting-client', 'waiting-vendor', 'resolved', 'closed'],
  'waiting-client': ['in-progress', 'waiting-vendor', 'resolved', 'closed'],
  'waiting-vendor': ['in-progress', 'waiting-client', 'resolved', 'closed'],
  resolved: ['in-progress', 'closed'],
  closed: ['in-progress'],
};

export const TYPES: Readonly<Record<TicketType, string>> = {
  incident: 'Incident',
  request: 'Request',
  problem: 'Problem',
  task: 'Task',
};

export const SOURCES: Readonly<Record<Ticket['source'], string>> = {
  portal: 'from the portal',
  mail: 'by mail',
  staff: 'by staff',
  alert: 'from an alert',
  api: 'by the API',
};

export const WORK_TYPES = ['remote', 'onsite', 'travel', 'project', 'maintenance'] as const;
export type WorkType = (typeof WORK_TYPES)[number];

/** `T-4812`. */
export function ticketLabel(number: number): string {
  return `T-${number}`;
}

/** `1 h 05 min`, `41 min`. */
export function minutesText(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes} min` : `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** What a line of the history says, after who did it. Null for what head and conversation show already. */
export function historyText(entry: TicketHistory, nameOf: (staffId: string) => string | undefined): string | null {
  const status = (value: string | null) => STATUSES[value as TicketStatus]?.label.toLowerCase() ?? value ?? '';
  switch (entry.kind) {
    case 'status':
      return `set it from ${status(entry.from)} to ${status(entry.to)}`;
    case 'priority':
      return `changed the priority from P${entry.from} to P${entry.to}`;
    case 'assignee':
      return entry.to === null ? 'unassigned it' : `assigned it to ${nameOf(entry.to) ?? 'somebody who has left'}`;
    case 'client':
      return 'moved it to another client';
    case 'macro':
      return `ran the macro ${entry.to}`;
    case 'linked':
      return `linked it: ${entry.to}`;
    case 'alert-raised':
      return 'heard the alert again';
    case 'alert-recovered':
      return 'heard that the alert has recovered';
    case 'opened':
    case 'public-reply':
    case 'client-reply':
    case 'automatic-reply':
    case 'note':
      return null;
    default:
      return `changed the ${entry.kind}`;
  }
}
