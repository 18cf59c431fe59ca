import type { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { InvalidInputError } from '#kernel/errors';
import { newId } from '#kernel/id';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { Directory } from '#modules/directory';
import type { ClientQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import type { MailboxConsent, MailboxId, MailInboxTables } from './mail-inbox-table.ts';
import { consentVendor, isSameConsent, NO_CONSENT } from './mailbox-consent.ts';
import {
  definedSecrets,
  maySendStored,
  enteredSecrets,
  usedSecrets,
  type createMailboxInput,
  type updateMailboxInput,
} from './mailbox-input.ts';
import type { MailboxSecretValues, MailboxSecrets } from './mailbox-secrets.ts';
import type { MailboxWake } from './mailbox-wake.ts';
import { addressTaken, type MailboxRow, type MailboxStore } from './mailbox-store.ts';

export interface SaveMailboxDeps {
  readonly db: ScopedDb;
  readonly store: MailboxStore;
  readonly secrets: MailboxSecrets;
  readonly directory: Directory;
  readonly clients: ClientQueries;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
  readonly wake: MailboxWake;
}

type Fields = z.output<typeof createMailboxInput>;

/** Connects a mailbox, or changes how one is connected. */
export class SaveMailbox {
  readonly #db: ScopedDb<MailInboxTables>;
  readonly #deps: SaveMailboxDeps;

  constructor(deps: SaveMailboxDeps) {
    this.#db = deps.db.typed<MailInboxTables>();
    this.#deps = deps;
  }

  /** Throws `mail-inbox.address-taken`, `mail-inbox.secret-missing`, `tenancy.client-not-found`. */
  async create(scope: TenantScope, input: Fields): Promise<{ mailboxId: MailboxId }> {
    requireWholeMsp(scope);
    const { store, secrets, audit, live, clock } = this.#deps;
    const id = newId<'mail-mailbox'>();
    requireSecrets(input, {});
    return this.#db.transaction(scope, async (tx) => {
      await this.#assertClient(tx.scope, input);
      await store.insert(tx, {
        msp_id: scope.mspId,
        id,
        kind: input.settings.kind,
        ...columnsOf(input),
        cursor: null,
        leased_by: null,
        leased_until: null,
        connected_at: null,
        last_seen_at: null,
        last_mail_at: null,
        last_error: null,
        failing_since: null,
        consent: this.#consent(scope, input),
        created_at: clock.now(),
      });
      await secrets.set(tx, id, usedSecrets(input.settings, definedSecrets(input.secrets)));
      await this.#route(tx, id, input);
      await audit.record(tx, {
        action: 'mail-inbox.create-mailbox',
        subject: { kind: 'mailbox', id, clientId: null },
        summary: `Connected the mailbox ${input.address}`,
        after: told(input),
      });
      tx.onCommit(() => this.#deps.wake.wake());
      live.touch(tx, { clientId: null, topic: 'mailbox', id, version: 1 });
      return { mailboxId: id };
    });
  }

  /** Changes everything but the kind. Throws as `create`, and `mail-inbox.mailbox-not-found`, `mail-inbox.mailbox-changed`, `mail-inbox.kind-is-fixed`. */
  async update(scope: TenantScope, input: z.output<typeof updateMailboxInput>): Promise<{ version: number }> {
    requireWholeMsp(scope);
    const { store, secrets, audit, live } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const row = await store.forChange(tx, input.mailboxId);
      if (row.kind !== input.settings.kind)
        throw new InvalidInputError('mail-inbox.kind-is-fixed', 'A mailbox stays of its kind. Make another one.', {
          fields: [{ path: ['settings', 'kind'], message: 'must stay as it is' }],
        });
      const stored = await secrets.open(tx, row.id);
      // Whoever may change the host must not be able to have a stored password sent there.
      requireSecrets(input, maySendStored(row.settings, input.settings) ? stored : {});
      await this.#assertClient(tx.scope, input);
      const keepsConsent = input.secrets.refreshToken === undefined && isSameConsent(row, input);
      await store.update(tx, row.id, input.version, {
        ...columnsOf(input),
        ...(isSamePlace(row, input) ? {} : { cursor: null }),
        connected_at: null,
        last_error: null,
        failing_since: null,
        leased_until: null,
        consent: keepsConsent ? JSON.stringify(row.consent) : this.#consent(scope, input),
      });
      const { refreshToken, ...others } = stored;
      const values = {
        ...others,
        ...(keepsConsent && refreshToken !== undefined ? { refreshToken } : {}),
        ...definedSecrets(input.secrets),
      };
      await secrets.clear(tx, row.id);
      await secrets.set(tx, row.id, usedSecrets(input.settings, values));
      await this.#deps.directory.removeRoutes(tx, 'mailbox', row.id);
      await this.#route(tx, row.id, input);
      await audit.record(tx, {
        action: 'mail-inbox.update-mailbox',
        subject: { kind: 'mailbox', id: row.id, clientId: null },
        summary: `Changed the mailbox ${input.address}`,
        before: { name: row.name, address: row.address, settings: row.settings },
        after: told(input),
      });
      const version = input.version + 1;
      tx.onCommit(() => this.#deps.wake.wake());
      live.touch(tx, { clientId: null, topic: 'mailbox', id: row.id, version });
      return { version };
    });
  }

  /** Nobody's but for a refresh token that was entered, which stands for one. */
  #consent(scope: TenantScope, input: Fields): string | null {
    if (consentVendor(input.settings) === null) return null;
    if (input.secrets.refreshToken === undefined) return JSON.stringify(NO_CONSENT);
    const at = this.#deps.clock.now().toString();
    const given: MailboxConsent = { ...NO_CONSENT, state: 'given', by: scope.actor.label, at };
    return JSON.stringify(given);
  }

  async #assertClient(scope: TenantScope, input: Fields): Promise<void> {
    if (input.defaultClientId !== null) await this.#deps.clients.get(scope, input.defaultClientId);
  }

  /** The listener finds a mailbox by its address, over all MSPs. */
  async #route(tx: ScopedTransaction<MailInboxTables>, id: MailboxId, input: Fields): Promise<void> {
    if (input.settings.kind !== 'smtp') return;
    try {
      await this.#deps.directory.addRoute(tx, { kind: 'mailbox', secret: input.address, subjectId: id });
    } catch (error) {
      if ((error as { code?: string }).code === '23505') throw addressTaken(error);
      throw error;
    }
  }
}

