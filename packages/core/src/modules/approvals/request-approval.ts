import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, InvalidInputError, NotFoundError } from '#kernel/errors';
import { idSchema, newId, type ClientId } from '#kernel/id';
import { instantSchema, text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import { contactIdSchema, type ContactId, type ContactQueries, type ContactView } from '#modules/tenancy';
import {
  canBecome,
  ticketLabel,
  type StaffId,
  type StaffIdentity,
  type TicketId,
  type TicketQueries,
  type TicketRow,
  type TicketTables,
  type UpdateTicket,
} from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import { APPROVAL_MODES, isWithinLimit } from './approval.ts';
import type { ApprovalMails } from './approval-mails.ts';
import type { ApprovalId, ApprovalTables } from './approvals-table.ts';

/** What is asked, of whom, and whose answer counts. */
export const approvalFields = {
  subject: text({ max: 200 }),
  body: text({ min: 0, max: 5000 }).default(''),
  mode: z.enum(APPROVAL_MODES).default('one'),
  /** Contacts of the ticket's client and members of staff, in the order in which a sequence asks them: contacts first. */
  contactIds: z.array(idSchema('contact')).max(20, { error: 'must be at most 20' }).default([]),
  staffIds: z.array(idSchema('staff')).max(20, { error: 'must be at most 20' }).default([]),
  /** The ticket's own contact too, where it has one. */
  asksContact: z.boolean().default(false),
  /** Those too who approve for the client, as far as their limit goes; asked in any case where nobody else is. */
  asksApprovers: z.boolean().default(false),
};
export const requestApprovalInput = z.object({
  ticketId: idSchema('ticket'),
  ...approvalFields,
  /** In minor units of the currency, both or neither. */
  amountMinor: z.int().min(0).max(1_000_000_000_000).optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, { error: 'must be a currency such as GBP' })
    .optional(),
  dueAt: instantSchema.optional(),
});
export const withdrawApprovalInput = z.object({ approvalId: idSchema('approval') });

interface Deps {
  readonly db: ScopedDb;
  readonly tickets: TicketQueries;
  readonly contacts: ContactQueries;
  readonly staff: StaffIdentity;
  readonly update: UpdateTicket;
  readonly mails: ApprovalMails;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
}

interface Approver {
  readonly contactId: string | null;
  readonly staffId: string | null;
  readonly name: string;
}

