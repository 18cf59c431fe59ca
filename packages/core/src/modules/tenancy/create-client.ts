import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError } from '#kernel/errors';
import { clientIdSchema, newId, type ClientId } from '#kernel/id';
import { text, timeZoneSchema } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import { shortCodeFrom } from './client.ts';
import type { ClientStore } from './client-store.ts';
import { clientCreated } from './tenancy-events.ts';
import type { TenancyTables } from './tenancy-table.ts';

export const createClientInput = z.object({
  name: text({ max: 120 }),
  shortCode: z
    .string()
    .regex(/^[A-Z0-9]{2,12}$/, { error: 'must be 2 to 12 capital letters or digits' })
    .optional(),
  timeZone: timeZoneSchema,
  state: z.enum(['prospect', 'active']).default('active'),
  emailDomains: z.array(z.hostname().toLowerCase()).max(20).default([]),
  parentId: clientIdSchema.optional(),
});
export type CreateClientInput = z.output<typeof createClientInput>;

interface Deps {
  readonly db: ScopedDb;
  readonly store: ClientStore;
  readonly audit: AuditTrail;
  readonly jobs: JobQueue;
  readonly clock: Clock;
}

/** Adds a client to the MSP. */
export class CreateClient {
  readonly #db: ScopedDb<TenancyTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TenancyTables>();
    this.#deps = deps;
  }

  /** Returns the new client's id. Throws `tenancy.short-code-taken`, `tenancy.client-not-found` for an unknown parent. */
  async run(scope: TenantScope, input: CreateClientInput, within?: AnyTransaction): Promise<{ clientId: ClientId }> {
    const { store, audit, jobs, clock } = this.#deps;
    return this.#db.transaction(
      scope,
      async (tx) => {
        if (input.parentId !== undefined) await store.forChange(tx, input.parentId);
        const shortCode = await this.#freeShortCode(tx, input);
        const id = newId<'client'>();
        const client = {
          msp_id: scope.mspId,
          id,
          name: input.name,
          short_code: shortCode,
          state: input.state,
          parent_id: input.parentId ?? null,
          bill_to_id: null,
          merged_into: null,
          time_zone: input.timeZone,
          email_domains: input.emailDomains,
        };
        await store.insert(tx, { ...client, created_at: clock.now() });
        await audit.record(tx, {
          action: 'tenancy.create-client',
          subject: { kind: 'client', id, clientId: id },
          summary: `Added the client ${input.name}`,
          after: client,
        });
        await jobs.publish(tx, clientCreated, { aggregateId: id, version: 1 }, { clientId: id });
        return { clientId: id };
      },
      within,
    );
  }

  async #freeShortCode(tx: ScopedTransaction<TenancyTables>, input: CreateClientInput): Promise<string> {
    const wanted = input.shortCode ?? shortCodeFrom(input.name);
    if (!(await this.#deps.store.hasShortCode(tx, wanted))) return wanted;
    if (input.shortCode !== undefined)
      throw new ConflictError('tenancy.short-code-taken', `Another client has the short code ${wanted}.`, {
        fields: [{ path: ['shortCode'], message: 'is taken' }],
      });
    for (let counter = 2; counter < 1000; counter += 1) {
      const candidate = `${wanted.slice(0, 9)}${counter}`;
      if (!(await this.#deps.store.hasShortCode(tx, candidate))) return candidate;
    }
    throw new ConflictError('tenancy.short-code-taken', 'No short code is free for this name; give one.', {
      fields: [{ path: ['shortCode'], message: 'must be given' }],
    });
  }
}
