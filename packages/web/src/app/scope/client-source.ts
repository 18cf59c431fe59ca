import { api } from '#web/app/api/api.ts';

/** A client as the scope switch shows it. */
export interface ScopeChoice {
  readonly id: string;
  readonly name: string;
}

/** The name of one client; a problem `not-found` when it is none of this person's. */
export async function fetchClientName(clientId: string): Promise<string> {
  return (await api.tenancy.getClient.query({ clientId })).name;
}

/** The first clients by name whose name contains `text`. */
export async function findClients(text: string): Promise<readonly ScopeChoice[]> {
  const page = await api.tenancy.listClients.query({ limit: 100, ...(text === '' ? {} : { search: text }) });
  return page.items;
}

/** How many clients this person reaches, as the scope switch writes it: exact up to a hundred, then "100+". */
export async function fetchClientCount(): Promise<string> {
  const { items, nextCursor } = await api.tenancy.listClients.query({ limit: 100 });
  return nextCursor === null ? String(items.length) : `${items.length}+`;
}
