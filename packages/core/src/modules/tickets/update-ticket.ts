import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { idSchema } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AgreementHolding } from '#modules/agreements';
import type { AuditTrail } from '#modules/audit';
import type { TicketCategories } from '#modules/desk-catalogue';
import { fieldValueInput, type FieldValues } from '#modules/desk-fields';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import { levelSchema, prioritySchema, subjectSchema } from './open-ticket.ts';
import { assertStatusChange, TICKET_STATUSES, TICKET_TYPES, ticketLabel, type Level, type Priority } from './ticket.ts';
import type { TicketChanger } from './ticket-changer.ts';
import type { HistoryEntry, TicketEventKind } from './ticket-history.ts';
import type { RatingColumns, TicketRating } from './ticket-rating.ts';
import { assertReferences } from './ticket-references.ts';
import type { TicketChange, TicketRow, TicketStore } from './ticket-store.ts';
import type { TicketTables } from './ticket-table.ts';

export const updateTicketInput = z.object({
  ticketId: idSchema('ticket'),
  version: z.int(),
  status: z.enum(TICKET_STATUSES).optional(),
  type: z.enum(TICKET_TYPES).optional(),
  subject: subjectSchema.optional(),
  impact: levelSchema.optional(),
  urgency: levelSchema.optional(),
  /** In place of what impact and urgency give. */
  priority: prioritySchema.optional(),
  queueId: idSchema('ticket-queue').nullable().optional(),
  assigneeId: idSchema('staff').nullable().optional(),
  siteId: idSchema('site').nullable().optional(),
  contactId: idSchema('contact').nullable().optional(),
  assetId: idSchema('asset').nullable().optional(),
  categoryId: idSchema('desk-category').nullable().optional(),
  teamId: idSchema('team').nullable().optional(),
  /** Values of custom fields; those that are not named stay. */
  values: z.array(fieldValueInput).max(100).optional(),
});
export type UpdateTicketInput = z.output<typeof updateTicketInput>;

interface Deps {
  readonly db: ScopedDb;
  readonly store: TicketStore;
  readonly changer: TicketChanger;
  readonly agreements: AgreementHolding;
  readonly rating: TicketRating;
  readonly categories: TicketCategories;
  readonly fields: FieldValues;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

const FIELDS = [
  ['status', 'status', 'status'],
  ['type', 'type', 'type'],
  ['subject', 'subject', 'subject'],
  ['queueId', 'queue_id', 'queue'],
  ['assigneeId', 'assignee_id', 'assignee'],
  ['siteId', 'site_id', 'site'],
  ['contactId', 'contact_id', 'contact'],
  ['assetId', 'asset_id', 'asset'],
  ['categoryId', 'category_id', 'category'],
  ['teamId', 'team_id', 'team'],
] as const satisfies readonly (readonly [keyof UpdateTicketInput, keyof TicketRow, TicketEventKind])[];

/** Changes a ticket: status, priority, people, place, words. */
export class UpdateTicket {
  readonly #db: ScopedDb<TicketTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TicketTables>();
    this.#deps = deps;
  }

