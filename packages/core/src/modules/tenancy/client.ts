import { ConflictError } from '#kernel/errors';

/** `archived` is read-only: no orders, not billed. */
export const CLIENT_STATES = ['prospect', 'active', 'suspended', 'archived'] as const;
export type ClientState = (typeof CLIENT_STATES)[number];

const NEXT: Readonly<Record<ClientState, readonly ClientState[]>> = {
  prospect: ['active', 'archived'],
  active: ['suspended', 'archived'],
  suspended: ['active', 'archived'],
  archived: ['active'],
};

/** Throws `tenancy.state-not-reachable` unless a client may go from one state to the other. The internal client stays active. */
export function assertStateChange(
  client: { readonly state: ClientState; readonly is_internal: boolean },
  to: ClientState,
): void {
  if (client.is_internal)
    throw new ConflictError(
      'tenancy.internal-client',
      'The internal client holds the MSP’s own machines and always stays active.',
    );
  if (!NEXT[client.state].includes(to))
    throw new ConflictError('tenancy.state-not-reachable', `A client that is ${client.state} cannot become ${to}.`);
}

/** A short code from a name, for lists and ticket mail: `Hartley & Sons` → `HARTLEY`. */
export function shortCodeFrom(name: string): string {
  const word =
    name
      .normalize('NFKD')
      .replaceAll(/[^A-Za-z0-9 ]/g, '')
      .trim()
      .split(' ')[0] ?? '';
  return (word === '' ? 'CLIENT' : word).toUpperCase().slice(0, 12);
}