/** Asks contacts or staff to approve something on a ticket, which then waits for them. */
export class RequestApproval {
  readonly #db: ScopedDb<ApprovalTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<ApprovalTables>();
    this.#deps = deps;
  }

  /**
   * Throws `tickets.ticket-not-found`, `approvals.nobody-asked`, `approvals.not-a-contact`, `approvals.no-portal-access`, `approvals.over-limit`, `approvals.own-request`, `approvals.due-in-the-past`, `tickets.is-merged`.
   */
  async run(
    scope: TenantScope,
    input: z.output<typeof requestApprovalInput>,
    within?: AnyTransaction,
  ): Promise<{ approvalId: ApprovalId }> {
    const { audit, live, mails, clock } = this.#deps;
    const now = clock.now();
    if (input.dueAt !== undefined && Temporal.Instant.compare(input.dueAt, now) <= 0)
      throw refused('approvals.due-in-the-past', 'dueAt', 'must be later than now');
    if ((input.amountMinor === undefined) !== (input.currency === undefined))
      throw refused('approvals.amount-without-currency', 'currency', 'must come with an amount, and an amount with it');
    return this.#db.transaction(
      scope,
      async (tx) => {
        const ticket = await this.#ticketToAsk(tx, input.ticketId);
        const me = await this.#deps.staff.of(scope);
        const approvers = await this.#approvers(tx.scope, ticket, input, me);
        const id = newId<'approval'>();
        await tx.query
          .insertInto('approval')
          .values({
            msp_id: scope.mspId,
            id,
            client_id: ticket.client_id,
            ticket_id: ticket.id,
            subject: input.subject,
            body: input.body,
            amount_minor: input.amountMinor ?? null,
            currency: input.currency ?? null,
            mode: input.mode,
            state: 'pending',
            turn: 1,
            due_at: input.dueAt ?? null,
            reminded_at: null,
            requested_by_id: me,
            requested_by_label: scope.actor.label,
            created_at: now,
            ended_at: null,
          })
          .execute();
        await this.#addSteps(tx, { id, clientId: ticket.client_id }, approvers);
        if (ticket.status !== 'waiting-client' && canBecome(ticket.status, 'waiting-client'))
          await this.#deps.update.run(
            tx.scope,
            { ticketId: ticket.id, version: ticket.version, status: 'waiting-client' },
            tx,
          );
        await mails.ask(tx, id);
        await audit.record(tx, {
          action: 'approvals.request-approval',
          subject: { kind: 'approval', id, clientId: ticket.client_id },
          summary: `Asked ${approvers.map(({ name }) => name).join(', ')} to approve ‘${input.subject}’ on ${ticketLabel(ticket.number)}`,
          isClientVisible: true,
        });
        live.touch(tx, { clientId: ticket.client_id, topic: 'approval', id, version: 1, isForContacts: true });
        return { approvalId: id };
      },
      within,
    );
  }

  /** Whether a ticket waits for an answer to this already. */
  async isAsked(within: AnyTransaction, ticketId: TicketId, subject: string): Promise<boolean> {
    const row = await within
      .typed<ApprovalTables>()
      .query.selectFrom('approval')
      .select('id')
      .where('ticket_id', '=', ticketId)
      .where('subject', '=', subject)
      .where('state', '=', 'pending')
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** Ends an approval that nobody has to answer any more. Throws `approvals.approval-not-found`, `approvals.already-ended`. */
  async withdraw(scope: TenantScope, approvalId: ApprovalId): Promise<void> {
    const { audit, live, clock } = this.#deps;
    await this.#db.transaction(scope, async (tx) => {
      const row = await tx.query
        .selectFrom('approval')
        .selectAll()
        .where('id', '=', approvalId)
        .forUpdate()
        .executeTakeFirst();
      if (row === undefined) throw approvalNotFound();
      if (row.state !== 'pending') throw alreadyEnded();
      await tx.query
        .updateTable('approval')
        .set({ state: 'withdrawn', ended_at: clock.now(), version: row.version + 1 })
        .where('id', '=', approvalId)
        .execute();
      await audit.record(tx, {
        action: 'approvals.withdraw-approval',
        subject: { kind: 'approval', id: approvalId, clientId: row.client_id },
        summary: `Withdrew the approval ‘${row.subject}’`,
        isClientVisible: true,
      });
      const { client_id: clientId, version } = row;
      live.touch(tx, { clientId, topic: 'approval', id: approvalId, version: version + 1, isForContacts: true });
    });
  }

  /** Locked, so that nothing is asked on a ticket that is being merged meanwhile. */
  async #ticketToAsk(tx: ScopedTransaction<ApprovalTables>, ticketId: TicketId) {
    await tx
      .typed<TicketTables>()
      .query.selectFrom('ticket')
      .select('id')
      .where('id', '=', ticketId)
      .forUpdate()
      .execute();
    const ticket = await this.#deps.tickets.row(tx.scope, ticketId);
    if (ticket.merged_into_id !== null)
      throw new ConflictError(
        'tickets.is-merged',
        `${ticketLabel(ticket.number)} was merged into another ticket. Ask for approval there.`,
      );
    return ticket;
  }

  async #addSteps(
    tx: ScopedTransaction<ApprovalTables>,
    approval: { id: ApprovalId; clientId: ClientId },
    approvers: readonly Approver[],
  ): Promise<void> {
    await tx.query
      .insertInto('approval_step')
      .values(
        approvers.map((one, index) => ({
          msp_id: tx.scope.mspId,
          id: newId<'approval-step'>(),
          client_id: approval.clientId,
          approval_id: approval.id,
          place: index + 1,
          contact_id: one.contactId as never,
          staff_id: one.staffId as never,
          name: one.name,
        })),
      )
      .execute();
  }

  async #ofClient(
    scope: TenantScope,
    clientId: ClientId,
    input: z.output<typeof requestApprovalInput>,
  ): Promise<ContactId[]> {
    const all = await this.#deps.contacts.approversOf(scope, clientId);
    return all.filter((contact) => isEnough(contact, input)).map(({ id }) => contactIdSchema.parse(id));
  }

  async #approvers(
    scope: TenantScope,
    { client_id: clientId, contact_id: contact }: Pick<TicketRow, 'client_id' | 'contact_id'>,
    input: z.output<typeof requestApprovalInput>,
    me: StaffId | null,
  ): Promise<Approver[]> {
    const { staffIds } = input;
    const named = [...input.contactIds, ...(input.asksContact && contact !== null ? [contact] : [])];
    const isNobodyNamed = named.length + staffIds.length === 0 && !input.asksContact;
    const contactIds =
      input.asksApprovers || isNobodyNamed ? [...named, ...(await this.#ofClient(scope, clientId, input))] : named;
    if (contactIds.length + staffIds.length === 0)
      throw refused('approvals.nobody-asked', 'contactIds', 'must name somebody who is asked');
    if (me !== null && staffIds.includes(me as never))
      throw refused('approvals.own-request', 'staffIds', 'must not name yourself: nobody approves what they ask for');
    const approvers: Approver[] = [];
    // At most twenty, each checked with its own reason.
    for (const contactId of new Set(contactIds)) {
      const contact = await this.#deps.contacts.find(scope, contactId);
      if (contact === null || contact.clientId !== clientId || !contact.isActive)
        throw new NotFoundError('approvals.not-a-contact', 'contactIds names nobody of this client.', {
          fields: [{ path: ['contactIds'], message: 'must be active contacts of the ticket’s client' }],
        });
      if (contact.portalRole === 'none')
        throw refused('approvals.no-portal-access', 'contactIds', `needs a role in the portal: ${contact.name}`);
      if (!isEnough(contact, input))
        throw refused('approvals.over-limit', 'contactIds', `must not be asked for so much: ${contact.name}`);
      approvers.push({ contactId, staffId: null, name: contact.name });
    }
    const people = new Map(
      (await this.#deps.tickets.assignees(scope)).items.map(({ id, name }) => [id as string, name] as const),
    );
    for (const staffId of new Set(staffIds)) {
      const name = people.get(staffId);
      if (name === undefined)
        throw new NotFoundError('approvals.not-staff', 'staffIds names nobody who works here.', {
          fields: [{ path: ['staffIds'], message: 'must work for this MSP' }],
        });
      approvers.push({ contactId: null, staffId, name });
    }
    return approvers;
  }
}

function isEnough(contact: ContactView, { amountMinor, currency }: z.output<typeof requestApprovalInput>): boolean {
  const { approvalLimitMinor, approvalLimitCurrency } = contact;
  return isWithinLimit(
    approvalLimitMinor === null || approvalLimitCurrency === null
      ? null
      : { amountMinor: approvalLimitMinor, currency: approvalLimitCurrency },
    amountMinor === undefined || currency === undefined ? null : { amountMinor, currency },
  );
}

export function approvalNotFound(): NotFoundError {
  return new NotFoundError('approvals.approval-not-found', 'There is no such approval.');
}

export function alreadyEnded(): ConflictError {
  return new ConflictError('approvals.already-ended', 'This approval has ended already.');
}

function refused(code: string, field: string, message: string): InvalidInputError {
  return new InvalidInputError(code, `${field} ${message}.`, { fields: [{ path: [field], message }] });
}
