import { z } from 'zod';
import { clientIdSchema, idSchema } from '#kernel/id';
import { fieldValueView } from '#modules/desk-fields';
import { openPromiseView } from '#modules/sla';
import { LINK_KINDS, TICKET_SOURCES, TICKET_STATUSES, TICKET_TYPES, VISIBILITIES } from './ticket.ts';
import type { NamesById } from './ticket-name-queries.ts';
import type { TicketRow } from './ticket-store.ts';

/** A ticket as a list shows it. Names are null where there is nothing, or nothing that the reader may see. */
export const ticketView = z.object({
  id: idSchema('ticket'),
  number: z.int(),
  clientId: clientIdSchema,
  clientName: z.string().nullable(),
  type: z.enum(TICKET_TYPES),
  status: z.enum(TICKET_STATUSES),
  impact: z.int(),
  urgency: z.int(),
  priority: z.int(),
  source: z.enum(TICKET_SOURCES),
  subject: z.string(),
  queueId: idSchema('ticket-queue').nullable(),
  queueName: z.string().nullable(),
  assigneeId: idSchema('staff').nullable(),
  assigneeName: z.string().nullable(),
  siteId: idSchema('site').nullable(),
  siteName: z.string().nullable(),
  contactId: idSchema('contact').nullable(),
  contactName: z.string().nullable(),
  assetId: idSchema('asset').nullable(),
  assetName: z.string().nullable(),
  categoryId: idSchema('desk-category').nullable(),
  categoryName: z.string().nullable(),
  teamId: idSchema('team').nullable(),
  teamName: z.string().nullable(),
  isVip: z.boolean(),
  /** Until when it is out of the active views; null where it is not, or waits for a reply alone. */
  snoozedUntil: z.iso.datetime().nullable(),
  isSnoozedUntilReply: z.boolean(),
  isSnoozed: z.boolean(),
  /** When it came back from a snooze; null once somebody has worked on it again. */
  wokenAt: z.iso.datetime().nullable(),
  /** The ticket that goes on in its place. */
  mergedIntoId: idSchema('ticket').nullable(),
  /** True while the newest public word is the client's. */
  isReplyAwaited: z.boolean(),
  openedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  resolvedAt: z.iso.datetime().nullable(),
  closedAt: z.iso.datetime().nullable(),
  /** When the first promise that is still open is due, or was broken; null where nothing is due. */
  nextBreachAt: z.iso.datetime().nullable(),
  version: z.int(),
});
export type TicketView = z.input<typeof ticketView>;

export const attachmentView = z.object({
  id: idSchema('ticket-attachment'),
  fileId: idSchema('file'),
  fileName: z.string(),
  sizeBytes: z.int(),
});

export const commentView = z.object({
  id: idSchema('ticket-comment'),
  visibility: z.enum(VISIBILITIES),
  authorKind: z.enum(['staff', 'contact', 'system']),
  authorId: z.uuid(),
  authorName: z.string(),
  body: z.string(),
  /** A safe subset of HTML, where the words are formatted; images of stored files are `attachment:<file id>`. */
  html: z.string().nullable(),
  /** Quotes and signature of a mail, for a click. */
  foldedHtml: z.string().nullable(),
  foldedText: z.string().nullable(),
  createdAt: z.iso.datetime(),
  attachments: z.array(attachmentView),
});

export const historyView = z.object({
  id: idSchema('ticket-event'),
  kind: z.string(),
  at: z.iso.datetime(),
  actorKind: z.enum(['staff', 'contact', 'system']),
  actorName: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  /** Why, where that is not plain. */
  reason: z.string().nullable(),
});

export const linkView = z.object({
  id: idSchema('ticket-link'),
  kind: z.enum(LINK_KINDS),
  /** `from`: this ticket is linked to the other. `to`: the other is linked to this one. */
  direction: z.enum(['from', 'to']),
  ticketId: idSchema('ticket'),
  number: z.int(),
  subject: z.string(),
  status: z.enum(TICKET_STATUSES),
});

