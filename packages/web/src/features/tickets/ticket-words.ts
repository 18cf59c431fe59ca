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

/** Whether nobody works on it any more. */
export function isDone(status: TicketStatus): boolean {
  return status === 'resolved' || status === 'closed';
}

/** A moment of the history in the reader's zone. */
function momentText(iso: string): string {
  return Temporal.Instant.from(iso)
    .toZonedDateTimeISO(Temporal.Now.timeZoneId())
    .toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

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
  const did = deedText(entry, nameOf);
  return did === null || entry.reason === null ? did : `${did} (${entry.reason})`;
}

const LINKS: Readonly<Record<string, string>> = {
  related: 'related to',
  'duplicate-of': 'a duplicate of',
  'has-duplicate': 'has the duplicate',
  'child-of': 'a child of',
  'parent-of': 'the parent of',
  'caused-by': 'caused by',
  'cause-of': 'the problem behind',
  'split-from': 'split off from',
  'split-into': 'split into',
};

/** `child-of T-12` as people say it. */
function linkText(link: string | null): string {
  const [kind = '', ...rest] = (link ?? '').split(' ');
  return [LINKS[kind] ?? kind, ...rest].join(' ');
}

function deedText(entry: TicketHistory, nameOf: (staffId: string) => string | undefined): string | null {
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
      return `linked it: ${linkText(entry.to)}`;
    case 'unlinked':
      return `took a link away: ${linkText(entry.to)}`;
    case 'merged':
      return `merged it into ${entry.to}`;
    case 'merged-in':
      return `merged ${entry.to} into it`;
    case 'given-back':
      return `took the merge of ${entry.to} into it back`;
    case 'unmerged':
      return `took the merge with ${entry.to} back`;
    case 'split-off':
      return `split ${entry.to} off`;
    case 'snoozed':
      return entry.to === null ? 'snoozed it until a reply' : `snoozed it until ${momentText(entry.to)}`;
    case 'woken':
      return 'woke it';
    case 'field':
      return `changed ${entry.to}`;
    case 'rating':
      return `rated it: ${entry.to}`;
    case 'team':
      return entry.to === null ? 'took it from its team' : 'gave it to another team';
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

/** A date of a custom field as people read it: `4 Dec 2026`. */
export function dayWords(day: string): string {
  return Temporal.PlainDate.from(day).toLocaleString(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
}
