import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { clientIdSchema, idSchema, newId, type Id } from '#kernel/id';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AgreementHolding } from '#modules/agreements';
import type { AuditTrail } from '#modules/audit';
import type { AttachFiles } from '#modules/files';
import type { TicketCategories } from '#modules/desk-catalogue';
import { fieldValueInput, type FieldValues } from '#modules/desk-fields';
import type { ClientQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import { attachToComment } from './attach-to-comment.ts';
import { wordsInput, wordsOf, type FoldedWords } from './comment-words.ts';
import { assertReferences } from './ticket-references.ts';
import { authorOf, TICKET_TYPES, ticketLabel, type Level, type Priority, type TicketSource } from './ticket.ts';
import { ticketOpened, ticketTeamWork } from './ticket-events.ts';
import type { TicketHistory } from './ticket-history.ts';
import type { TicketPromises } from './ticket-promises.ts';
import type { RatingColumns, TicketRating } from './ticket-rating.ts';
import type { TicketStore } from './ticket-store.ts';
import type { TicketCommentId, TicketId, TicketTables } from './ticket-table.ts';

export const levelSchema = z.union([z.literal(1), z.literal(2), z.literal(3)], {
  error: 'must be 1 (high), 2 (medium) or 3 (low)',
});
export const prioritySchema = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)], {
  error: 'must be 1 to 4',
});
export const subjectSchema = text({ max: 200 });

export const openTicketInput = z.object({
  clientId: clientIdSchema,
  type: z.enum(TICKET_TYPES).default('incident'),
  subject: subjectSchema,
  /** `body` or `html`: the first public words of the conversation. */
  ...wordsInput,
  impact: levelSchema.default(2),
  urgency: levelSchema.default(2),
  /** In place of what impact and urgency give. */
  priority: prioritySchema.optional(),
  queueId: idSchema('ticket-queue').optional(),
  assigneeId: idSchema('staff').optional(),
  siteId: idSchema('site').optional(),
  contactId: idSchema('contact').optional(),
  assetId: idSchema('asset').optional(),
  categoryId: idSchema('desk-category').optional(),
  teamId: idSchema('team').optional(),
  /** Values of custom fields. */
  values: z.array(fieldValueInput).max(100).optional(),
});
export type OpenTicketInput = z.output<typeof openTicketInput>;

/** What a mail's first words bring along: quotations and files, which are attached to them. */
type FirstWords = FoldedWords & { readonly fileIds?: readonly Id<'file'>[] };

interface Deps {
  readonly db: ScopedDb;
  readonly store: TicketStore;
  readonly history: TicketHistory;
  readonly promises: TicketPromises;
  readonly attach: AttachFiles;
  readonly agreements: AgreementHolding;
  readonly rating: TicketRating;
  readonly categories: TicketCategories;
  readonly fields: FieldValues;
  readonly clients: ClientQueries;
  readonly audit: AuditTrail;
  readonly jobs: JobQueue;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Opens a ticket for a client. */
export class OpenTicket {
  readonly #db: ScopedDb<TicketTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TicketTables>();
    this.#deps = deps;
  }

