import type { Clock } from '#kernel/clock';
import { ConflictError } from '#kernel/errors';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import { accountWanted, NO_CONSENT } from './mailbox-consent.ts';
import type { MailboxConsent, MailboxId, MailInboxTables } from './mail-inbox-table.ts';
import type { MailboxSecretValues, MailboxSecrets } from './mailbox-secrets.ts';
import type { MailboxSettings } from './mailbox-settings.ts';
import type { ConsentTerms, MailboxSources } from './mailbox-sources.ts';
import type { MailboxStore } from './mailbox-store.ts';
import type { MailboxWake } from './mailbox-wake.ts';

/** A mailbox that a person lets us into. */
export interface MailboxToConsent {
  readonly id: MailboxId;
  readonly address: string;
  readonly settings: MailboxSettings;
  readonly secrets: MailboxSecretValues;
  readonly terms: ConsentTerms;
  /** The account that is read, in lower case. */
  readonly account: string;
}

/** A consent as the vendor gave it. */
export interface BroughtConsent {
  readonly refreshToken: string;
  readonly account: string | null;
  readonly endsAt: Temporal.Instant | null;
}

interface Deps {
  readonly store: MailboxStore;
  readonly secrets: MailboxSecrets;
  readonly sources: MailboxSources;
  readonly live: LiveHub;
  readonly clock: Clock;
  readonly wake: MailboxWake;
}

/** How a person's consent comes to a mailbox: for who sends them to the vendor and takes them back. */
export class MailboxSignIn {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** What is needed to send a person to the vendor, or to take them back. Holds the app's secret. Throws `mail-inbox.mailbox-not-found`, `mail-inbox.no-consent-needed`. */
  async open(within: AnyTransaction, mailboxId: MailboxId): Promise<MailboxToConsent> {
    const { store, secrets, sources } = this.#deps;
    const row = await store.forChange(within.typed<MailInboxTables>(), mailboxId);
    const { id, address, settings } = row;
    const terms = sources.consentTerms(row);
    if (terms === null)
      throw new ConflictError('mail-inbox.no-consent-needed', `${address} is read without anybody’s consent.`);
    const account = accountWanted(settings, address);
    return { id, address, settings, secrets: await secrets.open(within, id), terms, account };
  }

  /** Keeps a consent, and has the mailbox read from now on. */
  async keep(within: AnyTransaction, mailboxId: MailboxId, brought: BroughtConsent): Promise<void> {
    const { store, secrets, live, clock, wake } = this.#deps;
    const tx = within.typed<MailInboxTables>();
    const { version } = await store.forChange(tx, mailboxId);
    const consent: MailboxConsent = {
      state: 'given',
      account: brought.account,
      by: tx.scope.actor.label,
      at: clock.now().toString(),
      endsAt: brought.endsAt?.toString() ?? null,
      problem: null,
    };
    await store.update(tx, mailboxId, version, {
      consent: JSON.stringify(consent),
      connected_at: null,
      last_error: null,
      failing_since: null,
      leased_until: null,
    });
    await secrets.set(tx, mailboxId, { refreshToken: brought.refreshToken });
    tx.onCommit(() => wake.wake());
    live.touch(tx, { clientId: null, topic: 'mailbox', id: mailboxId, version: version + 1 });
  }

  /** Notes why a try came to nothing. A consent that was given before goes on. */
  async refuse(within: AnyTransaction, mailboxId: MailboxId, problem: string): Promise<void> {
    const { store, live } = this.#deps;
    const tx = within.typed<MailInboxTables>();
    const { consent, version } = await store.forChange(tx, mailboxId);
    await store.noteConsent(tx, mailboxId, { ...(consent ?? NO_CONSENT), problem: problem.replaceAll('\0', '') });
    live.touch(tx, { clientId: null, topic: 'mailbox', id: mailboxId, version });
  }

  /** Whether a refresh token opens the mailbox: the reason why not, and the token that the vendor may have put in its place. */
  async try(
    mailbox: MailboxToConsent,
    refreshToken: string,
    signal: AbortSignal,
  ): Promise<{ problem: string | null; refreshToken: string }> {
    let newest = refreshToken;
    const source = this.#deps.sources.make({
      address: mailbox.address,
      settings: mailbox.settings,
      secrets: { ...mailbox.secrets, refreshToken },
      onRefreshToken: async (token) => void (newest = token),
    });
    const checks = (await source?.check(signal)) ?? [];
    return { problem: checks.find(({ isOk }) => !isOk)?.message ?? null, refreshToken: newest };
  }
}
