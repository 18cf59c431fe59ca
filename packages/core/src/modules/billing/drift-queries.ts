import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { clientIdSchema, idSchema, type ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AgreementLineId, AgreementQueries } from '#modules/agreements';
import type { AssetLifetimeQueries } from '#modules/assets';
import type { SiteId } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { BillingTables } from './billing-table.ts';

export const listDriftInput = z.object({ clientId: clientIdSchema.optional() });

const deviceView = z.object({ assetId: z.uuid(), name: z.string() });

/** A per-device line of an agreement whose last invoice counted other devices than are there now. */
export const driftView = z.object({
  agreementId: idSchema('agreement'),
  agreementName: z.string(),
  agreementLineId: idSchema('agreement-line'),
  clientId: clientIdSchema,
  description: z.string(),
  billedCount: z.int(),
  presentCount: z.int(),
  /** There, and not on the last invoice. */
  unbilled: z.array(deviceView),
  /** On the last invoice, and no longer there. */
  gone: z.array(deviceView),
});
export type DriftView = z.input<typeof driftView>;

interface Deps {
  readonly db: ScopedDb;
  readonly agreements: AgreementQueries;
  readonly assets: AssetLifetimeQueries;
  readonly clock: Clock;
}

/** Compares what was billed with what is there, both ways, before the next invoice does. */
export class DriftQueries {
  readonly #db: ScopedDb<BillingTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<BillingTables>();
    this.#deps = deps;
  }

  /** Lines that drifted, of the newest 200 active agreements; lines that were never billed are left out. */
  async list(scope: TenantScope, input: z.output<typeof listDriftInput>): Promise<{ items: DriftView[] }> {
    const { agreements } = this.#deps;
    const page = await agreements.list(scope, { ...input, states: ['active'], limit: 200 });
    const items: DriftView[] = [];
    for (const summary of page.items) {
      const agreement = await agreements.get(scope, summary.id as never);
      const lines = agreement.lines.filter((line) => line.kind === 'per-device');
      if (lines.length === 0) continue;
      await this.#db.transaction(scope, async (tx) => {
        for (const line of lines) {
          const billed = await this.#billed(tx, line.id as AgreementLineId);
          if (billed === null) continue;
          const present = await this.#present(tx, agreement, line.deviceKinds);
          const unbilled = present.filter(({ assetId }) => !billed.some((device) => device.assetId === assetId));
          const gone = billed.filter(({ assetId }) => !present.some((device) => device.assetId === assetId));
          if (unbilled.length + gone.length === 0) continue;
          items.push({
            agreementId: agreement.id,
            agreementName: agreement.name,
            agreementLineId: line.id,
            clientId: agreement.clientId,
            description: line.description,
            billedCount: billed.length,
            presentCount: present.length,
            unbilled,
            gone,
          });
        }
      });
    }
    return { items };
  }

  /** What the last invoice counted for a line; null for a line that was never billed. */
  async #billed(
    tx: ScopedTransaction<BillingTables>,
    lineId: AgreementLineId,
  ): Promise<{ assetId: string; name: string }[] | null> {
    const last = await tx.query
      .selectFrom('invoice_line')
      .innerJoin('invoice', 'invoice.id', 'invoice_line.invoice_id')
      .select('invoice_line.id')
      .where('invoice_line.agreement_line_id', '=', lineId)
      .where('invoice.is_claiming', '=', true)
      .where('invoice.state', '<>', 'draft')
      .orderBy('invoice.service_from', 'desc')
      .executeTakeFirst();
    if (last === undefined) return null;
    const rows = await tx.query
      .selectFrom('invoice_evidence')
      .select(['subject_id', 'label'])
      .where('line_id', '=', last.id)
      .where('until_at', 'is', null)
      .execute();
    return rows.map((row) => ({ assetId: row.subject_id, name: row.label }));
  }

  async #present(
    tx: ScopedTransaction<BillingTables>,
    agreement: { clientId: string; siteId: string | null },
    kinds: readonly string[],
  ): Promise<{ assetId: string; name: string }[]> {
    const now = this.#deps.clock.now();
    const assets = await this.#deps.assets.activeIn(tx, {
      clientId: agreement.clientId as ClientId,
      siteId: agreement.siteId as SiteId | null,
      kinds,
      from: now,
      until: now.add({ nanoseconds: 1 }),
    });
    return assets.map((asset) => ({ assetId: asset.id, name: asset.name }));
  }
}
