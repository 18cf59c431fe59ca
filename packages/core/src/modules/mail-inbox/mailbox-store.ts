import type { Insertable, Selectable } from 'kysely';
import { ConflictError, InvalidInputError, NotFoundError } from '#kernel/errors';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { MailboxConsent, MailboxId, MailInboxTables } from './mail-inbox-table.ts';
import { consentVendor } from './mailbox-consent.ts';

type Tx = ScopedTransaction<MailInboxTables>;
export type MailboxRow = Selectable<MailInboxTables['mail_mailbox']>;
type Values = Insertable<MailInboxTables['mail_mailbox']>;
type Change = Partial<Omit<Values, 'msp_id' | 'id' | 'kind' | 'version'>>;

/** PostgreSQL's `unique_violation`. */
const TAKEN = '23505';

/** A mailbox with an address that is another's, here or of another MSP of this install. */
export function addressTaken(cause?: unknown): InvalidInputError {
  const message = 'is the address of another mailbox';
  return new InvalidInputError('mail-inbox.address-taken', `This ${message}.`, {
    fields: [{ path: ['address'], message }],
    cause,
  });
}

async function refuseTaken<Result>(writing: Promise<Result>): Promise<Result> {
  try {
    return await writing;
  } catch (error) {
    if ((error as { code?: string }).code !== TAKEN) throw error;
    throw addressTaken(error);
  }
}

/** Whether a mailbox waits for a person at the vendor: reading it would only be refused. */
export function needsConsent(row: Pick<MailboxRow, 'settings' | 'consent'>): boolean {
  return consentVendor(row.settings) !== null && row.consent?.state !== 'given';
}

/** The only writer of `mail_mailbox`. */
export class MailboxStore {
  /** Throws `mail-inbox.address-taken`. */
  async insert(tx: Tx, mailbox: Values): Promise<void> {
    await refuseTaken(tx.query.insertInto('mail_mailbox').values(mailbox).execute());
  }

  /** The mailbox, locked for a change. Throws `mail-inbox.mailbox-not-found`, also for another tenant's and for one that was removed. */
  async forChange(tx: Tx, id: MailboxId): Promise<MailboxRow> {
    const row = await tx.query
      .selectFrom('mail_mailbox')
      .selectAll()
      .where('id', '=', id)
      .where('state', '<>', 'removed')
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) throw mailboxNotFound();
    return row;
  }

  /** What a person changed. Throws `mail-inbox.mailbox-changed` when somebody else was first, `mail-inbox.address-taken`. */
  async update(tx: Tx, id: MailboxId, version: number, change: Change): Promise<void> {
    const { numUpdatedRows } = await refuseTaken(
      tx.query
        .updateTable('mail_mailbox')
        .set({ ...change, version: version + 1 })
        .where('id', '=', id)
        .where('version', '=', version)
        .where('state', '<>', 'removed')
        .executeTakeFirst(),
    );
    if (numUpdatedRows === 0n) throw mailboxChanged();
  }

  /** Takes the mailboxes that are to be read and that nobody else holds, or holds them on. Answers those that it has then. */
  async lease(tx: Tx, lease: { by: string; now: Temporal.Instant; until: Temporal.Instant }): Promise<MailboxRow[]> {
    return tx.query
      .updateTable('mail_mailbox')
      .set({ leased_by: lease.by, leased_until: lease.until })
      .where('state', '=', 'active')
      .where('kind', '<>', 'smtp')
      .where((eb) =>
        eb.or([eb('leased_by', '=', lease.by), eb('leased_until', 'is', null), eb('leased_until', '<', lease.now)]),
      )
      .returningAll()
      .execute();
  }

  /** Lets others have what one held. */
  async release(tx: Tx, by: string): Promise<void> {
    await tx.query
      .updateTable('mail_mailbox')
      .set({ leased_by: null, leased_until: null })
      .where('leased_by', '=', by)
      .execute();
  }

  /** How far it was read. */
  async cursor(db: ScopedDb<MailInboxTables>, scope: TenantScope, id: MailboxId): Promise<MailboxRow['cursor']> {
    const row = await db.readFirst(scope, (query) =>
      query.selectFrom('mail_mailbox').select('cursor').where('id', '=', id),
    );
    return row?.cursor ?? null;
  }

  /** Throws `mail-inbox.mailbox-changed` where a person changed it since it was connected: what is read now is not what they want. */
  async assertUnchanged(tx: Tx, id: MailboxId, version: number): Promise<void> {
    const row = await this.forChange(tx, id);
    if (row.version !== version) throw mailboxChanged();
  }

  /** Why it does not work, and since when. */
  async noteFailure(tx: Tx, id: MailboxId, failure: { words: string; at: Temporal.Instant }): Promise<void> {
    await tx.query
      .updateTable('mail_mailbox')
      .set((eb) => ({
        connected_at: null,
        last_error: failure.words,
        failing_since: eb.fn.coalesce('failing_since', eb.val(failure.at)),
      }))
      .where('id', '=', id)
      .where('state', '=', 'active')
      .execute();
  }

  /** What is known of a person's consent, where no person changed the mailbox. */
  async noteConsent(tx: Tx, id: MailboxId, consent: MailboxConsent): Promise<void> {
    await tx.query
      .updateTable('mail_mailbox')
      .set({ consent: JSON.stringify(consent) })
      .where('id', '=', id)
      .execute();
  }

  /** What its transport found. Not a person's change, so the version stays. */
  async note(
    tx: Tx,
    id: MailboxId,
    found: Pick<Change, 'cursor' | 'connected_at' | 'last_seen_at' | 'last_mail_at' | 'last_error' | 'failing_since'>,
  ): Promise<void> {
    await tx.query
      .updateTable('mail_mailbox')
      .set(found)
      .where('id', '=', id)
      .where('state', '<>', 'removed')
      .execute();
  }
}

function mailboxChanged(): ConflictError {
  return new ConflictError(
    'mail-inbox.mailbox-changed',
    'Somebody else changed this mailbox meanwhile. Look at it again, then repeat your change.',
  );
}

export function mailboxNotFound(): NotFoundError {
  return new NotFoundError('mail-inbox.mailbox-not-found', 'There is no such mailbox.');
}