/** A ticket with its conversation and its history, as far as the reader's audience goes, oldest first. */
export const ticketDetailView = ticketView.extend({
  /** Why the priority is what it is: `high impact × medium urgency: P2`, `set by Ada`. Empty on tickets from before reasons were kept. */
  priorityReason: z.string(),
  isPrioritySet: z.boolean(),
  /** The values of custom fields, in the order of the fields. */
  values: z.array(fieldValueView),
  /** The number of the ticket that goes on in its place. */
  mergedIntoNumber: z.int().nullable(),
  agreementId: idSchema('agreement').nullable(),
  agreementReason: z.string(),
  touchedByPerson: z.boolean(),
  comments: z.array(commentView),
  history: z.array(historyView),
  links: z.array(linkView),
});
export type TicketDetailView = z.input<typeof ticketDetailView>;

/** A ticket as the portal shows it: nothing of how the MSP works on it. */
export const portalTicketView = ticketView.pick({
  id: true,
  number: true,
  type: true,
  status: true,
  priority: true,
  subject: true,
  contactId: true,
  contactName: true,
  assetId: true,
  assetName: true,
  openedAt: true,
  updatedAt: true,
  resolvedAt: true,
  version: true,
});
export type PortalTicketView = z.input<typeof portalTicketView>;

export const portalTicketDetailView = portalTicketView.extend({
  comments: z.array(commentView),
  history: z.array(historyView),
  /** What was promised and still waits. */
  promises: z.array(openPromiseView),
  /** True where it goes on as another ticket. */
  isMerged: z.boolean(),
  /** The ticket that it goes on as, where the reader may see it. */
  mergedInto: z.object({ id: idSchema('ticket'), number: z.int(), subject: z.string() }).nullable(),
});
export type PortalTicketDetailView = z.input<typeof portalTicketDetailView>;

export function toTicketView(row: TicketRow, names: NamesById): TicketView {
  const nameOf = (id: string | null): string | null => (id === null ? null : (names.get(id) ?? null));
  return {
    id: row.id,
    number: row.number,
    clientId: row.client_id,
    clientName: nameOf(row.client_id),
    type: row.type,
    status: row.status,
    impact: row.impact,
    urgency: row.urgency,
    priority: row.priority,
    source: row.source,
    subject: row.subject,
    queueId: row.queue_id,
    queueName: nameOf(row.queue_id),
    assigneeId: row.assignee_id,
    assigneeName: nameOf(row.assignee_id),
    siteId: row.site_id,
    siteName: nameOf(row.site_id),
    contactId: row.contact_id,
    contactName: nameOf(row.contact_id),
    assetId: row.asset_id,
    assetName: nameOf(row.asset_id),
    categoryId: row.category_id,
    categoryName: nameOf(row.category_id),
    teamId: row.team_id,
    teamName: nameOf(row.team_id),
    isVip: row.is_vip,
    snoozedUntil: row.snoozed_until?.toString() ?? null,
    isSnoozedUntilReply: row.is_snoozed_until_reply,
    isSnoozed: row.is_snoozed,
    wokenAt: row.woken_at?.toString() ?? null,
    mergedIntoId: row.merged_into_id,
    isReplyAwaited: row.is_reply_awaited,
    openedAt: row.opened_at.toString(),
    updatedAt: row.updated_at.toString(),
    resolvedAt: row.resolved_at?.toString() ?? null,
    closedAt: row.closed_at?.toString() ?? null,
    nextBreachAt: row.next_breach_at?.toString() ?? null,
    version: row.version,
  };
}

export function toPortalTicketView(row: TicketRow, names: NamesById): PortalTicketView {
  const view = toTicketView(row, names);
  return {
    id: view.id,
    number: view.number,
    type: view.type,
    status: view.status,
    priority: view.priority,
    subject: view.subject,
    contactId: view.contactId,
    contactName: view.contactName,
    assetId: view.assetId,
    assetName: view.assetName,
    openedAt: view.openedAt,
    updatedAt: view.updatedAt,
    resolvedAt: view.resolvedAt,
    version: view.version,
  };
}
