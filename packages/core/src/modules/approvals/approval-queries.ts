import { z } from 'zod';
import { idSchema } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { StaffIdentity, TicketTables } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import { ANSWERS, APPROVAL_MODES, APPROVAL_STATES } from './approval.ts';
import type { ApprovalId, ApprovalTables } from './approvals-table.ts';

export const listTicketApprovalsInput = z.object({ ticketId: idSchema('ticket') });

const base = {
  id: idSchema('approval'),
  ticketId: idSchema('ticket'),
  subject: z.string(),
  body: z.string(),
  amountMinor: z.int().nullable(),
  currency: z.string().nullable(),
  mode: z.enum(APPROVAL_MODES),
  state: z.enum(APPROVAL_STATES),
  dueAt: z.iso.datetime().nullable(),
  requestedBy: z.string(),
  createdAt: z.iso.datetime(),
};
/** An approval with everybody whom it asks. */
export const approvalView = z.object({
  ...base,
  /** Whether the reader is asked now. */
  asksMe: z.boolean(),
  steps: z.array(
    z.object({
      name: z.string(),
      isContact: z.boolean(),
      answer: z.enum(ANSWERS).nullable(),
      comment: z.string(),
      at: z.iso.datetime().nullable(),
    }),
  ),
});
/** An approval as whom it asks sees it in the portal: with their own answer alone. */
export const portalApprovalView = z.object({
  ...base,
  answer: z.enum(ANSWERS).nullable(),
  comment: z.string(),
  isMyTurn: z.boolean(),
});
export type ApprovalView = z.input<typeof approvalView>;
export type PortalApprovalView = z.input<typeof portalApprovalView>;

const MAX_SHOWN = 100;

/** Reads approvals. */
export class ApprovalQueries {
  readonly #db: ScopedDb<ApprovalTables & TicketTables>;
  readonly #staff: StaffIdentity;

  constructor(deps: { db: ScopedDb; staff: StaffIdentity }) {
    this.#db = deps.db.typed<ApprovalTables & TicketTables>();
    this.#staff = deps.staff;
  }

  /** The approvals of a ticket, newest first. */
  async ofTicket(scope: TenantScope, { ticketId }: z.output<typeof listTicketApprovalsInput>): Promise<ApprovalView[]> {
    const rows = await this.#db.read(scope, (query) =>
      query.selectFrom('approval').selectAll().where('ticket_id', '=', ticketId).orderBy('id', 'desc').limit(MAX_SHOWN),
    );
    return this.#views(scope, rows);
  }

  /** What waits for the answer of the member of staff who asks. */
  async waitingForMe(scope: TenantScope): Promise<ApprovalView[]> {
    const me = await this.#staff.of(scope);
    if (me === null) return [];
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('approval_step')
        .innerJoin('approval', 'approval.id', 'approval_step.approval_id')
        .selectAll('approval')
        .where('approval_step.staff_id', '=', me)
        .where('approval.state', '=', 'pending')
        .orderBy('approval.id')
        .limit(MAX_SHOWN),
    );
    return (await this.#views(scope, rows)).filter(({ asksMe }) => asksMe);
  }

  /** What the contact was asked, newest first. */
  async ofContact(scope: TenantScope): Promise<PortalApprovalView[]> {
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('approval_step')
        .innerJoin('approval', 'approval.id', 'approval_step.approval_id')
        .leftJoin('approval_decision', 'approval_decision.step_id', 'approval_step.id')
        .selectAll('approval')
        .select(['approval_step.place', 'approval_decision.answer', 'approval_decision.comment'])
        .where('approval_step.contact_id', '=', scope.actor.id as never)
        .orderBy('approval.id', 'desc')
        .limit(MAX_SHOWN),
    );
    return rows.map((row) => ({
      ...baseOf(row),
      answer: row.answer,
      comment: row.comment ?? '',
      isMyTurn: row.state === 'pending' && row.answer === null && (row.mode !== 'sequence' || row.turn === row.place),
    }));
  }

  async #views(scope: TenantScope, rows: readonly Row[]): Promise<ApprovalView[]> {
    if (rows.length === 0) return [];
    const me = await this.#staff.of(scope);
    const ids = rows.map(({ id }) => id);
    const steps = await this.#db.read(scope, (query) =>
      query
        .selectFrom('approval_step')
        .leftJoin('approval_decision', 'approval_decision.step_id', 'approval_step.id')
        .select([
          'approval_step.approval_id',
          'approval_step.place',
          'approval_step.name',
          'approval_step.contact_id',
          'approval_step.staff_id',
          'approval_decision.answer',
          'approval_decision.comment',
          'approval_decision.at',
        ])
        .where('approval_step.approval_id', 'in', ids)
        .orderBy('approval_step.place'),
    );
    const of = Map.groupBy(steps, (step) => step.approval_id);
    return rows.map((row) => {
      const asked = of.get(row.id) ?? [];
      const isTurn = (place: number): boolean => row.mode !== 'sequence' || place === row.turn;
      return {
        ...baseOf(row),
        asksMe:
          row.state === 'pending' &&
          me !== null &&
          asked.some((step) => step.staff_id === me && step.answer === null && isTurn(step.place)),
        steps: asked.map((step) => ({
          name: step.name,
          isContact: step.contact_id !== null,
          answer: step.answer,
          comment: step.comment ?? '',
          at: step.at?.toString() ?? null,
        })),
      };
    });
  }
}

interface Row {
  readonly id: ApprovalId;
  readonly ticket_id: TicketTables['ticket']['id'];
  readonly subject: string;
  readonly body: string;
  readonly amount_minor: number | null;
  readonly currency: string | null;
  readonly mode: ApprovalTables['approval']['mode'];
  readonly state: ApprovalTables['approval']['state'];
  readonly turn: number;
  readonly due_at: Temporal.Instant | null;
  readonly requested_by_label: string;
  readonly created_at: Temporal.Instant;
}

function baseOf(row: Row) {
  return {
    id: row.id,
    ticketId: row.ticket_id,
    subject: row.subject,
    body: row.body,
    amountMinor: row.amount_minor,
    currency: row.currency,
    mode: row.mode,
    state: row.state,
    dueAt: row.due_at?.toString() ?? null,
    requestedBy: row.requested_by_label,
    createdAt: row.created_at.toString(),
  };
}
