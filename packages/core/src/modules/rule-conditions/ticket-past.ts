import type { TicketFacts } from './ticket-facts.ts';

/** A line of a ticket's history. */
export interface PastLine {
  readonly version: number;
  readonly kind: string;
  readonly at: Temporal.Instant;
  readonly by: 'staff' | 'contact' | 'system';
  readonly from: string | null;
  readonly to: string | null;
}

/** Words on a ticket, oldest first. */
export interface PastWords {
  readonly at: Temporal.Instant;
  readonly isPublic: boolean;
  readonly body: string;
}

/** A ticket with what happened to it, oldest first. */
export interface TicketPast {
  readonly now: TicketFacts;
  readonly lines: readonly PastLine[];
  readonly words: readonly PastWords[];
}
