import { api } from '#web/app/api/api.ts';
import { findTickets } from '#web/features/tickets/record/find-tickets.ts';
import type { Choice } from '#web/ui/combobox/combobox.tsx';

/** What work is for: a ticket, or a client without one. */
export type WorkFor = { readonly ticketId: string } | { readonly clientId: string };

const CLIENT = 'client:';
/** Beside the tickets that were found, so that neither hides the other. */
const MOST_CLIENTS = 6;

/** Tickets by number or words, and clients by name for what is on no ticket; one's own company first where nothing is typed yet. */
export async function findWork(text: string): Promise<readonly Choice[]> {
  const [own, clients, tickets] = await Promise.all([
    text === '' ? clientChoices({ isInternal: true, limit: 1 }) : [],
    text === ''
      ? []
      : clientChoices({ search: text, states: ['prospect', 'active', 'suspended'], limit: MOST_CLIENTS }),
    findTickets(text, ''),
  ]);
  return [...own, ...clients, ...tickets];
}

async function clientChoices(asked: Parameters<typeof api.tenancy.listClients.query>[0]): Promise<Choice[]> {
  const { items } = await api.tenancy.listClients.query(asked);
  return items.map(({ id, name, isInternal }) => ({
    id: `${CLIENT}${id}`,
    label: name,
    detail: isInternal ? 'Our own work, billed to nobody' : 'Without a ticket',
  }));
}

/** What a choice of `findWork` stands for; undefined for none. */
export function workOf(choice: Choice | undefined): WorkFor | undefined {
  if (choice === undefined) return undefined;
  return choice.id.startsWith(CLIENT) ? { clientId: choice.id.slice(CLIENT.length) } : { ticketId: choice.id };
}

/** The choice that stands for a client without a ticket. */
export function clientChoice(clientId: string, name: string): Choice {
  return { id: `${CLIENT}${clientId}`, label: name };
}
