import type { PriorityMatrix } from '#modules/desk-catalogue';
import type { ContactId, TenancyTables } from '#modules/tenancy';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import { authorOf, type Level, type Priority } from './ticket.ts';

/** What a ticket’s priority comes from. */
interface Rated {
  readonly impact: Level;
  readonly urgency: Level;
  readonly contactId: ContactId | null;
  /** What a person, a rule or a program named in place of the matrix. */
  readonly named: Priority | null;
}

/** The columns in which a ticket keeps its priority with its reason. */
export interface RatingColumns {
  readonly impact: Level;
  readonly urgency: Level;
  readonly is_vip: boolean;
  readonly priority: Priority;
  readonly is_priority_set: boolean;
  readonly priority_reason: string;
}

/** Gives tickets their priority: what was named, or what the MSP’s matrix says, raised for a VIP. */
export class TicketRating {
  readonly #matrix: PriorityMatrix;

  constructor(deps: { matrix: PriorityMatrix }) {
    this.#matrix = deps.matrix;
  }

  async rate(tx: AnyTransaction, { impact, urgency, contactId, named }: Rated): Promise<RatingColumns> {
    const isVip = await isVipContact(tx, contactId);
    if (named !== null)
      return {
        impact,
        urgency,
        is_vip: isVip,
        priority: named,
        is_priority_set: true,
        priority_reason: `set by ${authorOf(tx.scope).label}`,
      };
    const { priority, reason } = await this.#matrix.rate(tx, { impact, urgency, isVip });
    return { impact, urgency, is_vip: isVip, priority, is_priority_set: false, priority_reason: reason };
  }
}

async function isVipContact(tx: AnyTransaction, contactId: ContactId | null): Promise<boolean> {
  if (contactId === null) return false;
  const row = await tx
    .typed<TenancyTables>()
    .query.selectFrom('contact')
    .select('is_vip')
    .where('id', '=', contactId)
    .executeTakeFirst();
  return row?.is_vip ?? false;
}
