import { newId } from '../../packages/core/src/kernel/id.ts';
import type { TicketFacts } from '../../packages/core/src/modules/rule-conditions/ticket-facts.ts';

/** A ticket of which nothing is to be said, as rules see it. */
export const plainTicket: TicketFacts = {
  id: newId(),
  number: 1,
  version: 1,
  clientId: newId(),
  clientGroupIds: [],
  status: 'new',
  priority: 3,
  type: 'incident',
  source: 'staff',
  subject: '',
  body: '',
  queueId: null,
  teamId: null,
  categoryId: null,
  assigneeId: null,
  contactId: null,
  isVip: false,
  fields: {},
  isSnoozed: false,
  isReplyAwaited: false,
  openedAt: Temporal.Instant.from('2026-11-20T08:00:00Z'),
  nextBreachAt: null,
};
