import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, InvalidInputError, NotFoundError } from '#kernel/errors';
import { clientIdSchema, newId, type ClientId } from '#kernel/id';
import { currencySchema } from '#kernel/money';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import type { ClientStore } from './client-store.ts';
import { contactIdSchema, PORTAL_ROLES, siteIdSchema } from './contact-view.ts';
import { assertFresh } from './stale-version.ts';
import { assertSite } from './assert-site.ts';
import {
  LANGUAGES,
  type ContactId,
  type Language,
  type PersonId,
  type SiteId,
  type TenancyTables,
} from './tenancy-table.ts';

const fields = {
  name: text({ max: 120 }),
  email: z.email({ error: 'must be an e-mail address' }).max(254).toLowerCase(),
  phone: text({ min: 0, max: 40 }),
  siteId: siteIdSchema.nullable(),
  portalRole: z.enum(PORTAL_ROLES),
  isVip: z.boolean(),
  seesCompanyTickets: z.boolean(),
  language: z.enum(LANGUAGES).nullable(),
  isApprover: z.boolean(),
  /** In minor units of the currency, both or neither. */
  approvalLimitMinor: z.int().min(0).max(1_000_000_000_000).nullable(),
  approvalLimitCurrency: currencySchema.nullable(),
};
export const createContactInput = z.object({
  ...fields,
  clientId: clientIdSchema,
  phone: fields.phone.default(''),
  siteId: fields.siteId.default(null),
  portalRole: fields.portalRole.default('none'),
  isVip: fields.isVip.default(false),
  seesCompanyTickets: fields.seesCompanyTickets.optional(),
  language: fields.language.optional(),
  isApprover: fields.isApprover.optional(),
  approvalLimitMinor: fields.approvalLimitMinor.optional(),
  approvalLimitCurrency: fields.approvalLimitCurrency.optional(),
  /** A contact of another client who is the same person: the two then share one way into the portal. */
  samePersonAs: contactIdSchema.optional(),
});
export const updateContactInput = z.object({
  contactId: contactIdSchema,
  version: z.int(),
  ...z.object(fields).partial().shape,
  isActive: z.boolean().optional(),
});
export type CreateContactInput = z.output<typeof createContactInput>;

interface Deps {
  readonly db: ScopedDb;
  readonly clients: ClientStore;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

type Tx = ScopedTransaction<TenancyTables>;

/** People at clients. One person may be a contact of several; each client sees only its own contact. */
export class SaveContact {
  readonly #db: ScopedDb<TenancyTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TenancyTables>();
    this.#deps = deps;
  }

