import type { Generated, GeneratedAlways } from 'kysely';
import type { ClientId, Id, MspId } from '#kernel/id';
import type { AgreementId } from '#modules/agreements';
import type { AssetId } from '#modules/assets';
import type { DeskCategoryId } from '#modules/desk-catalogue';
import type { TeamId } from '#modules/teams';
import type { ContactId, SiteId } from '#modules/tenancy';
import type { Level, LinkKind, Priority, TicketSource, TicketStatus, TicketType, Visibility } from './ticket.ts';
import type { TicketEventKind } from './ticket-history.ts';

export type TicketId = Id<'ticket'>;
export type TicketQueueId = Id<'ticket-queue'>;
export type TicketAlertRuleId = Id<'ticket-alert-rule'>;
export type TicketCommentId = Id<'ticket-comment'>;
export type TicketLinkId = Id<'ticket-link'>;
export type StaffId = Id<'staff'>;
export type AlertSeverity = 'info' | 'warning' | 'critical';

interface OfTicket {
  msp_id: MspId;
  client_id: ClientId;
  ticket_id: TicketId;
}

interface Written {
  actor_kind: 'staff' | 'contact' | 'system';
  actor_id: string;
  actor_label: string;
}

export interface TicketTables {
  ticket_counter: { msp_id: MspId; last_number: number };
  ticket_queue: {
    msp_id: MspId;
    id: TicketQueueId;
    name: string;
    is_active: Generated<boolean>;
    version: Generated<number>;
    created_at: Temporal.Instant;
  };
  ticket: {
    msp_id: MspId;
    id: TicketId;
    client_id: ClientId;
    number: number;
    type: TicketType;
    status: TicketStatus;
    impact: Level;
    urgency: Level;
    priority: Priority;
    source: TicketSource;
    subject: string;
    queue_id: TicketQueueId | null;
    assignee_id: StaffId | null;
    site_id: SiteId | null;
    contact_id: ContactId | null;
    asset_id: AssetId | null;
    category_id: DeskCategoryId | null;
    team_id: TeamId | null;
    /** Whether the contact was a VIP when the ticket became theirs. */
    is_vip: Generated<boolean>;
    /** True where somebody named the priority, so that the matrix does not change it any more. */
    is_priority_set: Generated<boolean>;
    /** Why the priority is what it is; empty on tickets from before reasons were kept. */
    priority_reason: Generated<string>;
    snoozed_until: Temporal.Instant | null;
    is_snoozed_until_reply: Generated<boolean>;
    is_snoozed: GeneratedAlways<boolean>;
    /** When it came back from a snooze; null once somebody has worked on it again. */
    woken_at: Temporal.Instant | null;
    /** The ticket that goes on in its place. */
    merged_into_id: TicketId | null;
    agreement_client_id: ClientId | null;
    agreement_id: AgreementId | null;
    agreement_reason: string;
    touched_by_person: boolean;
    is_reply_awaited: boolean;
    opened_at: Temporal.Instant;
    updated_at: Temporal.Instant;
    resolved_at: Temporal.Instant | null;
    closed_at: Temporal.Instant | null;
    version: Generated<number>;
    /** When the first promise that is still open is due, or was broken; null where nothing is due. */
    next_breach_at: Generated<Temporal.Instant | null>;
    is_open: GeneratedAlways<boolean>;
    /** `next_breach_at`, or a moment that stands for never. */
    breach_order: GeneratedAlways<Temporal.Instant>;
    search: GeneratedAlways<string>;
  };
  ticket_comment: OfTicket & {
    id: TicketCommentId;
    visibility: Visibility;
    author_kind: 'staff' | 'contact' | 'system';
    author_id: string;
    author_label: string;
    body: string;
    /** A safe subset of what was written, where it was formatted; `body` is the plain text of the same. */
    html: Generated<string | null>;
    /** Quotes and signature of a mail, shown on a click. */
    folded_html: Generated<string | null>;
    folded_text: Generated<string | null>;
    created_at: Temporal.Instant;
    search: GeneratedAlways<string>;
  };
  ticket_attachment: OfTicket & {
    id: Id<'ticket-attachment'>;
    comment_id: TicketCommentId;
    visibility: Visibility;
    file_id: Id<'file'>;
    file_name: string;
    size_bytes: number;
    created_at: Temporal.Instant;
  };
  ticket_event: OfTicket &
    Written & {
      id: Id<'ticket-event'>;
      ticket_version: number;
      kind: TicketEventKind;
      at: Temporal.Instant;
      from_value: string | null;
      to_value: string | null;
      /** Why, where that is not plain: `round robin of Service desk`. */
      reason: string | null;
    };
  ticket_link: OfTicket & {
    id: TicketLinkId;
    to_client_id: ClientId;
    to_ticket_id: TicketId;
    kind: LinkKind;
    created_at: Temporal.Instant;
  };
  ticket_alert_rule: {
    msp_id: MspId;
    id: TicketAlertRuleId;
    name: string;
    place: number;
    is_active: Generated<boolean>;
    is_default: Generated<boolean>;
    min_severity: AlertSeverity;
    client_ids: Generated<ClientId[]>;
    queue_id: TicketQueueId | null;
    priority: Priority | null;
    version: Generated<number>;
    created_at: Temporal.Instant;
  };
  ticket_alert: {
    msp_id: MspId;
    client_id: ClientId;
    alert_id: string;
    fingerprint: string;
    ticket_id: TicketId | null;
    rule_id: TicketAlertRuleId | null;
    raised_at: Temporal.Instant | null;
    recovered_at: Temporal.Instant | null;
  };
}