function requireSecrets(input: Fields, stored: MailboxSecretValues): void {
  const missing = enteredSecrets(input.settings).filter((name) => (input.secrets[name] ?? stored[name]) === undefined);
  if (missing.length === 0) return;
  throw new InvalidInputError('mail-inbox.secret-missing', 'Enter what the mailbox is signed in with.', {
    fields: missing.map((name) => ({ path: ['secrets', name], message: 'must not be empty' })),
  });
}

/** Whether reading can go on where it stopped. */
function isSamePlace(row: MailboxRow, wanted: Fields): boolean {
  const placeOf = (settings: Fields['settings'], address: string): string => {
    switch (settings.kind) {
      case 'imap':
        return JSON.stringify([settings.host, settings.user, settings.folder]);
      case 'graph':
        return JSON.stringify([address, settings.folder]);
      case 'gmail':
        return JSON.stringify([address, settings.label]);
      case 'smtp':
        return '';
    }
  };
  return placeOf(row.settings, row.address) === placeOf(wanted.settings, wanted.address);
}

function columnsOf(input: Fields) {
  return {
    name: input.name,
    address: input.address,
    settings: JSON.stringify(input.settings),
    trusted_authserv_id: input.trustedAuthservId,
    default_client_id: input.defaultClientId,
    default_queue: input.defaultQueue,
  };
}

/** What the trail keeps: everything but secrets, and which of them were entered. */
function told({ secrets, ...rest }: Fields) {
  const { settings, name, address, trustedAuthservId, defaultClientId } = rest;
  return { name, address, settings, trustedAuthservId, defaultClientId, entered: Object.keys(definedSecrets(secrets)) };
}