  /** Throws `tenancy.client-not-found`, `tenancy.contact-not-found`, `tenancy.site-not-found`, `tenancy.contact-email-taken`, `tenancy.limit-without-currency`. */
  async create(
    scope: TenantScope,
    input: CreateContactInput,
    within?: AnyTransaction,
  ): Promise<{ contactId: ContactId }> {
    return this.#db.transaction(
      scope,
      async (tx) => {
        const client = await this.#deps.clients.forChange(tx, input.clientId as ClientId);
        await assertEmailFree(tx, client.id, input.email);
        await assertSite(tx, client.id, input.siteId as SiteId | null);
        const now = this.#deps.clock.now();
        const personId = await this.#person(tx, input.samePersonAs as ContactId | undefined, now);
        const id: ContactId = newId();
        const contact = {
          name: input.name,
          email: input.email,
          phone: input.phone,
          site_id: input.siteId as SiteId | null,
          portal_role: input.portalRole,
          is_vip: input.isVip,
          sees_company_tickets: input.seesCompanyTickets ?? false,
          language: input.language ?? null,
          is_approver: input.isApprover ?? false,
          approval_limit_minor: input.approvalLimitMinor ?? null,
          approval_limit_currency: input.approvalLimitCurrency ?? null,
        };
        assertLimit(contact);
        await tx.query
          .insertInto('contact')
          .values({ msp_id: scope.mspId, id, client_id: client.id, person_id: personId, ...contact, created_at: now })
          .execute();
        await this.#deps.audit.record(tx, {
          action: 'tenancy.create-contact',
          subject: { kind: 'contact', id, clientId: client.id },
          summary: `Added the contact ${input.name}`,
          after: contact,
          isClientVisible: true,
        });
        return { contactId: id };
      },
      within,
    );
  }

  /** Throws `tenancy.contact-not-found`, `tenancy.contact-changed`, and as `create`. */
  async update(scope: TenantScope, input: z.output<typeof updateContactInput>): Promise<{ version: number }> {
    return this.#db.transaction(scope, async (tx) => {
      const before = await tx.query
        .selectFrom('contact')
        .selectAll()
        .where('id', '=', input.contactId as ContactId)
        .forUpdate()
        .executeTakeFirst();
      assertFresh('contact', before, input.version);
      const change = {
        ...(input.name === undefined ? {} : { name: input.name }),
        ...(input.email === undefined ? {} : { email: input.email }),
        ...(input.phone === undefined ? {} : { phone: input.phone }),
        ...(input.siteId === undefined ? {} : { site_id: input.siteId as SiteId | null }),
        ...(input.portalRole === undefined ? {} : { portal_role: input.portalRole }),
        ...(input.isVip === undefined ? {} : { is_vip: input.isVip }),
        ...(input.seesCompanyTickets === undefined ? {} : { sees_company_tickets: input.seesCompanyTickets }),
        ...(input.language === undefined ? {} : { language: input.language }),
        ...(input.isApprover === undefined ? {} : { is_approver: input.isApprover }),
        ...(input.approvalLimitMinor === undefined ? {} : { approval_limit_minor: input.approvalLimitMinor }),
        ...(input.approvalLimitCurrency === undefined ? {} : { approval_limit_currency: input.approvalLimitCurrency }),
        ...(input.isActive === undefined ? {} : { is_active: input.isActive }),
      };
      assertLimit({ ...before, ...change });
      if (change.email !== undefined && change.email !== before.email)
        await assertEmailFree(tx, before.client_id, change.email);
      if (change.site_id !== undefined) await assertSite(tx, before.client_id, change.site_id);
      await tx.query
        .updateTable('contact')
        .set({ ...change, version: before.version + 1 })
        .where('id', '=', before.id)
        .execute();
      await this.#deps.audit.record(tx, {
        action: 'tenancy.update-contact',
        subject: { kind: 'contact', id: before.id, clientId: before.client_id },
        summary: `Changed the contact ${before.name}`,
        before: Object.fromEntries(Object.keys(change).map((key) => [key, before[key as keyof typeof before]])),
        after: change,
        isClientVisible: true,
      });
      return { version: before.version + 1 };
    });
  }

  /** What the contact of this scope reads the portal in, from now on. Idempotent; does nothing for who is no contact. */
  async chooseLanguage(scope: TenantScope, language: Language): Promise<void> {
    await this.#db.transaction(scope, (tx) =>
      tx.query
        .updateTable('contact')
        .set({ language })
        .where('id', '=', scope.actor.id as ContactId)
        .execute(),
    );
  }

  async #person(tx: Tx, sameAs: ContactId | undefined, now: Temporal.Instant): Promise<PersonId> {
    if (sameAs !== undefined) {
      const other = await tx.query
        .selectFrom('contact')
        .select('person_id')
        .where('id', '=', sameAs)
        .executeTakeFirst();
      if (other === undefined) throw new NotFoundError('tenancy.contact-not-found', 'There is no such contact.');
      return other.person_id;
    }
    const id: PersonId = newId();
    await tx.query.insertInto('person').values({ msp_id: tx.scope.mspId, id, created_at: now }).execute();
    return id;
  }
}

function assertLimit(contact: { approval_limit_minor: number | null; approval_limit_currency: string | null }): void {
  if ((contact.approval_limit_minor === null) !== (contact.approval_limit_currency === null))
    throw new InvalidInputError('tenancy.limit-without-currency', 'A limit comes with its currency.', {
      fields: [{ path: ['approvalLimitCurrency'], message: 'must come with a limit, and a limit with it' }],
    });
}

async function assertEmailFree(tx: Tx, clientId: ClientId, email: string): Promise<void> {
  const taken = await tx.query
    .selectFrom('contact')
    .select('id')
    .where('client_id', '=', clientId)
    .where('email', '=', email)
    .executeTakeFirst();
  if (taken !== undefined)
    throw new ConflictError(
      'tenancy.contact-email-taken',
      `This client has a contact with the address ${email} already.`,
      {
        fields: [{ path: ['email'], message: 'is taken' }],
      },
    );
}
