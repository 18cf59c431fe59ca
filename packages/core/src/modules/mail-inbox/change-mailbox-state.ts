import type { z } from 'zod';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { MailInboxTables, MailboxState } from './mail-inbox-table.ts';
import type { mailboxVersionInput } from './mailbox-input.ts';
import type { SaveMailboxDeps } from './save-mailbox.ts';

type Input = z.output<typeof mailboxVersionInput>;

const DONE: Readonly<Record<MailboxState, string>> = {
  active: 'Resumed the mailbox',
  paused: 'Paused the mailbox',
  removed: 'Removed the mailbox',
};
const ACTION: Readonly<Record<MailboxState, string>> = {
  active: 'mail-inbox.resume-mailbox',
  paused: 'mail-inbox.pause-mailbox',
  removed: 'mail-inbox.remove-mailbox',
};

/** Stops a mailbox for a while or for good. What came in by it stays, and is still handled. */
export class ChangeMailboxState {
  readonly #db: ScopedDb<MailInboxTables>;
  readonly #deps: SaveMailboxDeps;

  constructor(deps: SaveMailboxDeps) {
    this.#db = deps.db.typed<MailInboxTables>();
    this.#deps = deps;
  }

  /** Throws `mail-inbox.mailbox-not-found`, `mail-inbox.mailbox-changed`. Removing forgets the secrets and lets the address be used anew. */
  async run(scope: TenantScope, input: Input, state: MailboxState): Promise<{ version: number }> {
    requireWholeMsp(scope);
    const { store, secrets, directory, audit, live } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const row = await store.forChange(tx, input.mailboxId);
      await store.update(tx, row.id, input.version, {
        state,
        connected_at: null,
        last_error: null,
        failing_since: null,
        leased_until: null,
      });
      if (state === 'removed') {
        await secrets.clear(tx, row.id);
        await directory.removeRoutes(tx, 'mailbox', row.id);
      }
      await audit.record(tx, {
        action: ACTION[state],
        subject: { kind: 'mailbox', id: row.id, clientId: null },
        summary: `${DONE[state]} ${row.address}`,
      });
      const version = input.version + 1;
      tx.onCommit(() => this.#deps.wake.wake());
      live.touch(tx, { clientId: null, topic: 'mailbox', id: row.id, version });
      return { version };
    });
  }
}
