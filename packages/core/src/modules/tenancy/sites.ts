import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError } from '#kernel/errors';
import { clientIdSchema, newId, type ClientId } from '#kernel/id';
import { text, timeZoneSchema } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import type { ClientStore } from './client-store.ts';
import { siteIdSchema } from './contact-view.ts';
import { assertFresh } from './stale-version.ts';
import type { SiteId, TenancyTables } from './tenancy-table.ts';

const country = z.string().regex(/^([A-Z]{2})?$/, { error: 'must be an ISO 3166 code such as GB' });
export const createSiteInput = z.object({
  clientId: clientIdSchema,
  name: text({ max: 120 }),
  timeZone: timeZoneSchema,
  address: text({ min: 0, max: 500 }).default(''),
  country: country.default(''),
});
export const updateSiteInput = z.object({
  siteId: siteIdSchema,
  version: z.int(),
  name: text({ max: 120 }).optional(),
  timeZone: timeZoneSchema.optional(),
  address: text({ min: 0, max: 500 }).optional(),
  country: country.optional(),
});
interface Deps {
  readonly db: ScopedDb;
  readonly clients: ClientStore;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** Places where a client works, each with its own zone. */
export class Sites {
  readonly #db: ScopedDb<TenancyTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TenancyTables>();
    this.#deps = deps;
  }

  /** Throws `tenancy.client-not-found`, `tenancy.site-name-taken`. */
  async create(
    scope: TenantScope,
    input: z.output<typeof createSiteInput>,
    within?: AnyTransaction,
  ): Promise<{ siteId: SiteId }> {
    return this.#db.transaction(
      scope,
      async (tx) => {
        const client = await this.#deps.clients.forChange(tx, input.clientId as ClientId);
        await assertNameFree(tx, client.id, input.name);
        const id: SiteId = newId();
        const fields = {
          name: input.name,
          time_zone: input.timeZone,
          address: input.address,
          country: input.country,
        };
        await tx.query
          .insertInto('site')
          .values({ msp_id: scope.mspId, id, client_id: client.id, ...fields, created_at: this.#deps.clock.now() })
          .execute();
        await this.#deps.audit.record(tx, {
          action: 'tenancy.create-site',
          subject: { kind: 'site', id, clientId: client.id },
          summary: `Added the site ${input.name}`,
          after: fields,
          isClientVisible: true,
        });
        return { siteId: id };
      },
      within,
    );
  }

  /** Throws `tenancy.site-not-found`, `tenancy.site-changed`, `tenancy.site-name-taken`. */
  async update(scope: TenantScope, input: z.output<typeof updateSiteInput>): Promise<{ version: number }> {
    return this.#db.transaction(scope, async (tx) => {
      const before = await tx.query
        .selectFrom('site')
        .selectAll()
        .where('id', '=', input.siteId as SiteId)
        .forUpdate()
        .executeTakeFirst();
      assertFresh('site', before, input.version);
      const after = {
        name: input.name ?? before.name,
        time_zone: input.timeZone ?? before.time_zone,
        address: input.address ?? before.address,
        country: input.country ?? before.country,
      };
      if (after.name !== before.name) await assertNameFree(tx, before.client_id, after.name);
      await tx.query
        .updateTable('site')
        .set({ ...after, version: before.version + 1 })
        .where('id', '=', before.id)
        .execute();
      const { name, time_zone, address, country: land } = before;
      await this.#deps.audit.record(tx, {
        action: 'tenancy.update-site',
        subject: { kind: 'site', id: before.id, clientId: before.client_id },
        summary: `Changed the site ${before.name}`,
        before: { name, time_zone, address, country: land },
        after,
        isClientVisible: true,
      });
      return { version: before.version + 1 };
    });
  }
}

async function assertNameFree(tx: ScopedTransaction<TenancyTables>, clientId: ClientId, name: string): Promise<void> {
  const taken = await tx.query
    .selectFrom('site')
    .select('id')
    .where('client_id', '=', clientId)
    .where('name', '=', name)
    .executeTakeFirst();
  if (taken !== undefined)
    throw new ConflictError('tenancy.site-name-taken', `This client has a site ${name} already.`, {
      fields: [{ path: ['name'], message: 'is taken' }],
    });
}
