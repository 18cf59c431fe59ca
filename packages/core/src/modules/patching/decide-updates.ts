import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ForbiddenError, InvalidInputError, NotFoundError } from '#kernel/errors';
import { clientIdSchema, type ClientId } from '#kernel/id';
import { instantSchema, text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import { assetIdSchema, type AssetQueries } from '#modules/assets';
import type { AuditTrail } from '#modules/audit';
import type { ClientQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import type { DecisionStore, DecisionTarget } from './decision-store.ts';
import { PATCH_DECISIONS, updateIdSchema } from './patch.ts';
import type { PatchTables, PatchUpdateId } from './patch-table.ts';

const target = z.discriminatedUnion('level', [
  z.object({ level: z.literal('asset'), assetId: assetIdSchema }),
  z.object({ level: z.literal('client'), clientId: clientIdSchema }),
  z.object({ level: z.literal('msp') }),
]);

export const decideUpdatesInput = z.object({
  updateIds: z.array(updateIdSchema).min(1, { error: 'must name at least one update' }).max(500),
  target,
  /** `none` takes back what stands for the target. */
  decision: z.enum([...PATCH_DECISIONS, 'none']),
  reason: text({ max: 500 }).optional(),
  expiresAt: instantSchema.optional(),
});
export type DecideUpdatesInput = z.output<typeof decideUpdatesInput>;

interface Deps {
  readonly db: ScopedDb;
  readonly decisions: DecisionStore;
  readonly assets: AssetQueries;
  readonly clients: ClientQueries;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Approves, rejects or defers updates for one machine, one client or the whole MSP. Changes no machine. */
export class DecideUpdates {
  readonly #db: ScopedDb<PatchTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PatchTables>();
    this.#deps = deps;
  }

  /**
   * Throws `patching.update-not-found`, `patching.asset-not-found`, `tenancy.client-not-found`, `patching.needs-all-clients`, `patching.reason-needed` for a rejection
   * without one, `patching.expires-in-the-past`.
   */
  async run(scope: TenantScope, input: DecideUpdatesInput): Promise<{ updateCount: number }> {
    const { decisions, audit, live, clock } = this.#deps;
    const { decision, reason } = input;
    const at = clock.now();
    if (decision === 'reject' && reason === undefined)
      throw new InvalidInputError(
        'patching.reason-needed',
        'A rejection needs a reason: it overrules every approval.',
        { fields: [{ path: ['reason'], message: 'must be given' }] },
      );
    if (input.expiresAt !== undefined && Temporal.Instant.compare(input.expiresAt, at) <= 0)
      throw new InvalidInputError('patching.expires-in-the-past', 'The decision would end before it begins.', {
        fields: [{ path: ['expiresAt'], message: 'must be in the future' }],
      });
    if (input.target.level === 'msp' && scope.reach.kind !== 'all')
      throw new ForbiddenError('patching.needs-all-clients', 'Only who may see all clients decides for all of them.');
    if (input.target.level === 'client') await this.#deps.clients.get(scope, input.target.clientId);
    const updateIds = [...new Set(input.updateIds)];
    return this.#db.transaction(scope, async (tx) => {
      const resolved = await this.#targetOf(tx, input.target);
      const names = await namesOf(tx, updateIds);
      if (decision === 'none') await decisions.end(tx, resolved, updateIds, at);
      else
        await decisions.put(tx, resolved, {
          updateIds,
          decision,
          reason: reason ?? '',
          at,
          expiresAt: input.expiresAt ?? null,
        });
      const clientId = resolved.level === 'msp' ? null : resolved.clientId;
      await audit.record(tx, {
        action: 'patching.decide-updates',
        subject:
          resolved.level === 'asset'
            ? { kind: 'asset', id: resolved.assetId, clientId }
            : { kind: resolved.level, id: clientId ?? scope.mspId, clientId },
        summary: summaryOf(decision, names, resolved),
        after: {
          decision,
          updates: names.slice(0, 100),
          reason: reason ?? null,
          expiresAt: input.expiresAt?.toString() ?? null,
        },
        isClientVisible: clientId !== null,
      });
      for (const id of updateIds) live.touch(tx, { clientId, topic: 'patch-update', id, version: 1 });
      return { updateCount: updateIds.length };
    });
  }

  async #targetOf(tx: ScopedTransaction<PatchTables>, given: DecideUpdatesInput['target']): Promise<DecisionTarget> {
    if (given.level !== 'asset') return given;
    const [asset] = await this.#deps.assets.byIds(tx.scope, [given.assetId], tx);
    if (asset === undefined) throw new NotFoundError('patching.asset-not-found', 'There is no such asset.');
    return { level: 'asset', clientId: asset.clientId satisfies ClientId, assetId: asset.id };
  }
}

async function namesOf(tx: ScopedTransaction<PatchTables>, updateIds: readonly PatchUpdateId[]): Promise<string[]> {
  const rows = await tx.query
    .selectFrom('patch_update')
    .select(['name', 'version'])
    .where('id', 'in', updateIds)
    .orderBy('name')
    .execute();
  if (rows.length !== updateIds.length)
    throw new NotFoundError('patching.update-not-found', 'There is no such update.');
  return rows.map((row) => `${row.name} ${row.version}`);
}

const VERB = { approve: 'Approved', reject: 'Rejected', defer: 'Deferred', none: 'Took back the decision on' } as const;
const WHERE = { msp: 'for all clients', client: 'for the client', asset: 'for the machine' } as const;

function summaryOf(decision: keyof typeof VERB, names: readonly string[], resolved: DecisionTarget): string {
  return `${VERB[decision]} ${names.length === 1 ? names[0] : `${names.length} updates`} ${WHERE[resolved.level]}`;
}
