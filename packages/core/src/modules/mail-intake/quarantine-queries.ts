import { sql, type Kysely } from 'kysely';
import { z } from 'zod';
import { NotFoundError } from '#kernel/errors';
import type { ClientId, Id } from '#kernel/id';
import type { Download } from '#kernel/operation';
import { decodeCursor, pageInput, toPage, type Page } from '#kernel/page';
import type { TenantScope } from '#kernel/tenant-scope';
import { inboundMailIdSchema, type InboundMailId, type InboundQueries } from '#modules/mail-inbox';
import type { ClientQueries } from '#modules/tenancy';
import type { TicketId, TicketTables } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import { readMailContent } from '#platform/mail-reader/mail-content';
import { QUARANTINE_STATES, type MailIntakeTables, type QuarantineState } from './mail-intake-table.ts';
import { filesOf, nameOfFile } from './mail-words.ts';
import type { QuarantinedDetailView, QuarantinedView } from './quarantine-view.ts';

export const listQuarantineInput = z.object({ ...pageInput, state: z.enum(QUARANTINE_STATES).default('waiting') });
export const quarantinedInput = z.object({ mailId: inboundMailIdSchema });

const MAX_TEXT = 100_000;
const MAX_COUNT = 100;

/** What is known of each mail: by its transport always, by us where it could be read. */
interface Row {
  readonly mail_id: InboundMailId;
  readonly inbound_state: string;
  readonly inbound_reason: string | null;
  readonly received_at: Temporal.Instant;
  readonly reason: string | null;
  readonly address: string | null;
  readonly name: string | null;
  readonly subject: string | null;
  readonly why: string[] | null;
  readonly candidate_client_ids: ClientId[] | null;
  readonly claimed_ticket_id: TicketId | null;
  readonly ticket_id: TicketId | null;
  readonly decided_by: string | null;
  readonly decided_at: Temporal.Instant | null;
  readonly note: string | null;
}

interface Tables extends MailIntakeTables, TicketTables {
  mail_inbound: {
    id: InboundMailId;
    state: string;
    reason: string | null;
    received_at: Temporal.Instant;
  };
}

const STATES = { waiting: 'quarantined', placed: 'placed', discarded: 'ignored' } as const;

/** Reads mails that wait for a person. */
export class QuarantineQueries {
  readonly #db: ScopedDb<Tables>;
  readonly #deps: { inbound: InboundQueries; clients: ClientQueries };

  constructor(deps: { db: ScopedDb; inbound: InboundQueries; clients: ClientQueries }) {
    this.#db = deps.db.typed<Tables>();
    this.#deps = deps;
  }

