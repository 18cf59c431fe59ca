import { InvalidInputError, NotFoundError } from '#kernel/errors';
import { newId, type ClientId, type Id } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AssetId } from '#modules/assets';
import type { TicketType } from '#modules/desk-catalogue';
import type { ContactId } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import { fieldsFor, type FieldWithRule } from './field-rules.ts';
import type { FieldValueInput, FieldValueView } from './field-value-input.ts';
import type { StoredValue } from './field.ts';
import { readViews } from './field-value-queries.ts';
import type { DeskFieldChoiceId, DeskFieldsTables } from './desk-fields-table.ts';

type TicketId = Id<'ticket'>;
interface Ticket {
  readonly ticketId: TicketId;
  readonly clientId: ClientId;
  readonly type: TicketType;
}
interface NamedTables {
  contact: { msp_id: string; id: ContactId; client_id: ClientId };
  asset: { msp_id: string; id: AssetId; client_id: ClientId };
}
type Tx = ScopedTransaction<DeskFieldsTables>;

/** The values of tickets' fields, written in the transaction that opens or changes the ticket. */
export class FieldValues {
  readonly #db: ScopedDb<DeskFieldsTables>;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db.typed<DeskFieldsTables>();
  }

  /**
   * Replaces the values of the fields that are named. Answers with the names of those that are different now. Throws `desk-fields.field-not-found` for a field that is not there, retired or
   * not for this type of ticket, and `desk-fields.value-refused` for a value that is not of its type, each naming the place in `values`.
   */
  async write(within: AnyTransaction, ticket: Ticket, values: readonly FieldValueInput[]): Promise<string[]> {
    if (values.length === 0) return [];
    const tx = within.typed<DeskFieldsTables>();
    const fields = new Map((await fieldsFor(tx, ticket.type)).map((field) => [field.id as string, field]));
    const changed: string[] = [];
    const rows: { field: FieldWithRule; stored: StoredValue }[] = [];
    const seen = new Set<string>();
    for (const [index, { fieldId, value }] of values.entries()) {
      const field = fields.get(fieldId);
      if (field === undefined)
        throw new NotFoundError('desk-fields.field-not-found', `There is no such field on a ${ticket.type}.`, {
          fields: [{ path: ['values', index, 'fieldId'], message: `is no field of a ${ticket.type}` }],
        });
      const stored = seen.has(fieldId) ? 'comes twice' : field.read(value);
      seen.add(fieldId);
      if (typeof stored === 'string') throw refused(field.name, index, stored);
      rows.push(...stored.map((one) => ({ field, stored: one })));
      changed.push(field.name);
    }
    await assertThings(tx, ticket.clientId, rows, values);
    await tx.query
      .deleteFrom('desk_field_value')
      .where('client_id', '=', ticket.clientId)
      .where('ticket_id', '=', ticket.ticketId)
      .where(
        'field_id',
        'in',
        values.map(({ fieldId }) => fieldId),
      )
      .execute();
    if (rows.length > 0)
      await tx.query
        .insertInto('desk_field_value')
        .values(rows.map(rowOf(tx, ticket)))
        .execute();
    return changed;
  }

  /** Throws `desk-fields.value-required` where a field that a ticket of this type must have by now has no value, naming the fields. */
  async assertComplete(within: AnyTransaction, ticket: Ticket, by: 'open' | 'resolve'): Promise<void> {
    const tx = within.typed<DeskFieldsTables>();
    const needed = (await fieldsFor(tx, ticket.type)).filter(
      ({ requiredOn }) => requiredOn === 'open' || requiredOn === by,
    );
    if (needed.length === 0) return;
    const known = await tx.query
      .selectFrom('desk_field_value')
      .select('field_id')
      .distinct()
      .where('client_id', '=', ticket.clientId)
      .where('ticket_id', '=', ticket.ticketId)
      .execute();
    const has = new Set(known.map((row) => row.field_id));
    const missing = needed.filter(({ id }) => !has.has(id));
    if (missing.length === 0) return;
    throw new InvalidInputError(
      'desk-fields.value-required',
      `${missing.map(({ name }) => name).join(', ')} must be filled in ${by === 'open' ? 'to open a ticket' : 'before a ticket is done'}.`,
      { fields: missing.map(({ id }) => ({ path: ['values', id], message: 'must be filled in' })) },
    );
  }

  /** The values of tickets by ticket, each in the order of the fields, as far as the reader's audience goes. One query for the page, not one each. */
  async ofTickets(scope: TenantScope, ticketIds: readonly TicketId[]): Promise<Map<string, FieldValueView[]>> {
    return readViews(this.#db, scope, ticketIds);
  }

  /** Takes away what points at things of the old client, when a ticket's client is corrected. */
  async dropReferences(within: AnyTransaction, ticketId: TicketId): Promise<void> {
    await within
      .typed<DeskFieldsTables>()
      .query.deleteFrom('desk_field_value')
      .where('ticket_id', '=', ticketId)
      .where((row) => row.or([row('contact_id', 'is not', null), row('asset_id', 'is not', null)]))
      .execute();
  }
}

function rowOf(tx: Tx, { ticketId, clientId }: Ticket) {
  return ({ field, stored }: { field: FieldWithRule; stored: StoredValue }) => ({
    msp_id: tx.scope.mspId,
    id: newId<'desk-field-value'>(),
    client_id: clientId,
    ticket_id: ticketId,
    field_id: field.id,
    value: stored.value,
    number_value: stored.number ?? null,
    choice_id: (stored.choiceId ?? null) as DeskFieldChoiceId | null,
    contact_id: field.type === 'contact' ? (stored.value as ContactId) : null,
    asset_id: field.type === 'asset' ? (stored.value as AssetId) : null,
  });
}

/** Contacts and assets must be of the ticket's client; the keys would refuse others too, but only at commit and without a name. */
async function assertThings(
  tx: Tx,
  clientId: ClientId,
  rows: readonly { field: FieldWithRule; stored: StoredValue }[],
  values: readonly FieldValueInput[],
): Promise<void> {
  for (const table of ['contact', 'asset'] as const) {
    const wanted = rows.filter(({ field }) => field.type === table);
    if (wanted.length === 0) continue;
    const known = await tx
      .typed<NamedTables>()
      .query.selectFrom(table)
      .select('id')
      .where('id', 'in', wanted.map(({ stored }) => stored.value) as never[])
      .where('client_id', '=', clientId)
      .execute();
    const ids = new Set<string>(known.map((row) => row.id));
    const lost = wanted.find(({ stored }) => !ids.has(stored.value));
    if (lost === undefined) continue;
    const index = values.findIndex(({ fieldId }) => fieldId === lost.field.id);
    throw refused(lost.field.name, index, `must be ${table === 'asset' ? 'an asset' : 'a contact'} of this client`);
  }
}

function refused(name: string, index: number, message: string): InvalidInputError {
  return new InvalidInputError('desk-fields.value-refused', `${name} ${message}.`, {
    fields: [{ path: ['values', index, 'value'], message }],
  });
}
