import { createRecordQuery, type RecordQuery } from '#web/app/query/create-record-query.ts';
import { api } from '#web/app/api/api.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { toProblem } from '#web/app/problem/problem.ts';
import { showDone, showProblem } from '#web/ui/toast/toast-store.ts';
import type { TicketDetail } from './ticket-words.ts';

/** Who can be given a ticket, and who of them is the reader. */
export function createAssignees() {
  return createRecordQuery({
    key: () => ['identity.staff', 'list', 'assignees'],
    fetch: (signal) => api.tickets.listAssignees.query({}, { signal }),
  });
}

/** One ticket with its conversation. */
export function createTicket(id: () => string): RecordQuery<TicketDetail> {
  return createRecordQuery({
    key: () => ['ticket', 'one', id()],
    fetch: (signal) => api.tickets.getTicket.query({ ticketId: id() as never }, { signal }),
  });
}

export type TicketChange = Omit<Parameters<typeof api.tickets.updateTicket.mutate>[0], 'ticketId' | 'version'>;

/** Changes a ticket as it was read; says so, and offers to take it back. */
export async function changeTicket(
  ticket: { id: string; version: number },
  change: TicketChange,
  said?: { text: string; back?: TicketChange },
): Promise<void> {
  try {
    const { version } = await api.tickets.updateTicket.mutate({
      ...change,
      ticketId: ticket.id as never,
      version: ticket.version,
    });
    await invalidateTopic('ticket', ticket.id);
    if (said === undefined) return;
    const { back } = said;
    showDone(said.text, back === undefined ? {} : { undo: () => void changeTicket({ id: ticket.id, version }, back) });
  } catch (error) {
    showProblem('The ticket was not changed', toProblem(error).message);
    await invalidateTopic('ticket', ticket.id);
  }
}
