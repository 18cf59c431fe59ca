import type { ClientId, MspId } from '#kernel/id';
import { reaches, type TenantScope } from '#kernel/tenant-scope';
import type { AnyTransaction } from '#platform/db/scoped-transaction';

/** That something changed; never what. A browser that shows it asks again under its own scope. */
export interface LiveChange {
  readonly mspId: MspId;
  /** Null for what belongs to the whole MSP; such changes reach staff only. */
  readonly clientId: ClientId | null;
  /** The kind of thing: `ticket`, `alert`, `asset`, `invoice`. */
  readonly topic: string;
  readonly id: string;
  readonly version: number;
  /** False for what contacts must not even learn the existence of: internal notes, costs. */
  readonly isForContacts: boolean;
}

/** Carries changes to other processes; absent where there is no session connection to listen on. */
export interface LiveRelay {
  publish(changes: readonly LiveChange[]): void;
}

const FLUSH_MS = 100;

/**
 * Tells open browsers what changed. Changes are gathered after commit and relayed in batches, for a NOTIFY in every commit costs two thirds of the
 * write rate. Lost ones (a crash between commit and flush) only mean that a screen is stale until it next asks.
 */
export class LiveHub {
  readonly #listeners = new Set<(change: LiveChange) => void>();
  #relay: LiveRelay | null = null;
  #pending: LiveChange[] = [];
  #timer: NodeJS.Timeout | null = null;

  connect(relay: LiveRelay): void {
    this.#relay = relay;
  }

  /** Announces a change once `tx` commits. */
  touch(tx: AnyTransaction, change: Omit<LiveChange, 'mspId' | 'isForContacts'> & { isForContacts?: boolean }): void {
    const full: LiveChange = { isForContacts: false, ...change, mspId: tx.scope.mspId };
    tx.onCommit(() => this.#announce(full));
  }

  /** Hands a change that another process announced to this process's listeners. */
  receive(change: LiveChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  /** Calls `listener` for each change that the scope may know of; returns how to stop. */
  listen(scope: TenantScope, listener: (change: LiveChange) => void): () => void {
    const filtered = (change: LiveChange): void => {
      if (isVisible(scope, change)) listener(change);
    };
    this.#listeners.add(filtered);
    return () => this.#listeners.delete(filtered);
  }

  #announce(change: LiveChange): void {
    this.receive(change);
    if (this.#relay === null) return;
    this.#pending.push(change);
    if (this.#timer === null) this.#timer = setTimeout(() => this.#flush(), FLUSH_MS);
  }

  #flush(): void {
    const changes = this.#pending;
    this.#pending = [];
    this.#timer = null;
    this.#relay?.publish(changes);
  }
}

function isVisible(scope: TenantScope, change: LiveChange): boolean {
  if (change.mspId !== scope.mspId) return false;
  const isContact = scope.audience === 'client' || scope.audience === 'client_it';
  if (isContact && !change.isForContacts) return false;
  return change.clientId === null ? !isContact : reaches(scope, change.clientId);
}
