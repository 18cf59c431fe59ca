import { ConflictError } from '#kernel/errors';
import type { TenantScope } from '#kernel/tenant-scope';

export { TICKET_TYPES, type Level, type Priority, type TicketType } from '#modules/desk-catalogue';

/** How far a ticket is, in the order in which it usually goes. */
export const TICKET_STATUSES = [
  'new',
  'in-progress',
  'waiting-client',
  'waiting-vendor',
  'resolved',
  'closed',
] as const;
/** One of `TICKET_STATUSES`. */
export type TicketStatus = (typeof TICKET_STATUSES)[number];

/** Where tickets come from. */
export const TICKET_SOURCES = ['portal', 'mail', 'staff', 'alert', 'api'] as const;
/** One of `TICKET_SOURCES`. */
export type TicketSource = (typeof TICKET_SOURCES)[number];

/** Who reads a comment: the client's contacts, also a client's own IT, or staff only. */
export const VISIBILITIES = ['public', 'client_it', 'internal'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

export const LINK_KINDS = ['related', 'duplicate-of', 'child-of', 'caused-by', 'split-from'] as const;
export type LinkKind = (typeof LINK_KINDS)[number];

const NEXT: Readonly<Record<TicketStatus, readonly TicketStatus[]>> = {
  new: ['in-progress', 'waiting-client', 'waiting-vendor', 'resolved', 'closed'],
  'in-progress': ['waiting-client', 'waiting-vendor', 'resolved', 'closed'],
  'waiting-client': ['in-progress', 'waiting-vendor', 'resolved', 'closed'],
  'waiting-vendor': ['in-progress', 'waiting-client', 'resolved', 'closed'],
  resolved: ['in-progress', 'closed'],
  closed: ['in-progress'],
};

/** Whether a ticket may go from one status to the other. */
export function canBecome(from: TicketStatus, to: TicketStatus): boolean {
  return NEXT[from].includes(to);
}

/** Throws `tickets.status-not-reachable` unless a ticket may go from one status to the other. */
export function assertStatusChange(from: TicketStatus, to: TicketStatus): void {
  if (!canBecome(from, to))
    throw new ConflictError(
      'tickets.status-not-reachable',
      `A ticket that is ${titleOfStatus(from)} cannot become ${titleOfStatus(to)}.`,
      { fields: [{ path: ['status'], message: `cannot follow ${from}` }] },
    );
}

/** The status in words. */
export function titleOfStatus(status: TicketStatus): string {
  return {
    new: 'new',
    'in-progress': 'in progress',
    'waiting-client': 'waiting on client',
    'waiting-vendor': 'waiting on vendor',
    resolved: 'resolved',
    closed: 'closed',
  }[status];
}

/** False for what is done: resolved or closed. */
export function isOpen(status: TicketStatus): boolean {
  return status !== 'resolved' && status !== 'closed';
}

/** The status after a client's reply: what waited for it, or was taken for done, is worked on again. */
export function statusAfterClientReply(status: TicketStatus): TicketStatus {
  return status === 'new' || status === 'waiting-vendor' ? status : 'in-progress';
}

/** The status after the first public reply of staff: somebody took it. */
export function statusAfterStaffReply(status: TicketStatus): TicketStatus {
  return status === 'new' ? 'in-progress' : status;
}

/** A number as people say it. */
export function ticketLabel(number: number): string {
  return `T-${number}`;
}

/** Who did something, as comments and history keep it. */
export interface Author {
  readonly kind: 'staff' | 'contact' | 'system';
  readonly id: string;
  readonly label: string;
}

const AUTHORS = { system: 'system', staff: 'staff', client: 'contact', client_it: 'contact' } as const;

/** The author that a scope stands for: its audience says whether it is staff, a contact or the platform, which may act in a contact's name on what that contact sent by mail. */
export function authorOf(scope: TenantScope): Author {
  const kind = scope.actor.kind === 'contact' ? 'contact' : AUTHORS[scope.audience];
  return { kind, id: scope.actor.id, label: scope.actor.label };
}

/** The words of a search, letters and digits only; it looks for all that begin so. Eight say enough. */
export function searchWords(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, 8);
}

/** The ticket number that a search asks for: `T-1042`, `#1042` or `1042`; null for anything else. */
export function numberIn(text: string): number | null {
  const digits = /^(?:#|t-)?(\d{1,9})$/i.exec(text.trim())?.[1];
  return digits === undefined ? null : Number(digits);
}
