import { createHash } from 'node:crypto';
import { beginConsent } from '@bailiwick/plugin-runtime';
import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, InvalidInputError } from '#kernel/errors';
import { newId } from '#kernel/id';
import { requirePermission, requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import { mailboxIdSchema, type MailboxId, type MailboxSignIn, type MailboxToConsent } from '#modules/mail-inbox';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import { MailSourceError } from '#platform/mail-sources/mail-source';
import { exchangeCode, type GivenConsent } from '#platform/mail-sources/oauth-code';
import type { SecretBox } from '#platform/secrets/secret-box';
import type { MailboxConsentTables } from './mailbox-consent-table.ts';

export const startConsentInput = z.object({ mailboxId: mailboxIdSchema });

/** What the vendor's redirect brings back. */
interface ReturnedConsent {
  readonly state: string;
  readonly code?: string;
  /** The vendor's code for why there is none, and its words. */
  readonly error?: string;
  readonly errorWords?: string;
}

/** Why a consent is not taken: a stable code, and words for who tried. */
interface Refusal {
  readonly code: 'refused' | 'not-exchanged' | 'no-refresh-token' | 'wrong-account';
  readonly words: string;
}

interface Deps {
  readonly db: ScopedDb;
  readonly signIn: MailboxSignIn;
  readonly box: SecretBox;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  /** Where vendors send people back to. */
  readonly redirectUri: string;
}

type Tx = ScopedTransaction<MailboxConsentTables>;

const TABLE = 'mailbox_consent_start';
/** How long a person may take at the vendor. */
const MINUTES = 10;
/** For the vendor's two or three answers; a person waits before a blank page meanwhile. */
const TIMEOUT_MS = 30_000;

/** The consent of a person to their mailbox being read (RFC 6749 §4.1 with RFC 7636): sent to the vendor with a state that is theirs alone, taken back once. */
export class AuthorizeMailbox {
  readonly #db: ScopedDb<MailboxConsentTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<MailboxConsentTables>();
    this.#deps = deps;
  }

  /** The address that whoever registers the app at a vendor has to name there. */
  get redirectUri(): string {
    return this.#deps.redirectUri;
  }

  /** Where to send the browser. Throws `mail-inbox.mailbox-not-found`, `mail-inbox.no-consent-needed`. */
  async start(scope: TenantScope, { mailboxId }: z.output<typeof startConsentInput>): Promise<{ url: string }> {
    requireWholeMsp(scope);
    const { signIn, box, clock, redirectUri } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const { terms } = await signIn.open(tx, mailboxId);
      const begun = beginConsent({ ...terms, authorizeUrl: new URL(terms.authorizeUrl), redirectUri });
      const id = newId<'mailbox-consent-start'>();
      await tx.query.deleteFrom(TABLE).where('expires_at', '<=', clock.now()).execute();
      await tx.query
        .insertInto(TABLE)
        .values({
          msp_id: scope.mspId,
          id,
          mailbox_id: mailboxId,
          state_hash: hashOf(begun.state),
          actor_id: scope.actor.id,
          sealed_verifier: await box.seal(tx, { clientId: null, table: TABLE, rowId: id }, begun.codeVerifier),
          expires_at: clock.now().add({ minutes: MINUTES }),
        })
        .execute();
      return { url: begun.url };
    });
  }

  /**
   * Takes a person back from the vendor, once and within ten minutes. What came of it stands at the mailbox. Throws `mailbox-consent.unknown` for any state that is not this person's, used or
   * too old, and `mailbox-consent.refused`, `.not-exchanged`, `.no-refresh-token`, `.wrong-account`.
   */
  async finish(scope: TenantScope, returned: ReturnedConsent): Promise<{ mailboxId: MailboxId }> {
    requirePermission(scope, 'mail-inbox.manage-mailboxes');
    requireWholeMsp(scope);
    const { signIn } = this.#deps;
    const { mailbox, codeVerifier } = await this.#db.transaction(scope, async (tx) => {
      const taken = await this.#take(tx, returned.state);
      return { codeVerifier: taken.codeVerifier, mailbox: await signIn.open(tx, taken.mailboxId) };
    });
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const given = await this.#exchange(mailbox, returned, codeVerifier, signal);
    if ('code' in given) return this.#refuse(scope, mailbox, given);
    const { refreshToken } = given;
    if (refreshToken === null) return this.#refuse(scope, mailbox, NO_REFRESH_TOKEN);
    const own = await this.#asOwn(mailbox, { ...given, refreshToken }, signal);
    if ('code' in own) return this.#refuse(scope, mailbox, own);
    await this.#keep(scope, mailbox, given, own.refreshToken);
    return { mailboxId: mailbox.id };
  }

  /** Deleted as it is read, so that it serves once even for two at the same time. */
  async #take(tx: Tx, state: string): Promise<{ mailboxId: MailboxId; codeVerifier: string }> {
    const row = await tx.query
      .deleteFrom(TABLE)
      .where('state_hash', '=', hashOf(state))
      .where('actor_id', '=', tx.scope.actor.id)
      .where('expires_at', '>', this.#deps.clock.now())
      .returningAll()
      .executeTakeFirst();
    if (row === undefined)
      throw new InvalidInputError(
        'mailbox-consent.unknown',
        'This return from the vendor belongs to no sign-in of yours that is under way. Start it again from the mailbox.',
      );
    const place = { clientId: null, table: TABLE, rowId: row.id };
    return {
      mailboxId: row.mailbox_id,
      codeVerifier: (await this.#deps.box.open(tx, place, row.sealed_verifier)).toString(),
    };
  }

  async #exchange(
    { terms, secrets }: MailboxToConsent,
    { code, error, errorWords }: ReturnedConsent,
    codeVerifier: string,
    signal: AbortSignal,
  ): Promise<GivenConsent | Refusal> {
    const { tokenUrl, clientId } = terms;
    if (code === undefined) return { code: 'refused', words: refusedWords(error, errorWords) };
    const { redirectUri } = this.#deps;
    const clientSecret = secrets.clientSecret ?? '';
    try {
      return await exchangeCode({ tokenUrl, clientId, clientSecret, code, codeVerifier, redirectUri }, signal);
    } catch (cause) {
      if (!(cause instanceof MailSourceError)) throw cause;
      return { code: 'not-exchanged', words: cause.message };
    }
  }

  /**
   * Google's API reads whoever consented, so the account must be the mailbox's. Microsoft names people otherwise than their mailboxes and lets them read shared ones: there the mailbox is
   * opened, and the vendor says.
   */
  async #asOwn(
    mailbox: MailboxToConsent,
    given: GivenConsent & { refreshToken: string },
    signal: AbortSignal,
  ): Promise<{ refreshToken: string } | Refusal> {
    if (given.account === mailbox.account) return { refreshToken: given.refreshToken };
    const who = given.account ?? 'an account that the vendor did not name';
    const words = `The consent is of ${who}, and the mailbox is ${mailbox.account}.`;
    if (mailbox.terms.vendor === 'google') return { code: 'wrong-account', words };
    const { problem, refreshToken } = await this.#deps.signIn.try(mailbox, given.refreshToken, signal);
    return problem === null ? { refreshToken } : { code: 'wrong-account', words: `${words} ${problem}` };
  }

  async #keep(scope: TenantScope, mailbox: MailboxToConsent, given: GivenConsent, refreshToken: string): Promise<void> {
    const { signIn, audit, clock } = this.#deps;
    const { account, endsInSeconds } = given;
    const endsAt = endsInSeconds === null ? null : clock.now().add({ seconds: endsInSeconds });
    await this.#db.transaction(scope, async (tx) => {
      await signIn.keep(tx, mailbox.id, { refreshToken, account, endsAt });
      await audit.record(tx, {
        action: 'mailbox-consent.give-consent',
        subject: { kind: 'mailbox', id: mailbox.id, clientId: null },
        summary: `Consented at the vendor to the mailbox ${mailbox.address}`,
        after: { account, endsAt: endsAt?.toString() ?? null },
      });
    });
  }

  async #refuse(scope: TenantScope, mailbox: MailboxToConsent, { code, words }: Refusal): Promise<never> {
    const { signIn, audit } = this.#deps;
    await this.#db.transaction(scope, async (tx) => {
      await signIn.refuse(tx, mailbox.id, words);
      await audit.record(tx, {
        action: 'mailbox-consent.refuse-consent',
        subject: { kind: 'mailbox', id: mailbox.id, clientId: null },
        summary: `Got no consent to the mailbox ${mailbox.address}`,
        after: { code, words },
      });
    });
    throw new ConflictError(`mailbox-consent.${code}`, words);
  }
}

const NO_REFRESH_TOKEN: Refusal = {
  code: 'no-refresh-token',
  words:
    'The vendor gave no refresh token, so the mailbox could be read for an hour only. Let the app be asked for offline access, and connect again.',
};

/** The vendor's own words, where it has any besides its code. */
function refusedWords(error: string | undefined, words: string | undefined): string {
  const said = (words ?? error ?? '').split(/[\r\n]/)[0]?.trim() ?? '';
  if (error === 'access_denied' && words === undefined) return 'The consent was refused at the vendor.';
  return said === '' ? 'The vendor did not give its consent.' : `The vendor did not give its consent: ${said}`;
}

function hashOf(state: string): string {
  return createHash('sha256').update(state).digest('hex');
}
