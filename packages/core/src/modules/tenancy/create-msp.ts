import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError } from '#kernel/errors';
import { newId, type ClientId, type MspId } from '#kernel/id';
import { currencySchema } from '#kernel/money';
import { text, timeZoneSchema } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { Directory } from '#modules/directory';
import type { ScopedDb } from '#platform/db/scoped-db';
import { shortCodeFrom } from './client.ts';
import type { ClientStore } from './client-store.ts';
import type { TenancyTables } from './tenancy-table.ts';

export const createMspInput = z.object({
  name: text({ max: 120 }),
  slug: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, {
    error: 'must be 1 to 40 lower-case letters, digits or inner hyphens',
  }),
  timeZone: timeZoneSchema,
  currency: currencySchema,
});
export type CreateMspInput = z.output<typeof createMspInput>;

interface Deps {
  readonly db: ScopedDb;
  readonly store: ClientStore;
  readonly directory: Directory;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** Makes an MSP with its internal client. Only the command line and the first start do this; it is never a route. */
export class CreateMsp {
  readonly #db: ScopedDb<TenancyTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TenancyTables>();
    this.#deps = deps;
  }

  /** `scope` is a system scope of the MSP to be, whose id its caller chose. Throws `tenancy.slug-taken`. */
  async run(scope: TenantScope, input: CreateMspInput): Promise<{ mspId: MspId; internalClientId: ClientId }> {
    const { store, directory, audit, clock } = this.#deps;
    const taken = (await directory.listMsps()).some((msp) => msp.slug === input.slug);
    if (taken)
      throw new ConflictError('tenancy.slug-taken', `There is an MSP with the slug ${input.slug} already.`, {
        fields: [{ path: ['slug'], message: 'is taken' }],
      });
    return this.#db.transaction(scope, async (tx) => {
      const now = clock.now();
      await directory.addMsp(tx, { slug: input.slug });
      await tx.query
        .insertInto('msp')
        .values({
          msp_id: scope.mspId,
          name: input.name,
          slug: input.slug,
          time_zone: input.timeZone,
          currency: input.currency,
          created_at: now,
        })
        .execute();
      const internalClientId = newId<'client'>();
      await store.insert(tx, {
        msp_id: scope.mspId,
        id: internalClientId,
        name: input.name,
        short_code: shortCodeFrom(input.name),
        state: 'active',
        is_internal: true,
        parent_id: null,
        bill_to_id: null,
        merged_into: null,
        time_zone: input.timeZone,
        created_at: now,
      });
      await audit.record(tx, {
        action: 'tenancy.create-msp',
        subject: { kind: 'msp', id: scope.mspId, clientId: null },
        summary: `Made the MSP ${input.name}`,
        after: input,
      });
      return { mspId: scope.mspId, internalClientId };
    });
  }
}
