import type { MspId } from '#kernel/id';
import type { MspQueries } from '#modules/tenancy';
import { ticketLabel, type StaffId } from '#modules/tickets';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { Mailer } from '#platform/mail/mailer';
import type { TicketFacts } from '#modules/rule-conditions';
import type { Action } from './action-input.ts';

interface StaffTables {
  identity_staff: {
    msp_id: MspId;
    id: StaffId;
    name: string;
    email: string;
    removed_at: Temporal.Instant | null;
  };
}

/** Mails members of staff about a ticket. */
export class NotifyStaff {
  readonly #deps: { readonly mailer: Mailer; readonly msps: MspQueries; readonly publicUrl: string };

  constructor(deps: { mailer: Mailer; msps: MspQueries; publicUrl: string }) {
    this.#deps = deps;
  }

  /** One mail for all of them; nobody gets one who has left, or where a ticket has no assignee. */
  async run(
    tx: AnyTransaction,
    facts: TicketFacts,
    action: Extract<Action, { do: 'notify' }>,
    text: string,
  ): Promise<void> {
    const { mailer, msps, publicUrl } = this.#deps;
    const assignee = action.assignee && facts.assigneeId !== null ? [facts.assigneeId] : [];
    const ids = [...new Set([...action.staffIds, ...assignee])];
    if (ids.length === 0) return;
    const people = await tx
      .typed<StaffTables>()
      .query.selectFrom('identity_staff')
      .select(['name', 'email'])
      .where('id', 'in', ids)
      .where('removed_at', 'is', null)
      .orderBy('name')
      .execute();
    if (people.length === 0) return;
    const msp = await msps.get(tx.scope);
    await mailer.send(tx, {
      clientId: facts.clientId,
      purpose: 'desk-rules.notice',
      to: people.map(({ name, email }) => ({ address: email, name })),
      fromName: msp.name,
      subject: oneLine(`${ticketLabel(facts.number)}: ${facts.subject}`),
      text: `${text}\n\n${publicUrl}/tickets/${facts.number}\n\nSent by ${tx.scope.actor.label}.\n`,
    });
  }
}

/** A subject comes from outside and may hold what no header may. */
function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]+/gu, ' ')
    .slice(0, 300)
    .toWellFormed();
}
