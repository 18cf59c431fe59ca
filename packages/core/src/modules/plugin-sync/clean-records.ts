import type { Clock } from '#kernel/clock';
import type { ClientId } from '#kernel/id';
import type { RecoverAlert } from '#modules/alerts';
import type { ConnectionCleaner, ConnectionId } from '#modules/plugin-host';
import type { RemoteScopeId } from '#modules/plugin-scopes';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import { fingerprintOf } from './landing.ts';
import type { SyncTables } from './sync-table.ts';

interface Deps {
  readonly recoverAlert: RecoverAlert;
  readonly clock: Clock;
}

/**
 * What becomes of the records of a connection that is removed. Nobody would ever recover its open alerts, so they end. With `purge` streams, passes and records are gone
 * too; without it they are kept, and no stream runs. Assets stay in any case: they are the client's.
 */
export function cleanRecords(deps: Deps): ConnectionCleaner {
  return {
    async clean(within, { connectionId, purge }) {
      const tx = within.typed<SyncTables>();
      await endAlerts(within, connectionId, deps);
      if (!purge) {
        await tx.query
          .updateTable('plugin_stream')
          .set({ is_paused: true })
          .where('connection_id', '=', connectionId)
          .execute();
        return;
      }
      await tx.sql(
        `delete from plugin_entity_version v using plugin_entity e where v.msp_id = $1 and e.msp_id = $1 and e.connection_id = $2 and v.entity_id = e.id`,
        [tx.scope.mspId, connectionId],
      );
      await tx.sql(
        `delete from plugin_pass_page p using plugin_stream s where p.msp_id = $1 and s.msp_id = $1 and s.connection_id = $2 and p.stream_id = s.id`,
        [tx.scope.mspId, connectionId],
      );
      for (const table of ['plugin_entity', 'plugin_run', 'plugin_stream'] as const)
        await tx.query.deleteFrom(table).where('connection_id', '=', connectionId).execute();
    },
  };
}

async function endAlerts(tx: AnyTransaction, connectionId: ConnectionId, { recoverAlert, clock }: Deps): Promise<void> {
  const open = await tx.sql<{ client_id: ClientId; scope_id: RemoteScopeId; external_id: string }>(
    `select e.client_id, e.remote_scope_id as scope_id, e.external_id from plugin_entity e
     join alert a on a.msp_id = e.msp_id and a.id = e.alert_id and a.is_active
     where e.msp_id = $1 and e.connection_id = $2`,
    [tx.scope.mspId, connectionId],
  );
  for (const { client_id: clientId, scope_id: scopeId, external_id: externalId } of open)
    await recoverAlert.run(
      tx.scope,
      {
        clientId,
        fingerprint: fingerprintOf({ connectionId, scopeId, externalId }),
        message: 'The connection that told of it was removed.',
        at: clock.now(),
      },
      tx,
    );
}
