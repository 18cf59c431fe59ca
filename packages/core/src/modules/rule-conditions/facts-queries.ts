import { sql } from 'kysely';
import type { ClientId, Id, MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ClientGroupId, ContactId } from '#modules/tenancy';
import type { TicketId, TicketTables } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import { CHANGED_FIELDS, type ChangedField } from './criteria-input.ts';
import type { FieldChange, TicketFacts } from './ticket-facts.ts';

interface FactsTables extends TicketTables {
  contact: { msp_id: MspId; client_id: ClientId; id: ContactId; is_vip: boolean };
}

/** How much of a text conditions look at. */
const MAX_BODY = 20_000;

/** Loads what conditions ask about: tickets, each on one row. */
export class FactsQueries {
  readonly #db: ScopedDb<FactsTables>;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db.typed<FactsTables>();
  }

  /** The tickets of some ids, in no order; those that are gone are left out. `commentId` is the comment whose words count, in place of each ticket's first. */
  async of(
    scope: TenantScope,
    ticketIds: readonly TicketId[],
    commentId?: Id<'ticket-comment'>,
  ): Promise<TicketFacts[]> {
    if (ticketIds.length === 0) return [];
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('ticket')
        .leftJoin('contact', (join) =>
          join.onRef('contact.client_id', '=', 'ticket.client_id').onRef('contact.id', '=', 'ticket.contact_id'),
        )
        .select([
          'ticket.id',
          'ticket.number',
          'ticket.version',
          'ticket.client_id as clientId',
          'ticket.status',
          'ticket.priority',
          'ticket.type',
          'ticket.source',
          'ticket.subject',
          'ticket.queue_id as queueId',
          'ticket.team_id as teamId',
          'ticket.category_id as categoryId',
          'ticket.assignee_id as assigneeId',
          'ticket.contact_id as contactId',
          'ticket.is_reply_awaited as isReplyAwaited',
          'ticket.opened_at as openedAt',
          'ticket.next_breach_at as nextBreachAt',
          'ticket.is_snoozed as isSnoozed',
          sql<Record<string, string[]> | null>`(
            select jsonb_object_agg(f.field_id, f.held) from (
              select v.field_id, jsonb_agg(v.value order by v.id) as held from desk_field_value v
              where v.msp_id = ticket.msp_id and v.client_id = ticket.client_id and v.ticket_id = ticket.id group by v.field_id) f
          )`.as('fields'),
          sql<boolean>`(ticket.is_vip or coalesce(contact.is_vip, false))`.as('isVip'),
          sql<
            ClientGroupId[]
          >`array(select m.group_id::text from client_group_member m where m.msp_id = ticket.msp_id and m.client_id = ticket.client_id)`.as(
            'clientGroupIds',
          ),
          bodyOf(commentId).as('body'),
        ])
        .where('ticket.id', 'in', ticketIds),
    );
    return rows.map((row) => ({ ...row, body: row.body ?? '', fields: row.fields ?? {} }));
  }

  /** What changed of a ticket in the step to a version of it. */
  async changesAt(
    scope: TenantScope,
    ticket: Pick<TicketFacts, 'id' | 'clientId'>,
    version: number,
  ): Promise<FieldChange[]> {
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('ticket_event')
        .select(['kind', 'from_value', 'to_value'])
        .where('client_id', '=', ticket.clientId)
        .where('ticket_id', '=', ticket.id)
        .where('ticket_version', '=', version)
        .where('kind', 'in', [...CHANGED_FIELDS]),
    );
    return rows.map((row) => ({ field: row.kind as ChangedField, from: row.from_value, to: row.to_value }));
  }
}

function bodyOf(commentId: Id<'ticket-comment'> | undefined) {
  const own = sql`from ticket_comment c where c.msp_id = ticket.msp_id and c.client_id = ticket.client_id and c.ticket_id = ticket.id`;
  return commentId === undefined
    ? sql<string | null>`(select left(c.body, ${MAX_BODY}) ${own} order by c.created_at, c.id limit 1)`
    : sql<string | null>`(select left(c.body, ${MAX_BODY}) ${own} and c.id = ${commentId}::uuid)`;
}
