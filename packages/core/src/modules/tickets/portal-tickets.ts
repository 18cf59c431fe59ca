import { z } from 'zod';
import { NotFoundError } from '#kernel/errors';
import { idSchema, type ClientId } from '#kernel/id';
import type { Download } from '#kernel/operation';
import { pageInput, type Page } from '#kernel/page';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { FileQueries } from '#modules/files';
import type { TicketSlaQueries } from '#modules/sla';
import type { ContactId, TenancyTables } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import { fileIdsSchema, type CommentOnTicket, type CommentResult } from './comment-on-ticket.ts';
import { wordsInput, wordsOf } from './comment-words.ts';
import { subjectSchema, type OpenTicket, type OpenTicketInput } from './open-ticket.ts';
import { namesOf } from './ticket-name-queries.ts';
import { readConversation, readHistory } from './ticket-conversation.ts';
import type { TicketQueries } from './ticket-queries.ts';
import type { TicketId, TicketTables } from './ticket-table.ts';
import { toPortalTicketView, type PortalTicketDetailView, type PortalTicketView } from './ticket-view.ts';

export const listPortalTicketsInput = z.object({
  ...pageInput,
  /** `open`: what is worked on. `closed`: what is resolved or closed. */
  tab: z.enum(['open', 'closed', 'all']).default('open'),
  /** `own`: only the reader's. `company`, or left out: all that they may see, which for most members is the same. */
  whose: z.enum(['own', 'company']).optional(),
  search: text({ max: 100 }).optional(),
});
export const getPortalTicketInput = z.object({ ticketId: idSchema('ticket') });
export const openPortalTicketInput = z.object({
  type: z.enum(['incident', 'request']).default('incident'),
  subject: subjectSchema,
  ...wordsInput,
  /** How much stands still: 1 the whole company, 2 several people, 3 one person. */
  impact: z.union([z.literal(1), z.literal(2), z.literal(3)]).default(3),
  assetId: idSchema('asset').optional(),
  fileIds: fileIdsSchema.default([]),
});
export const replyInPortalInput = z.object({
  ticketId: idSchema('ticket'),
  ...wordsInput,
  fileIds: fileIdsSchema.default([]),
});
export const portalAttachmentInput = z.object({ ticketId: idSchema('ticket'), fileId: idSchema('file') });

const MAX_MERGES = 20;

interface Deps {
  readonly db: ScopedDb;
  readonly tickets: TicketQueries;
  readonly open: OpenTicket;
  readonly comments: CommentOnTicket;
  readonly files: FileQueries;
  readonly sla: TicketSlaQueries;
}

/** Tickets as a client's contacts see and write them: their own, or all of their company's as their role says (the database holds it), and of each only what is public. */
export class PortalTickets {
  readonly #db: ScopedDb<TicketTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TicketTables>();
    this.#deps = deps;
  }

  /** The tickets that the reader may see, the newest change first. */
  async list(scope: TenantScope, input: z.output<typeof listPortalTicketsInput>): Promise<Page<PortalTicketView>> {
    const own = input.whose === 'own' ? { contactId: scope.actor.id as ContactId } : {};
    const page = await this.#deps.tickets.rows(scope, { ...input, ...own, sort: 'updated' });
    const names = await namesOf(this.#db as ScopedDb, scope, page.items);
    return { items: page.items.map((row) => toPortalTicketView(row, names)), nextCursor: page.nextCursor };
  }

  /** Throws `tickets.ticket-not-found`, also for another company's. */
  async get(scope: TenantScope, ticketId: TicketId): Promise<PortalTicketDetailView> {
    const row = await this.#deps.tickets.row(scope, ticketId);
    const [names, comments, history, promises, mergedInto] = await Promise.all([
      namesOf(this.#db as ScopedDb, scope, [row]),
      readConversation(this.#db, scope, row),
      readHistory(this.#db, scope, row),
      this.#deps.sla.openPromises(scope, ticketId),
      this.#goesOnAs(scope, row.merged_into_id),
    ]);
    const isMerged = row.merged_into_id !== null;
    return { ...toPortalTicketView(row, names), comments, history, promises, isMerged, mergedInto };
  }

  /** The last of the tickets that a merged one goes on as; null where the reader may not see it. */
  async #goesOnAs(scope: TenantScope, first: TicketId | null): Promise<PortalTicketDetailView['mergedInto']> {
    let next = first;
    // Each merge closes the one before: a handful at most, and never a circle.
    for (let step = 0; next !== null && step < MAX_MERGES; step += 1) {
      const id: TicketId = next;
      const row = await this.#db.readFirst(scope, (query) =>
        query.selectFrom('ticket').select(['id', 'number', 'subject', 'merged_into_id']).where('id', '=', id),
      );
      if (row === undefined) return null;
      if (row.merged_into_id === null) return { id: row.id, number: row.number, subject: row.subject };
      next = row.merged_into_id;
    }
    return null;
  }

  /** Opens a ticket for the contact's company, in the contact's name. Throws `tickets.reference-not-found`, `files.file-not-found`, `tickets.no-company`, `tickets.empty-comment`. */
  async open(
    scope: TenantScope,
    input: z.output<typeof openPortalTicketInput>,
    /** What a form files it under, and what it asked for. */
    filed: Pick<OpenTicketInput, 'categoryId' | 'values'> = {},
  ): Promise<{ ticketId: TicketId; number: number }> {
    wordsOf(scope, input);
    return this.#db.transaction(scope, async (tx) => {
      const contact = await tx
        .typed<TenancyTables>()
        .query.selectFrom('contact')
        .select(['id', 'client_id', 'site_id'])
        .where('id', '=', scope.actor.id as ContactId)
        .executeTakeFirst();
      const clientId = contact?.client_id ?? onlyClientOf(scope);
      const siteId = contact?.site_id ?? null;
      const opened = await this.#deps.open.run(
        scope,
        {
          ...filed,
          clientId,
          type: input.type,
          subject: input.subject,
          ...(input.fileIds.length === 0 ? { body: input.body, html: input.html } : {}),
          impact: input.impact,
          urgency: 2,
          ...(contact === undefined ? {} : { contactId: contact.id }),
          ...(siteId === null ? {} : { siteId }),
          ...(input.assetId === undefined ? {} : { assetId: input.assetId }),
        },
        tx,
        'portal',
      );
      if (input.fileIds.length > 0)
        await this.#deps.comments.reply(
          scope,
          { ticketId: opened.ticketId, body: input.body, html: input.html, fileIds: input.fileIds },
          tx,
        );
      return opened;
    });
  }

  /** Answers on a ticket of the company. Throws `tickets.ticket-not-found`, `files.file-not-found`. */
  async reply(scope: TenantScope, input: z.output<typeof replyInPortalInput>): Promise<CommentResult> {
    return this.#deps.comments.reply(scope, input);
  }

  /** A file of a ticket that the reader may see. Throws `tickets.ticket-not-found`, `files.file-not-found`. */
  async attachment(scope: TenantScope, input: z.output<typeof portalAttachmentInput>): Promise<Download> {
    const ticket = await this.#deps.tickets.row(scope, input.ticketId);
    return this.#deps.files.open(scope, input.fileId, { kind: 'ticket', id: ticket.id });
  }
}

function onlyClientOf(scope: TenantScope): ClientId {
  const clientId = scope.reach.kind === 'only' ? scope.reach.clientIds[0] : undefined;
  if (clientId === undefined) throw new NotFoundError('tickets.no-company', 'This login belongs to no company here.');
  return clientId;
}
