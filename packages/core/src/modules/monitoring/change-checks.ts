import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { InvalidInputError, NotFoundError } from '#kernel/errors';
import { clientIdSchema, newId } from '#kernel/id';
import { text } from '#kernel/text';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import { assetIdSchema, type AssetQueries } from '#modules/assets';
import type { AuditTrail } from '#modules/audit';
import type { ClientQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import { isHysteresisSound, SEVERITIES, type Comparison } from './check.ts';
import type { CheckCache } from './check-cache.ts';
import type { CheckRow } from './check-rules.ts';
import type { CheckStateStore } from './check-state-store.ts';
import type { CheckStore } from './check-store.ts';
import { checkIdSchema, forSecondsSchema, overrideIdSchema, ruleFields } from './check-view.ts';
import type { BreachSink } from './monitoring-needs.ts';
import type { CheckId, MonitoringTables, OverrideId } from './monitoring-table.ts';

export const createCheckInput = z.object({
  ...ruleFields,
  name: text({ max: 120 }),
  severity: z.enum(SEVERITIES),
  isEnabled: z.boolean().default(true),
});
export const updateCheckInput = z.object({
  checkId: checkIdSchema,
  version: z.int(),
  name: text({ max: 120 }).optional(),
  threshold: ruleFields.threshold.optional(),
  recoverThreshold: ruleFields.recoverThreshold.optional(),
  forSeconds: forSecondsSchema.optional(),
  severity: z.enum(SEVERITIES).optional(),
  isEnabled: z.boolean().optional(),
});
export const setOverrideInput = z.object({
  checkId: checkIdSchema,
  clientId: clientIdSchema,
  assetId: assetIdSchema.optional(),
  isEnabled: z.boolean(),
  threshold: ruleFields.threshold.optional(),
  recoverThreshold: ruleFields.recoverThreshold.optional(),
  forSeconds: forSecondsSchema.optional(),
  severity: z.enum(SEVERITIES).optional(),
});

interface Deps {
  readonly db: ScopedDb;
  readonly store: CheckStore;
  readonly states: CheckStateStore;
  readonly cache: CheckCache;
  readonly sink: () => BreachSink;
  readonly audit: AuditTrail;
  readonly clients: ClientQueries;
  readonly assets: AssetQueries;
  readonly clock: Clock;
}

/** Adds, changes and removes checks, and the exceptions that clients and machines have from them. */
export class ChangeChecks {
  readonly #db: ScopedDb<MonitoringTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<MonitoringTables>();
    this.#deps = deps;
  }

  /** Throws `scope.needs-all-clients`, `monitoring.name-taken`, `monitoring.bad-recover-threshold`. */
  async create(scope: TenantScope, input: z.output<typeof createCheckInput>): Promise<{ checkId: CheckId }> {
    requireWholeMsp(scope);
    const { store, cache, audit, clock } = this.#deps;
    refuseUnsound(input);
    return this.#db.transaction(scope, async (tx) => {
      const id = newId<'check'>();
      await store.insert(tx, {
        msp_id: scope.mspId,
        id,
        name: input.name,
        kind: 'threshold',
        metric: input.metric,
        labels: JSON.stringify(input.labels),
        comparison: input.comparison,
        threshold: input.threshold,
        recover_threshold: input.recoverThreshold,
        for_seconds: input.forSeconds,
        severity: input.severity,
        is_enabled: input.isEnabled,
        created_at: clock.now(),
      });
      cache.forget(tx);
      await audit.record(tx, {
        action: 'monitoring.create-check',
        subject: { kind: 'check', id, clientId: null },
        summary: `Added the check ${input.name}`,
        after: input,
      });
      return { checkId: id };
    });
  }

  /** Throws `monitoring.check-not-found`, `monitoring.check-changed`, `monitoring.name-taken`, `monitoring.bad-recover-threshold`. */
  async update(scope: TenantScope, input: z.output<typeof updateCheckInput>): Promise<{ version: number }> {
    requireWholeMsp(scope);
    const { store, cache, audit } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const before = await store.forChange(tx, input.checkId);
      const change = changeOf(input);
      refuseUnsound({
        comparison: before.comparison,
        threshold: change.threshold ?? before.threshold,
        recoverThreshold: change.recover_threshold ?? before.recover_threshold,
      });
      await store.update(tx, input.checkId, input.version, change);
      cache.forget(tx);
      await audit.record(tx, {
        action: 'monitoring.update-check',
        subject: { kind: 'check', id: input.checkId, clientId: null },
        summary: `Changed the check ${before.name}`,
        before: Object.fromEntries(Object.keys(change).map((name) => [name, before[name as keyof CheckRow]])),
        after: change,
      });
      return { version: input.version + 1 };
    });
  }

  /** Removes a check with its exceptions; what it raised recovers. Throws `monitoring.check-not-found`. */
  async delete(scope: TenantScope, checkId: CheckId): Promise<void> {
    requireWholeMsp(scope);
    const { store, states, sink, cache, audit, clock } = this.#deps;
    await this.#db.transaction(scope, async (tx) => {
      const check = await store.forChange(tx, checkId);
      for (const state of await states.ofCheck(tx, checkId)) {
        await states.remove(tx, state);
        const thing = { clientId: state.client_id, assetId: state.asset_id, checkId, series: state.series };
        if (state.phase === 'firing')
          await sink().recovered(tx, { ...thing, at: clock.now(), message: 'The check was removed' });
      }
      await store.delete(tx, checkId);
      cache.forget(tx);
      await audit.record(tx, {
        action: 'monitoring.delete-check',
        subject: { kind: 'check', id: checkId, clientId: null },
        summary: `Removed the check ${check.name}`,
        before: check,
      });
    });
  }

  /**
   * Makes or replaces the exception of a client, or of one of its machines. Throws `monitoring.check-not-found`, `tenancy.client-not-found`,
   * `assets.asset-not-found`, `monitoring.bad-recover-threshold`.
   */
  async setOverride(scope: TenantScope, input: z.output<typeof setOverrideInput>): Promise<{ overrideId: OverrideId }> {
    const { store, cache, audit, clock } = this.#deps;
    await this.#refuseForeign(scope, input);
    return this.#db.transaction(scope, async (tx) => {
      const check = await store.forChange(tx, input.checkId);
      const threshold = input.threshold ?? check.threshold;
      const recoverThreshold = input.recoverThreshold ?? input.threshold ?? check.recover_threshold;
      refuseUnsound({ comparison: check.comparison, threshold, recoverThreshold });
      const overrideId = await store.putOverride(tx, {
        msp_id: scope.mspId,
        id: newId<'check-override'>(),
        client_id: input.clientId,
        asset_id: input.assetId ?? null,
        check_id: input.checkId,
        is_enabled: input.isEnabled,
        threshold: input.threshold ?? null,
        recover_threshold: input.recoverThreshold ?? null,
        for_seconds: input.forSeconds ?? null,
        severity: input.severity ?? null,
        created_at: clock.now(),
      });
      cache.forget(tx);
      await audit.record(tx, {
        action: 'monitoring.set-override',
        subject: { kind: 'check', id: input.checkId, clientId: input.clientId },
        summary: `Set an exception from the check ${check.name}`,
        after: input,
      });
      return { overrideId };
    });
  }

  async #refuseForeign(scope: TenantScope, { clientId, assetId }: z.output<typeof setOverrideInput>): Promise<void> {
    await this.#deps.clients.get(scope, clientId);
    if (assetId === undefined) return;
    const [asset] = await this.#deps.assets.byIds(scope, [assetId]);
    if (asset?.clientId !== clientId)
      throw new NotFoundError('assets.asset-not-found', 'This client has no such asset.');
  }

  /** Throws `monitoring.override-not-found`. */
  async deleteOverride(scope: TenantScope, overrideId: OverrideId): Promise<void> {
    const { store, cache, audit } = this.#deps;
    await this.#db.transaction(scope, async (tx) => {
      const override = await store.deleteOverride(tx, overrideId);
      cache.forget(tx);
      await audit.record(tx, {
        action: 'monitoring.delete-override',
        subject: { kind: 'check', id: override.check_id, clientId: override.client_id },
        summary: 'Removed an exception from a check',
        before: override,
      });
    });
  }
}

export const deleteCheckInput = z.object({ checkId: checkIdSchema });
export const deleteOverrideInput = z.object({ overrideId: overrideIdSchema });

function refuseUnsound(rule: { comparison: Comparison; threshold: number; recoverThreshold: number }): void {
  if (isHysteresisSound(rule)) return;
  const side = rule.comparison === 'above' ? 'at or below' : 'at or above';
  throw new InvalidInputError(
    'monitoring.bad-recover-threshold',
    `The recover threshold must lie ${side} the threshold.`,
    {
      fields: [{ path: ['recoverThreshold'], message: `must lie ${side} ${rule.threshold}` }],
    },
  );
}

function changeOf(input: z.output<typeof updateCheckInput>) {
  return {
    ...(input.name === undefined ? {} : { name: input.name }),
    ...(input.threshold === undefined ? {} : { threshold: input.threshold }),
    ...(input.recoverThreshold === undefined ? {} : { recover_threshold: input.recoverThreshold }),
    ...(input.forSeconds === undefined ? {} : { for_seconds: input.forSeconds }),
    ...(input.severity === undefined ? {} : { severity: input.severity }),
    ...(input.isEnabled === undefined ? {} : { is_enabled: input.isEnabled }),
  };
}
