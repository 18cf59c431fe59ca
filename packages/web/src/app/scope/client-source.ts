import { api } from '#web/app/api/api.ts';

/** A client as the scope switch shows it. */
export interface ScopeChoice {
  readonly id: string;
  readonly name: string;
}

// @TODO(#2) becomes `api.tenancy.…` when the router's type is exported.
interface TenancyCalls {
  readonly tenancy: {
    readonly searchClients: { query(input: { text: string; limit: number }): Promise<{ items: readonly ScopeChoice[] }> };
    readonly getClient: { query(input: { clientId: string }): Promise<ScopeChoice> };
    readonly listClientGroups: { query(input: Record<string, never>): Promise<{ items: readonly ScopeChoice[] }> };
    readonly countClients: { query(input: Record<string, never>): Promise<{ count: number }> };
  };
}
const { tenancy } = api as unknown as TenancyCalls;

/** The name of one client; a problem `not-found` when it is none of this person's. */
export async function fetchClientName(clientId: string): Promise<string> {
  return (await tenancy.getClient.query({ clientId })).name;
}

/** The name of a group of clients. */
export async function fetchGroupName(groupId: string): Promise<string> {
  const groups = await fetchGroups();
  return groups.find(({ id }) => id === groupId)?.name ?? 'Unknown group';
}

/** How many clients this person reaches. */
export async function countClients(): Promise<number> {
  return (await tenancy.countClients.query({})).count;
}

/** Clients whose name begins or contains `text`, the closest first; with no text the first by name. */
export async function findClients(text: string): Promise<readonly ScopeChoice[]> {
  return (await tenancy.searchClients.query({ text, limit: 50 })).items;
}

/** All groups of clients. */
export async function fetchGroups(): Promise<readonly ScopeChoice[]> {
  return (await tenancy.listClientGroups.query({})).items;
}