  /**
   * Returns the new version; the same one where nothing is different. Throws `tickets.ticket-changed` on a stale version, `tickets.status-not-reachable`,
   * `tickets.reference-not-found`, `desk-catalogue.category-not-found`, and what `FieldValues` throws. `reason` is kept with the change in the ticket's history. `because`
   * is kept there before what it did.
   */
  async run(
    scope: TenantScope,
    input: UpdateTicketInput,
    within?: AnyTransaction,
    reason?: string,
    because: readonly HistoryEntry[] = [],
  ): Promise<{ version: number }> {
    const { store, changer, audit } = this.#deps;
    return this.#db.transaction(
      scope,
      async (tx) => {
        const before = await store.forChange(tx, input.ticketId);
        if (input.status !== undefined && input.status !== before.status)
          assertStatusChange(before.status, input.status);
        await assertReferences(tx, before.client_id, input);
        await this.#assertCategory(tx, before, input);
        const { change, entries } = await this.#changeOf(tx, before, input);
        entries.unshift(...because);
        entries.push(...(await this.#fill(tx, before, input)));
        if (entries.length === 0 && input.version === before.version) return { version: before.version };
        const told = reason === undefined ? entries : entries.map((entry) => ({ reason, ...entry }));
        const version = await changer.apply(tx, before, change, told, input.version);
        await audit.record(tx, {
          action: 'tickets.update-ticket',
          subject: { kind: 'ticket', id: before.id, clientId: before.client_id },
          summary: `Changed the ticket ${ticketLabel(before.number)}`,
          before: Object.fromEntries(entries.map((entry) => [entry.kind, entry.from])),
          after: Object.fromEntries(entries.map((entry) => [entry.kind, entry.to])),
        });
        return { version };
      },
      within,
    );
  }

  async #changeOf(
    tx: ScopedTransaction<TicketTables>,
    before: TicketRow,
    input: UpdateTicketInput,
  ): Promise<{ change: TicketChange; entries: HistoryEntry[] }> {
    const change: Record<string, unknown> = {};
    const entries: HistoryEntry[] = [];
    for (const [field, column, kind] of FIELDS) {
      const value = input[field];
      if (value === undefined || value === before[column]) continue;
      change[column] = value;
      entries.push({ kind, from: before[column], to: value });
    }
    const rating = await this.#ratingAfter(tx, before, input);
    Object.assign(change, rating);
    if (rating.priority !== undefined && rating.priority !== before.priority)
      entries.push({
        kind: 'priority',
        from: String(before.priority),
        to: String(rating.priority),
        reason: rating.priority_reason ?? null,
      });
    else if (Object.entries(rating).some(([column, value]) => value !== before[column as keyof TicketRow]))
      entries.push({ kind: 'rating', to: rating.priority_reason ?? null });
    if (change['site_id'] !== undefined)
      entries.push(...(await this.#agreementAfter(tx, before, { ...change } as TicketChange, change)));
    return { change: change as TicketChange, entries };
  }

  /** Rated anew where impact or urgency is named, which takes back a priority that somebody set, and where another contact is a VIP or is not. */
  async #ratingAfter(
    tx: ScopedTransaction<TicketTables>,
    before: TicketRow,
    input: UpdateTicketInput,
  ): Promise<Partial<RatingColumns>> {
    const { impact, urgency, priority } = input;
    const isRated = impact !== undefined || urgency !== undefined;
    const isNamed = priority !== undefined && (priority !== before.priority || isRated);
    if (!isRated && !isNamed && input.contactId === undefined) return {};
    const kept = before.is_priority_set && !isRated ? before.priority : null;
    const rating = await this.#deps.rating.rate(tx, {
      impact: (impact ?? before.impact) as Level,
      urgency: (urgency ?? before.urgency) as Level,
      contactId: input.contactId === undefined ? before.contact_id : input.contactId,
      named: isNamed ? (priority as Priority) : kept,
    });
    return kept === null || isNamed ? rating : { is_vip: rating.is_vip };
  }

  /** Another type may not have the category any more. */
  async #assertCategory(
    tx: ScopedTransaction<TicketTables>,
    before: TicketRow,
    input: UpdateTicketInput,
  ): Promise<void> {
    const isOther = input.categoryId !== undefined && input.categoryId !== before.category_id;
    const isOtherType = input.type !== undefined && input.type !== before.type;
    const categoryId = input.categoryId === undefined ? before.category_id : input.categoryId;
    if (categoryId !== null && (isOther || isOtherType))
      await this.#deps.categories.assertUsable(tx, categoryId, input.type ?? before.type);
  }

  async #fill(
    tx: ScopedTransaction<TicketTables>,
    before: TicketRow,
    input: UpdateTicketInput,
  ): Promise<HistoryEntry[]> {
    const ticket = { ticketId: before.id, clientId: before.client_id, type: input.type ?? before.type };
    const names = await this.#deps.fields.write(tx, ticket, input.values ?? []);
    return names.map((name) => ({ kind: 'field', to: name }));
  }

  /** Another site may fall under another agreement. */
  async #agreementAfter(
    tx: ScopedTransaction<TicketTables>,
    before: TicketRow,
    { site_id }: TicketChange,
    change: Record<string, unknown>,
  ): Promise<HistoryEntry[]> {
    const holding = await this.#deps.agreements.agreementFor(tx, {
      clientId: before.client_id,
      siteId: site_id ?? null,
      at: before.opened_at,
    });
    change['agreement_id'] = holding.agreementId;
    change['agreement_client_id'] = holding.agreementClientId;
    change['agreement_reason'] = holding.reason;
    return holding.agreementId === before.agreement_id
      ? []
      : [{ kind: 'agreement', from: before.agreement_id, to: holding.agreementId }];
  }
}
