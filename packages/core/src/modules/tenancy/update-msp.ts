import { z } from 'zod';
import { ConflictError, ForbiddenError } from '#kernel/errors';
import { currencySchema } from '#kernel/money';
import { text, timeZoneSchema } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { TenancyTables } from './tenancy-table.ts';

export const updateMspInput = z.object({
  version: z.int(),
  name: text({ max: 120 }).optional(),
  timeZone: timeZoneSchema.optional(),
  currency: currencySchema.optional(),
  locale: z.enum(['en-GB', 'en-US', 'de-DE', 'fr-FR', 'nl-NL']).optional(),
  accentHue: z.int().min(0).max(359, { error: 'must be a hue from 0 to 359' }).optional(),
});
export type UpdateMspInput = z.output<typeof updateMspInput>;

/** Changes the MSP's name, zone, currency, language or accent. */
export class UpdateMsp {
  readonly #db: ScopedDb<TenancyTables>;
  readonly #audit: AuditTrail;

  constructor(deps: { db: ScopedDb; audit: AuditTrail }) {
    this.#db = deps.db.typed<TenancyTables>();
    this.#audit = deps.audit;
  }

  /** Throws `tenancy.msp-changed` on a stale version. The internal client goes by the MSP's name, and follows it. */
  async run(scope: TenantScope, input: UpdateMspInput, within?: AnyTransaction): Promise<{ version: number }> {
    if (scope.reach.kind !== 'all')
      throw new ForbiddenError(
        'tenancy.needs-full-reach',
        'This concerns the whole MSP and needs reach over all clients.',
      );
    return this.#db.transaction(
      scope,
      async (tx) => {
        const before = await tx.query.selectFrom('msp').selectAll().forUpdate().executeTakeFirstOrThrow();
        const change = {
          ...(input.name === undefined ? {} : { name: input.name }),
          ...(input.timeZone === undefined ? {} : { time_zone: input.timeZone }),
          ...(input.currency === undefined ? {} : { currency: input.currency }),
          ...(input.locale === undefined ? {} : { locale: input.locale }),
          ...(input.accentHue === undefined ? {} : { accent_hue: input.accentHue }),
        };
        if (before.version !== input.version)
          throw new ConflictError(
            'tenancy.msp-changed',
            'Somebody else changed these settings meanwhile. Look at them again, then repeat your change.',
          );
        await tx.query
          .updateTable('msp')
          .set({ ...change, version: before.version + 1 })
          .execute();
        if (input.name !== undefined)
          await tx.query
            .updateTable('client')
            .set({ name: input.name })
            .where('is_internal', '=', true)
            .where('name', '=', before.name)
            .execute();
        await this.#audit.record(tx, {
          action: 'tenancy.update-msp',
          subject: { kind: 'msp', id: scope.mspId, clientId: null },
          summary: 'Changed the MSP’s settings',
          before: Object.fromEntries(Object.keys(change).map((key) => [key, before[key as keyof typeof before]])),
          after: change,
        });
        return { version: before.version + 1 };
      },
      within,
    );
  }
}
