import type { ClientId, Id } from '#kernel/id';
import type { DeskCategoryId } from '#modules/desk-catalogue';
import type { TeamId } from '#modules/teams';
import type { ClientGroupId, ContactId } from '#modules/tenancy';
import type { StaffId, TicketId, TicketQueueId, TicketSource, TicketStatus, TicketType } from '#modules/tickets';
import type { ChangedField, TimeBasis } from './criteria-input.ts';

export type SlaCalendarId = Id<'sla-calendar'>;

/** All that conditions can ask of a ticket, on one loaded row. */
export interface TicketFacts {
  readonly id: TicketId;
  readonly number: number;
  readonly version: number;
  readonly clientId: ClientId;
  readonly clientGroupIds: readonly ClientGroupId[];
  readonly status: TicketStatus;
  readonly priority: number;
  readonly type: TicketType;
  readonly source: TicketSource;
  readonly subject: string;
  /** The words that the event is about: the comment, or the first words of a ticket that was opened. */
  readonly body: string;
  readonly queueId: TicketQueueId | null;
  readonly teamId: TeamId | null;
  readonly categoryId: DeskCategoryId | null;
  readonly assigneeId: StaffId | null;
  readonly contactId: ContactId | null;
  /** What its custom fields hold, by field: a text for each row of a value. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  readonly isVip: boolean;
  readonly isSnoozed: boolean;
  readonly isReplyAwaited: boolean;
  readonly openedAt: Temporal.Instant;
  readonly nextBreachAt: Temporal.Instant | null;
}

/** One field that went from one value to another, as texts. */
export interface FieldChange {
  readonly field: ChangedField;
  readonly from: string | null;
  readonly to: string | null;
}

/** What happened, as rules see it. */
export type RuleEvent =
  | { readonly kind: 'opened' }
  | { readonly kind: 'changed'; readonly changes: readonly FieldChange[] }
  | {
      readonly kind: 'commented';
      readonly by: 'client' | 'staff';
      readonly visibility: 'public' | 'internal';
    }
  | { readonly kind: 'time'; readonly since: TimeBasis; readonly basis: Temporal.Instant }
  | { readonly kind: 'schedule' };

/** The moment of the event, which calendars are open then, and how categories lie in each other. */
export interface Circumstances {
  readonly now: Temporal.Instant;
  readonly isInHours: (calendarId: SlaCalendarId) => boolean;
  /** A category and all that it lies in. */
  readonly categoriesAbove: (categoryId: DeskCategoryId) => readonly DeskCategoryId[];
}
