import { createHash } from 'node:crypto';
import type { Clock } from '#kernel/clock';
import { InvalidInputError } from '#kernel/errors';
import { newId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import { handleMails } from './mail-inbox-jobs.ts';
import type { InboundMailId, MailboxId, MailInboxTables } from './mail-inbox-table.ts';
import type { MailEnvelope } from './mailbox-settings.ts';

/** More is told of, with its headers, and not fetched: common servers stop at 25 to 50 MB. */
export const MAX_MAIL_BYTES = 50 * 1024 * 1024;

export interface StoreMailInput {
  readonly mailboxId: MailboxId;
  /** What the transport knows the mail by, the same each time: `imap:<uid validity>:<uid>`. At most 500 characters. */
  readonly transportKey: string;
  readonly raw: Buffer;
  readonly receivedAt: Temporal.Instant;
  readonly envelope?: MailEnvelope;
  /** Set where the mail is quarantined as it comes, because what we have of it is not whole. */
  readonly quarantine?: string;
}

export interface StoreMailResult {
  readonly mailId: InboundMailId;
  /** False where the mailbox had this mail already: the same key, or the same bytes under another. */
  readonly isNew: boolean;
}

interface Deps {
  readonly db: ScopedDb;
  readonly jobs: JobQueue;
  readonly clock: Clock;
  readonly live: LiveHub;
}

/** Takes raw mails in, durably: once it resolves without `within`, they survive a power cut, and the other side may forget them. */
export class StoreMail {
  readonly #db: ScopedDb<MailInboxTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<MailInboxTables>();
    this.#deps = deps;
  }

  /** Stores one mail; idempotent by its key and by its bytes. Throws `mail-inbox.too-large`. */
  async run(scope: TenantScope, input: StoreMailInput, within?: AnyTransaction): Promise<StoreMailResult> {
    const [result] = await this.runAll(scope, [input], within);
    if (result === undefined) throw new Error('A stored mail has a row.');
    return result;
  }

  /** Stores mails in one commit; answers in their order. */
  async runAll(
    scope: TenantScope,
    inputs: readonly StoreMailInput[],
    within?: AnyTransaction,
  ): Promise<StoreMailResult[]> {
    for (const { raw } of inputs)
      if (raw.byteLength > MAX_MAIL_BYTES)
        throw new InvalidInputError('mail-inbox.too-large', 'The mail is larger than 50 MB.', {
          fields: [{ path: ['raw'], message: `must have at most ${MAX_MAIL_BYTES} bytes` }],
        });
    return this.#db.transaction(
      scope,
      async (tx) => {
        const results: StoreMailResult[] = [];
        let isAnyNew = false;
        for (const input of inputs) {
          const result = await this.#store(tx, input);
          isAnyNew ||= result.isNew;
          results.push(result);
        }
        if (isAnyNew) await this.#deps.jobs.send(tx, handleMails, {});
        return results;
      },
      within,
    );
  }

  async #store(tx: ScopedTransaction<MailInboxTables>, input: StoreMailInput): Promise<StoreMailResult> {
    const now = this.#deps.clock.now();
    const id: InboundMailId = newId();
    const sha256 = createHash('sha256').update(input.raw).digest();
    const isQuarantined = input.quarantine !== undefined;
    const { numInsertedOrUpdatedRows } = await tx.query
      .insertInto('mail_inbound')
      .values({
        msp_id: tx.scope.mspId,
        id,
        client_id: null,
        mailbox_id: input.mailboxId,
        transport_key: input.transportKey,
        sha256,
        size_bytes: input.raw.byteLength,
        envelope: input.envelope === undefined ? null : JSON.stringify(input.envelope),
        received_at: input.receivedAt,
        stored_at: now,
        state: isQuarantined ? 'quarantined' : 'waiting',
        next_attempt_at: now,
        leased_until: null,
        lease_id: null,
        reason: input.quarantine ?? null,
        settled_at: isQuarantined ? now : null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows === 0n) return { mailId: await known(tx, input, sha256), isNew: false };
    await tx.query
      .insertInto('mail_inbound_raw')
      .values({ msp_id: tx.scope.mspId, mail_id: id, client_id: null, content: input.raw })
      .execute();
    this.#deps.live.touch(tx, { clientId: null, topic: 'inbound-mail', id, version: 0 });
    return { mailId: id, isNew: true };
  }
}

async function known(
  tx: ScopedTransaction<MailInboxTables>,
  input: StoreMailInput,
  sha256: Buffer,
): Promise<InboundMailId> {
  const rows = await tx.query
    .selectFrom('mail_inbound')
    .select(['id', 'transport_key'])
    .where('mailbox_id', '=', input.mailboxId)
    .where((eb) => eb.or([eb('transport_key', '=', input.transportKey), eb('sha256', '=', sha256)]))
    .execute();
  const row = rows.find((one) => one.transport_key === input.transportKey) ?? rows[0];
  if (row === undefined) throw new Error('A mail that could not be added is there already.');
  return row.id;
}
