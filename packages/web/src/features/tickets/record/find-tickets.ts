import { api } from '#web/app/api/api.ts';
import type { Choice } from '#web/ui/combobox/combobox.tsx';
import { STATUSES, ticketLabel } from '../ticket-words.ts';

/** Tickets by number or words for a box in which one is chosen, all clients’ or one’s; never the one that asks. */
export async function findTickets(text: string, except: string, clientId?: string): Promise<readonly Choice[]> {
  const { items } = await api.tickets.listTickets.query({
    tab: 'all',
    limit: 12,
    ...(text === '' ? {} : { search: text }),
    ...(clientId === undefined ? {} : { clientId: clientId as never }),
  });
  return items
    .filter((ticket) => ticket.id !== except && ticket.mergedIntoId === null)
    .map((ticket) => ({
      id: ticket.id,
      label: `${ticketLabel(ticket.number)} ${ticket.subject}`,
      detail: `${ticket.clientName ?? ''} · ${STATUSES[ticket.status].label}`,
    }));
}
