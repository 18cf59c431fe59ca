import { createHash } from 'node:crypto';
import type { TenantScope } from '#kernel/tenant-scope';
import type { PreparedFile } from '#modules/files';
import type { InboundMail, InboundMailHandler, InboundOutcome } from '#modules/mail-inbox';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import { readMailContent, type MailContent } from '#platform/mail-reader/mail-content';
import type { ApplyPlacing } from './apply-placing.ts';
import { decidePlacing, type Placing } from './decide-placing.ts';
import type { MailIntakeStore } from './mail-intake-store.ts';
import type { PlacingFactsReader } from './placing-facts.ts';

/** A mail as it was read before the transaction that places it. */
export interface PreparedMail {
  readonly content: MailContent;
  /** For whom the files were written; null where there are none. */
  readonly files: { readonly placing: Placing; readonly prepared: readonly PreparedFile[] } | null;
}

interface Deps {
  readonly db: ScopedDb;
  readonly facts: PlacingFactsReader;
  readonly store: MailIntakeStore;
  readonly apply: ApplyPlacing;
}

const MAX_PREVIEW = 2000;

/** Makes of each raw mail one message on one ticket, or a question to a person. */
export class PlaceMail implements InboundMailHandler<PreparedMail> {
  readonly #db: ScopedDb;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db;
    this.#deps = deps;
  }

  /** Reads the mail and makes its files safe, for the client that it would be placed at now. */
  async prepare(scope: TenantScope, mail: InboundMail): Promise<PreparedMail> {
    const content = readMailContent(mail.raw, mail.receivedAt);
    if (content.files.length === 0) return { content, files: null };
    const placing = await this.#db.transaction(scope, async (tx) =>
      decidePlacing(await this.#deps.facts.read(tx, mail, content)),
    );
    const clientId = clientOf(placing);
    if (clientId === null) return { content, files: { placing, prepared: [] } };
    const to = { clientId, isPublic: placing.kind !== 'record' };
    return { content, files: { placing, prepared: await this.#deps.apply.prepareFiles(scope, content, to) } };
  }

  /** Joins the transaction that `scope` is bound to. */
  async handle(scope: TenantScope, mail: InboundMail, { content, files }: PreparedMail): Promise<InboundOutcome> {
    const { facts, store, apply } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const [isNew, found] = await Promise.all([
        store.markSeen(tx, digestOf(mail, content), mail.id, mail.receivedAt),
        facts.read(tx, mail, content),
      ]);
      if (!isNew) return { kind: 'ignored', reason: 'The same mail came before, and was handled then.' };
      const placing = decidePlacing(found);
      if (placing.kind === 'ignore') return { kind: 'ignored', reason: placing.why.join(' ') };
      if (placing.kind === 'quarantine') return this.#quarantine(tx, mail, content, placing);
      if (files !== null && clientOf(files.placing) !== placing.clientId)
        throw new Error('What the mail depends on changed while it was read.');
      await apply.run(tx, { mail, content, prepared: files?.prepared ?? [] }, placing);
      return { kind: 'placed', clientId: placing.clientId, reason: placing.why.join(' ') };
    });
  }

  async #quarantine(
    tx: AnyTransaction,
    mail: InboundMail,
    content: MailContent,
    placing: Extract<Placing, { kind: 'quarantine' }>,
  ): Promise<InboundOutcome> {
    const { reading } = content;
    const [only, another] = placing.clientIds;
    const clientId = another === undefined ? (only ?? null) : null;
    await this.#deps.store.quarantine(tx, {
      client_id: clientId,
      inbound_id: mail.id,
      mailbox_id: mail.mailbox.id,
      reason: placing.reason,
      address: reading.from?.address.toLowerCase() ?? null,
      name: reading.from?.name ?? null,
      subject: reading.subject ?? '',
      preview: content.body.slice(0, MAX_PREVIEW).toWellFormed(),
      why: [...placing.why, ...reading.why],
      candidate_client_ids: [...placing.clientIds],
      claimed_ticket_id: placing.ticketId,
      received_at: mail.receivedAt,
    });
    return { kind: 'quarantined', reason: placing.why.join(' '), ...(clientId === null ? {} : { clientId }) };
  }
}

function clientOf(placing: Placing) {
  return placing.kind === 'ignore' || placing.kind === 'quarantine' ? null : placing.clientId;
}

/** What makes two mails the same, whichever way they came: the lines that servers add on the way are left out. */
export function digestOf(mail: Pick<InboundMail, 'sha256'>, { reading, body, foldedText, files }: MailContent): Buffer {
  const hash = createHash('sha256');
  if (reading.messageId === null) return hash.update(`raw ${mail.sha256}`).digest();
  const parts = [reading.messageId, reading.from?.address ?? '', reading.subject ?? '', body, foldedText ?? ''];
  return hash.update(JSON.stringify([...parts, files.map(({ name, sizeBytes }) => [name, sizeBytes])])).digest();
}
