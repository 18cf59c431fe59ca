import { sql } from 'kysely';
import { z } from 'zod';
import { NotFoundError } from '#kernel/errors';
import { clientIdSchema, type ClientId } from '#kernel/id';
import { decodeCursor, pageInput, toPage, type Page } from '#kernel/page';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import { contactIdSchema, toContactView, type ContactView } from './contact-view.ts';
import type { ContactId, PersonId, TenancyTables } from './tenancy-table.ts';

export const listContactsInput = z.object({
  ...pageInput,
  clientId: clientIdSchema.optional(),
  search: text({ max: 100 }).optional(),
  isActive: z.boolean().optional(),
});
export const getContactInput = z.object({ contactId: contactIdSchema });

/** Reads contacts. */
export class ContactQueries {
  readonly #db: ScopedDb<TenancyTables>;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db.typed<TenancyTables>();
  }

  /** Contacts by name. */
  async list(scope: TenantScope, input: z.output<typeof listContactsInput>): Promise<Page<ContactView>> {
    const after = input.cursor === undefined ? null : decodeCursor(input.cursor, 2);
    const rows = await this.#db.read(scope, (query) => {
      let list = query.selectFrom('contact').selectAll();
      if (input.clientId !== undefined) list = list.where('client_id', '=', input.clientId);
      if (input.isActive !== undefined) list = list.where('is_active', '=', input.isActive);
      if (input.search !== undefined)
        list = list.where(
          sql<boolean>`(strpos(lower(name), lower(${input.search})) > 0 or strpos(email, lower(${input.search})) > 0)`,
        );
      if (after !== null) list = list.where(sql<boolean>`(lower(name), id) > (${after[0]}, ${after[1]}::uuid)`);
      return list
        .orderBy(sql`lower(name)`)
        .orderBy('id')
        .limit(input.limit + 1);
    });
    return toPage(rows, input.limit, toContactView, (row) => [row.name.toLowerCase(), row.id]);
  }

  /** One contact. Throws `tenancy.contact-not-found`, also for another tenant's. */
  async get(scope: TenantScope, contactId: ContactId): Promise<ContactView> {
    const contact = await this.find(scope, contactId);
    if (contact === null) throw new NotFoundError('tenancy.contact-not-found', 'There is no such contact.');
    return contact;
  }

  /** One contact, or null. */
  async find(scope: TenantScope, contactId: ContactId): Promise<ContactView | null> {
    const row = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('contact').selectAll().where('id', '=', contactId),
    );
    return row === undefined ? null : toContactView(row);
  }

  /** Contacts with this address that may enter the portal, oldest first; an address can be a contact of several clients. */
  async inPortalByEmail(scope: TenantScope, email: string): Promise<ContactView[]> {
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('contact')
        .selectAll()
        .where('email', '=', email.toLowerCase())
        .where('is_active', '=', true)
        .where('portal_role', '<>', 'none')
        .orderBy('id')
        .limit(20),
    );
    return rows.map(toContactView);
  }

  /** Who approves for a client and may enter the portal, by name; at most twenty. */
  async approversOf(scope: TenantScope, clientId: ClientId): Promise<ContactView[]> {
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('contact')
        .selectAll()
        .where('client_id', '=', clientId)
        .where('is_approver', '=', true)
        .where('is_active', '=', true)
        .where('portal_role', '<>', 'none')
        .orderBy(sql`lower(name)`)
        .orderBy('id')
        .limit(20),
    );
    return rows.map(toContactView);
  }

  /** Which clients have an active contact with one of these addresses (in lower case). */
  async clientsByEmail(
    tx: AnyTransaction,
    emails: readonly string[],
  ): Promise<{ email: string; clientId: ClientId }[]> {
    if (emails.length === 0) return [];
    const rows = await tx
      .typed<TenancyTables>()
      .query.selectFrom('contact')
      .select(['email', 'client_id'])
      .distinct()
      .where('email', '=', sql<never>`any(${emails}::text[])`)
      .where('is_active', '=', true)
      .execute();
    return rows.map((row) => ({ email: row.email, clientId: row.client_id }));
  }

  /** All that a person may enter the portal as. */
  async inPortalOfPerson(scope: TenantScope, personId: PersonId): Promise<ContactView[]> {
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('contact')
        .selectAll()
        .where('person_id', '=', personId)
        .where('is_active', '=', true)
        .where('portal_role', '<>', 'none')
        .orderBy('id')
        .limit(50),
    );
    return rows.map(toContactView);
  }
}
