import { z } from 'zod';
import { clientIdSchema } from '#kernel/id';
import { text, timeZoneSchema } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import { assertStateChange, CLIENT_STATES } from './client.ts';
import type { ClientRow, ClientStore } from './client-store.ts';
import type { TenancyTables } from './tenancy-table.ts';

export const updateClientInput = z.object({
  clientId: clientIdSchema,
  version: z.int(),
  name: text({ max: 120 }).optional(),
  state: z.enum(CLIENT_STATES).optional(),
  timeZone: timeZoneSchema.optional(),
  emailDomains: z.array(z.hostname().toLowerCase()).max(20).optional(),
  billToId: clientIdSchema.nullable().optional(),
});
export type UpdateClientInput = z.output<typeof updateClientInput>;

interface Deps {
  readonly db: ScopedDb;
  readonly store: ClientStore;
  readonly audit: AuditTrail;
}

/** Changes a client's name, state, zone, domains or who is billed for it. */
export class UpdateClient {
  readonly #db: ScopedDb<TenancyTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TenancyTables>();
    this.#deps = deps;
  }

  /** Throws `tenancy.client-changed` on a stale version, `tenancy.state-not-reachable`, `tenancy.internal-client`. */
  async run(scope: TenantScope, input: UpdateClientInput): Promise<{ version: number }> {
    const { store, audit } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const before = await store.forChange(tx, input.clientId);
      if (input.state !== undefined && input.state !== before.state) assertStateChange(before, input.state);
      if (input.billToId !== undefined && input.billToId !== null) await store.forChange(tx, input.billToId);
      const change = changeOf(input);
      await store.update(tx, input.clientId, input.version, change);
      const previous = Object.fromEntries(Object.keys(change).map((name) => [name, before[name as keyof ClientRow]]));
      await audit.record(tx, {
        action: 'tenancy.update-client',
        subject: { kind: 'client', id: input.clientId, clientId: input.clientId },
        summary: `Changed the client ${before.name}`,
        before: previous,
        after: change,
      });
      return { version: input.version + 1 };
    });
  }
}

function changeOf(input: UpdateClientInput): Partial<ClientRow> {
  return {
    ...(input.name === undefined ? {} : { name: input.name }),
    ...(input.state === undefined ? {} : { state: input.state }),
    ...(input.timeZone === undefined ? {} : { time_zone: input.timeZone }),
    ...(input.emailDomains === undefined ? {} : { email_domains: input.emailDomains }),
    ...(input.billToId === undefined ? {} : { bill_to_id: input.billToId }),
  };
}
