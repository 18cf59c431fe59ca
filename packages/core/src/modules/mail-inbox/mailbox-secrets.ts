import type { Clock } from '#kernel/clock';
import { newId } from '#kernel/id';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { SecretBox, SecretPlace } from '#platform/secrets/secret-box';
import type { MailboxId, MailInboxTables } from './mail-inbox-table.ts';

const TABLE = 'mail_mailbox_secret';

/** `password`: of the mailbox. `clientSecret`, `refreshToken`: of an OAuth app and of who consented to it. `serviceKey`: the key file of a Google service account. */
export type MailboxSecretName = 'password' | 'clientSecret' | 'refreshToken' | 'serviceKey';
export type MailboxSecretValues = { readonly [Name in MailboxSecretName]?: string };

/** The only writer of `mail_mailbox_secret`: what a mailbox is signed in by, sealed at its row. */
export class MailboxSecrets {
  readonly #box: SecretBox;
  readonly #clock: Clock;

  constructor(deps: { box: SecretBox; clock: Clock }) {
    this.#box = deps.box;
    this.#clock = deps.clock;
  }

  /** Seals values in the place of whatever was there; names that are absent keep theirs. */
  async set(within: AnyTransaction, mailboxId: MailboxId, values: MailboxSecretValues): Promise<void> {
    const tx = within.typed<MailInboxTables>();
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) continue;
      await tx.query.deleteFrom(TABLE).where('mailbox_id', '=', mailboxId).where('name', '=', name).execute();
      const id = newId<'mail-mailbox-secret'>();
      const sealed = await this.#box.seal(tx, placeOf(id), value);
      await tx.query
        .insertInto(TABLE)
        .values({
          msp_id: tx.scope.mspId,
          id,
          mailbox_id: mailboxId,
          name,
          sealed,
          updated_at: this.#clock.now(),
        })
        .execute();
    }
  }

  /** All of a mailbox, opened. Nothing but its transport and its check asks for them. */
  async open(within: AnyTransaction, mailboxId: MailboxId): Promise<MailboxSecretValues> {
    const tx = within.typed<MailInboxTables>();
    const rows = await tx.query.selectFrom(TABLE).selectAll().where('mailbox_id', '=', mailboxId).execute();
    const opened: [string, string][] = [];
    for (const row of rows) opened.push([row.name, (await this.#box.open(tx, placeOf(row.id), row.sealed)).toString()]);
    return Object.fromEntries(opened);
  }

  /** Forgets them all. */
  async clear(within: AnyTransaction, mailboxId: MailboxId): Promise<void> {
    await within.typed<MailInboxTables>().query.deleteFrom(TABLE).where('mailbox_id', '=', mailboxId).execute();
  }
}

function placeOf(rowId: string): SecretPlace {
  return { clientId: null, table: TABLE, rowId };
}
