import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, InvalidInputError } from '#kernel/errors';
import { requirePermission, type TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { LiveHub } from '#platform/live';
import { remoteScopeIdSchema } from './remote-scope.ts';
import { ENABLE_ACTIONS } from './scope-policy.ts';
import { scopeNotFound } from './scope-queries.ts';
import type { ScopeStore } from './scope-store.ts';
import type { PluginScopeTables } from './scope-table.ts';

export const setSwitchesInput = z.object({
  scopeIds: z.array(remoteScopeIdSchema).min(1).max(1000),
  readsEnabled: z.boolean().optional(),
  actionsEnabled: z.boolean().optional(),
});

interface Deps {
  readonly db: ScopedDb;
  readonly store: ScopeStore;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Switches reading and acting on or off for mapped scopes. Acting needs a permission of its own to be switched on. */
export class SetSwitches {
  readonly #db: ScopedDb<PluginScopeTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginScopeTables>();
    this.#deps = deps;
  }

  /** All or none. Throws `plugin-scopes.scope-not-found`, `plugin-scopes.not-mapped`, `plugin-scopes.nothing-to-switch`, `permission.missing`. */
  async run(scope: TenantScope, input: z.output<typeof setSwitchesInput>): Promise<{ count: number }> {
    const { store, audit, live, clock } = this.#deps;
    const { readsEnabled: reads, actionsEnabled: actions } = input;
    if (reads === undefined && actions === undefined)
      throw new InvalidInputError('plugin-scopes.nothing-to-switch', 'Say what to switch.', {
        fields: [{ path: ['readsEnabled'], message: 'must be given where actionsEnabled is not' }],
      });
    if (actions === true) requirePermission(scope, ENABLE_ACTIONS);
    return this.#db.transaction(scope, async (tx) => {
      const rows = await store.forChange(tx, input.scopeIds);
      if (rows.length < new Set(input.scopeIds).size) throw scopeNotFound();
      const free = rows.find((row) => row.client_id === null);
      if (free !== undefined) throw new ConflictError('plugin-scopes.not-mapped', `${free.name} is not mapped.`);
      await store.setSwitches(tx, input.scopeIds, { reads, actions });
      const words = [
        ...(reads === undefined ? [] : [`reads ${reads ? 'on' : 'off'}`]),
        ...(actions === undefined ? [] : [`actions ${actions ? 'on' : 'off'}`]),
      ].join(', ');
      await store.addEvents(
        tx,
        rows.map((row) => ({
          scopeId: row.id,
          clientId: row.client_id,
          kind: 'switched',
          reason: `Switched ${words}`,
        })),
        scope.actor.label,
        clock.now(),
      );
      for (const [clientId, scopes] of Map.groupBy(rows, (row) => row.client_id)) {
        await audit.record(tx, {
          action: 'plugin-scopes.set-switches',
          subject: { kind: 'client', id: clientId ?? '', clientId },
          summary: `Switched ${words} for ${scopes.length === 1 ? scopes[0]?.name : `${scopes.length} scopes`}`,
          after: { scopes: scopes.map((row) => ({ scopeId: row.id, name: row.name })), reads, actions },
        });
        live.touch(tx, { clientId, topic: 'plugin-scope', id: scopes[0]?.connection_id ?? '', version: 0 });
      }
      return { count: rows.length };
    });
  }
}
