import { z } from 'zod';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import { MailSourceError, type SourceCheck } from '#platform/mail-sources/mail-source';
import type { MailboxId, MailInboxTables } from './mail-inbox-table.ts';
import { definedSecrets, mailboxFields, maySendStored, usedSecrets } from './mailbox-input.ts';
import type { MailboxSecretValues, MailboxSecrets } from './mailbox-secrets.ts';
import type { MailboxSources } from './mailbox-sources.ts';
import type { MailboxStore } from './mailbox-store.ts';
import { mailboxIdSchema } from './mail-inbox-table.ts';

export const checkMailboxInput = z.object({
  /** One that is there already: what of its secrets is not entered anew is taken from it. */
  mailboxId: mailboxIdSchema.nullable().default(null),
  address: mailboxFields.address,
  settings: mailboxFields.settings,
  secrets: mailboxFields.secrets,
});
export const checkMailboxView = z.object({
  checks: z.array(
    z.object({
      step: z.enum(['address', 'connection', 'encryption', 'sign-in', 'folder']),
      isOk: z.boolean(),
      message: z.string(),
    }),
  ),
});

type Input = z.output<typeof checkMailboxInput>;

interface Deps {
  readonly db: ScopedDb;
  readonly store: MailboxStore;
  readonly secrets: MailboxSecrets;
  readonly sources: MailboxSources;
  readonly audit: AuditTrail;
}

/** A server that does not answer is not waited for longer than a person would. */
const TIMEOUT_MS = 30_000;

/** Tries a mailbox as it is entered, before or after it is saved, and says what is wrong. */
export class CheckMailbox {
  readonly #db: ScopedDb<MailInboxTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<MailInboxTables>();
    this.#deps = deps;
  }

  /** Each thing that was tried, in order; the last is the first that failed. Throws `mail-inbox.mailbox-not-found`. */
  async run(scope: TenantScope, input: Input): Promise<z.input<typeof checkMailboxView>> {
    requireWholeMsp(scope);
    const stored = await this.#stored(scope, input);
    const source = this.#deps.sources.make({
      address: input.address,
      settings: input.settings,
      secrets: usedSecrets(input.settings, { ...stored, ...definedSecrets(input.secrets) }),
      ...(input.mailboxId === null
        ? {}
        : { onRefreshToken: (token) => this.#keepToken(scope, input.mailboxId, token) }),
    });
    const nothing: SourceCheck = {
      step: 'connection',
      isOk: true,
      message: 'Nothing to connect to: the relay brings mail to the listener.',
    };
    if (source === null) return { checks: [nothing] };
    const ended = AbortSignal.timeout(TIMEOUT_MS);
    try {
      return { checks: await source.check(ended) };
    } catch (error) {
      if (!ended.aborted && !(error instanceof MailSourceError)) throw error;
      return { checks: [{ step: 'connection', isOk: false, message: 'There was no answer in 30 seconds.' }] };
    }
  }

  /** What is stored, and that somebody tried it with settings of theirs, is told in the trail. */
  async #stored(scope: TenantScope, input: Input): Promise<MailboxSecretValues> {
    const { store, secrets, audit } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const row = input.mailboxId === null ? null : await store.forChange(tx, input.mailboxId);
      await audit.record(tx, {
        action: 'mail-inbox.check-mailbox',
        subject: { kind: 'mailbox', id: row?.id ?? scope.mspId, clientId: null },
        summary: `Tried the mailbox ${input.address}`,
        after: { settings: input.settings },
      });
      if (row === null || !maySendStored(row.settings, input.settings)) return {};
      return secrets.open(tx, row.id);
    });
  }

  async #keepToken(scope: TenantScope, mailboxId: MailboxId | null, refreshToken: string): Promise<void> {
    if (mailboxId === null) return;
    await this.#db.transaction(scope, (tx) => this.#deps.secrets.set(tx, mailboxId, { refreshToken }));
  }
}