  /** Newest first. */
  async list(scope: TenantScope, input: z.output<typeof listQuarantineInput>): Promise<Page<QuarantinedView>> {
    const after = input.cursor === undefined ? null : decodeCursor(input.cursor, 2);
    const rows = await this.#db.read(scope, (query) => {
      let list = this.#rows(query as never).where('inbound.state', '=', STATES[input.state]);
      // What was placed or ignored without anybody is no quarantine's.
      if (input.state !== 'waiting') list = list.where('detail.decided_at', 'is not', null);
      if (after !== null)
        list = list.where(
          sql<boolean>`(inbound.received_at, inbound.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`,
        );
      return list
        .orderBy('inbound.received_at', 'desc')
        .orderBy('inbound.id', 'desc')
        .limit(input.limit + 1);
    });
    return toPage(rows as Row[], input.limit, toView, (row) => [row.received_at.toString(), row.mail_id]);
  }

  /** How many wait; no more than 100 are counted. */
  async count(scope: TenantScope): Promise<{ waiting: number }> {
    const rows = await this.#db.read(scope, (query) =>
      query.selectFrom('mail_inbound').select('id').where('state', '=', 'quarantined').limit(MAX_COUNT),
    );
    return { waiting: rows.length };
  }

  /** One with its text. Throws `mail-inbox.mail-not-found`, also for another tenant's. */
  async get(scope: TenantScope, mailId: InboundMailId): Promise<QuarantinedDetailView> {
    const [row] = (await this.#db.read(scope, (query) =>
      this.#rows(query as never).where('inbound.id', '=', mailId),
    )) as Row[];
    if (row === undefined) throw new NotFoundError('mail-inbox.mail-not-found', 'There is no such mail.');
    const mail = await this.#deps.inbound.get(scope, mailId);
    const content = readMailContent(mail.raw, mail.receivedAt);
    const [candidates, claimedTicket, ticket] = await Promise.all([
      this.#deps.clients.names(scope, row.candidate_client_ids ?? []),
      this.#ticket(scope, row.claimed_ticket_id),
      this.#ticket(scope, row.ticket_id),
    ]);
    return {
      ...toView({
        ...row,
        subject: row.subject ?? content.reading.subject ?? '',
        address: row.address ?? content.reading.from?.address ?? null,
        name: row.name ?? content.reading.from?.name ?? null,
      }),
      mailbox: `${mail.mailbox.name} <${mail.mailbox.address}>`,
      text: [content.body, content.foldedText ?? ''].join('\n\n').trim().slice(0, MAX_TEXT).toWellFormed(),
      why: row.why ?? [row.inbound_reason ?? 'It could not be handled.', ...content.reading.why],
      warnings: [...content.reading.warnings],
      files: filesOf(content).files.map((file, place) => ({
        name: nameOfFile(file, place),
        sizeBytes: file.sizeBytes,
      })),
      candidates: candidates.map(({ id, name }) => ({ clientId: id, name })),
      claimedTicket,
      ticket,
    };
  }

  /** The raw mail, for staff who ask what really came. Throws `mail-inbox.mail-not-found`. */
  async download(scope: TenantScope, mailId: InboundMailId): Promise<Download> {
    const { raw } = await this.#deps.inbound.get(scope, mailId);
    return {
      fileName: `${mailId}.eml`,
      contentType: 'message/rfc822',
      body: new Uint8Array(raw),
      disposition: 'attachment',
    };
  }

  #rows(query: Kysely<Tables>) {
    return query
      .selectFrom('mail_inbound as inbound')
      .leftJoin('mail_quarantine as detail', 'detail.inbound_id', 'inbound.id')
      .select([
        'inbound.id as mail_id',
        'inbound.state as inbound_state',
        'inbound.reason as inbound_reason',
        'inbound.received_at',
        'detail.reason',
        'detail.address',
        'detail.name',
        'detail.subject',
        'detail.why',
        'detail.candidate_client_ids',
        'detail.claimed_ticket_id',
        'detail.ticket_id',
        'detail.decided_by',
        'detail.decided_at',
        'detail.note',
      ]);
  }

  async #ticket(scope: TenantScope, id: TicketId | null) {
    if (id === null) return null;
    const row = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('ticket').select(['id', 'number', 'subject', 'client_id']).where('id', '=', id),
    );
    return row === undefined
      ? null
      : { ticketId: row.id as Id<'ticket'>, number: row.number, subject: row.subject, clientId: row.client_id };
  }
}

function toView(row: Row): QuarantinedView {
  return {
    mailId: row.mail_id,
    state: stateOf(row.inbound_state),
    reason: row.reason ?? 'not-readable',
    reasonText: row.inbound_state === 'quarantined' ? (row.inbound_reason ?? '') : (row.why ?? []).join(' '),
    address: row.address,
    name: row.name,
    subject: row.subject ?? '',
    receivedAt: row.received_at.toString(),
    decidedBy: row.decided_by,
    decidedAt: row.decided_at?.toString() ?? null,
    note: row.note,
  };
}

function stateOf(inbound: string): QuarantineState {
  if (inbound === 'placed') return 'placed';
  return inbound === 'ignored' ? 'discarded' : 'waiting';
}
