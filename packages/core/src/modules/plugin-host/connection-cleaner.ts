import type { ClientId } from '#kernel/id';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { ConnectionId } from './plugin-host-table.ts';

/**
 * What a module above must do when a connection is removed, in the same transaction: with `purge` delete every row that refers to it, without it stop whatever runs and keep
 * what was brought. A module registers its own under the token, in its `register`.
 */
export interface ConnectionCleaner {
  clean(
    tx: AnyTransaction,
    removed: { readonly connectionId: ConnectionId; readonly clientId: ClientId | null; readonly purge: boolean },
  ): Promise<void>;
}