  /**
   * Returns the ticket's id, its number in the MSP and its first comment's id; null where nothing was written. `via` says where it came from; left out, that is staff or an API key. Throws `tenancy.client-not-found`,
   * `tickets.reference-not-found`, `desk-catalogue.category-not-found`, and what `FieldValues` throws. Fields that must be filled in to open a ticket are asked of people in the console
   * alone: a mail or an alert is never turned away.
   */
  async run(
    scope: TenantScope,
    input: OpenTicketInput & FirstWords,
    within?: AnyTransaction,
    via: TicketSource = scope.actor.kind === 'api-key' ? 'api' : 'staff',
  ): Promise<{ ticketId: TicketId; number: number; commentId: TicketCommentId | null }> {
    const { store, history, promises, agreements, clock } = this.#deps;
    const isInternal = authorOf(scope).kind === 'system';
    await this.#deps.clients.get(scope, input.clientId);
    return this.#db.transaction(
      scope,
      async (tx) => {
        await assertReferences(tx, input.clientId, input);
        if (input.categoryId !== undefined) await this.#deps.categories.assertUsable(tx, input.categoryId, input.type);
        const [now, id] = [clock.now(), newId<'ticket'>()];
        const rating = await this.#rate(tx, input);
        const { priority } = rating;
        await this.#fill(tx, id, input, via);
        const holding = await agreements.agreementFor(tx, {
          clientId: input.clientId,
          siteId: input.siteId ?? null,
          at: now,
        });
        const commentId = await this.#firstWords(tx, id, input, now);
        await history.append(tx, { id, client_id: input.clientId, version: 1 }, now, [
          { kind: 'opened', to: JSON.stringify({ status: 'new', priority, type: input.type, source: via }) },
          ...(input.assigneeId === undefined ? [] : [{ kind: 'assignee' as const, to: input.assigneeId }]),
        ]);
        const promised = { id, ...aboutOf(input), agreementId: holding.agreementId, priority, status: 'new' };
        const nextBreachAt = await promises.opened(tx, promised, now);
        const number = await store.insert(tx, {
          id,
          ...givenColumns(input),
          ...rating,
          status: 'new',
          source: via,
          agreement_client_id: holding.agreementClientId,
          agreement_id: holding.agreementId,
          agreement_reason: holding.reason,
          touched_by_person: !isInternal,
          is_reply_awaited: authorOf(scope).kind === 'contact',
          opened_at: now,
          updated_at: now,
          next_breach_at: nextBreachAt,
          resolved_at: null,
          closed_at: null,
        });
        await this.#announce(tx, { id, number, priority, via }, input);
        return { ticketId: id, number, commentId };
      },
      within,
    );
  }

  async #firstWords(
    tx: ScopedTransaction<TicketTables>,
    ticketId: TicketId,
    input: OpenTicketInput & FirstWords,
    at: Temporal.Instant,
  ): Promise<TicketCommentId | null> {
    const { store, attach } = this.#deps;
    if (input.body === undefined && input.html === undefined) return null;
    const visibility = authorOf(tx.scope).kind === 'system' ? 'internal' : 'public';
    const words = wordsOf(tx.scope, input);
    const id = await store.insertComment(tx, { ticketId, clientId: input.clientId, visibility, words, at });
    const comment = { id, visibility, fileIds: input.fileIds ?? [] } as const;
    await attachToComment(tx, attach, { id: ticketId, client_id: input.clientId }, comment, at);
    return id;
  }

  async #rate(tx: AnyTransaction, { impact, urgency, contactId, priority }: OpenTicketInput): Promise<RatingColumns> {
    return this.#deps.rating.rate(tx, {
      impact: impact as Level,
      urgency: urgency as Level,
      contactId: contactId ?? null,
      named: (priority ?? null) as Priority | null,
    });
  }

  async #fill(tx: AnyTransaction, ticketId: TicketId, input: OpenTicketInput, via: TicketSource): Promise<void> {
    const { fields } = this.#deps;
    const ticket = { ticketId, clientId: input.clientId, type: input.type };
    await fields.write(tx, ticket, input.values ?? []);
    if (via === 'staff' && tx.scope.audience !== 'system') await fields.assertComplete(tx, ticket, 'open');
  }

  async #announce(
    tx: AnyTransaction,
    ticket: { id: TicketId; number: number; priority: number; via: TicketSource },
    input: OpenTicketInput,
  ): Promise<void> {
    const { audit, jobs, live } = this.#deps;
    const { id, number, priority, via } = ticket;
    const { clientId } = input;
    await audit.record(tx, {
      action: 'tickets.open-ticket',
      subject: { kind: 'ticket', id, clientId },
      summary: `Opened the ticket ${ticketLabel(number)}: ${input.subject}`,
      after: { number, type: input.type, priority, subject: input.subject, source: via },
      isClientVisible: true,
    });
    await jobs.publish(tx, ticketOpened, { aggregateId: id, version: 1 }, { ticketId: id, clientId });
    if (input.teamId !== undefined)
      await jobs.publish(tx, ticketTeamWork, { aggregateId: id, version: 1 }, { ticketId: id, clientId });
    live.touch(tx, { clientId, topic: 'ticket', id, version: 1, isForContacts: true });
  }
}

function aboutOf({ clientId, type }: OpenTicketInput) {
  return { clientId, type };
}

function givenColumns(input: OpenTicketInput) {
  return {
    client_id: input.clientId,
    type: input.type,
    subject: input.subject,
    category_id: input.categoryId ?? null,
    team_id: input.teamId ?? null,
    queue_id: input.queueId ?? null,
    assignee_id: input.assigneeId ?? null,
    site_id: input.siteId ?? null,
    contact_id: input.contactId ?? null,
    asset_id: input.assetId ?? null,
  };
}
