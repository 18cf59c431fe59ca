import type { ClientId } from '#kernel/id';

/** What tells one company from all others. */
export const KEY_KINDS = ['tenant-id', 'domain', 'tax-id', 'customer-number'] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

/** What a vendor told of a scope, normalised so that equal means the same. `namespace` is where a value is unique: everywhere where it is empty. */
export interface Hint {
  readonly kind: KeyKind | 'device-serial' | 'email';
  readonly namespace: string;
  readonly value: string;
}

/** Why a scope is thought to be a client's. Strongest first: a connection's owner, keys, devices, people, names. */
export interface Evidence {
  readonly clientId: ClientId;
  readonly kind: 'owner' | KeyKind | 'device-serial' | 'email' | 'name';
  /** A sentence for people: `The domain hartley.example is this client's.` */
  readonly detail: string;
}
