import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { idSchema } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AgreementHolding } from '#modules/agreements';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import { levelSchema, prioritySchema, subjectSchema } from './open-ticket.ts';
import {
  assertStatusChange,
  priorityOf,
  TICKET_STATUSES,
  TICKET_TYPES,
  ticketLabel,
  type Level,
  type Priority,
} from './ticket.ts';
import type { TicketChanger } from './ticket-changer.ts';
import type { HistoryEntry, TicketEventKind } from './ticket-history.ts';
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
});
export type UpdateTicketInput = z.output<typeof updateTicketInput>;

interface Deps {
  readonly db: ScopedDb;
  readonly store: TicketStore;
  readonly changer: TicketChanger;
  readonly agreements: AgreementHolding;
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
   * `tickets.reference-not-found`. `because` is kept in the history before what it did.
   */
  async run(
    scope: TenantScope,
    input: UpdateTicketInput,
    within?: AnyTransaction,
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
        const { change, entries: done } = await this.#changeOf(tx, before, input);
        const entries = [...because, ...done];
        if (entries.length === 0 && input.version === before.version) return { version: before.version };
        const version = await changer.apply(tx, before, change, entries, input.version);
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
    const priority = priorityAfter(before, input);
    Object.assign(change, priority);
    if (priority.priority !== before.priority)
      entries.push({ kind: 'priority', from: String(before.priority), to: String(priority.priority) });
    if (change['site_id'] !== undefined)
      entries.push(...(await this.#agreementAfter(tx, before, { ...change } as TicketChange, change)));
    return { change: change as TicketChange, entries };
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

function priorityAfter(
  before: TicketRow,
  input: UpdateTicketInput,
): { impact: Level; urgency: Level; priority: Priority } {
  const impact = (input.impact ?? before.impact) as Level;
  const urgency = (input.urgency ?? before.urgency) as Level;
  const isRated = input.impact !== undefined || input.urgency !== undefined;
  const priority = (input.priority ?? (isRated ? priorityOf(impact, urgency) : before.priority)) as Priority;
  return { impact, urgency, priority };
}
