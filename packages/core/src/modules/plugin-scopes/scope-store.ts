import { sql, type Selectable } from 'kysely';
import { newId, type ClientId } from '#kernel/id';
import type { ConnectionId } from '#modules/plugin-host';
import type { SiteId } from '#modules/tenancy';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { Evidence, Hint } from './evidence.ts';
import type { Mapping, Presence, RemoteScopeId } from './remote-scope.ts';
import type { MappingEventKind, PluginScopeTables } from './scope-table.ts';

export type ScopeRow = Selectable<PluginScopeTables['plugin_scope']>;
type Tx = ScopedTransaction<PluginScopeTables>;

/** A scope as discovery lists it. `id` is for a new row. */
export interface ListedScope {
  readonly id: RemoteScopeId;
  readonly externalId: string;
  readonly name: string;
  readonly kind: string;
  readonly parentExternalId: string | null;
  readonly validUntil: Temporal.Instant | null;
  readonly isAccessible: boolean;
  readonly hints: readonly Hint[];
  readonly presence: Presence;
}

/** What becomes of a scope's mapping. `clientId` is set where it is mapped; `actions` always start off, `reads` on. */
export interface Decision {
  readonly id: RemoteScopeId;
  readonly mapping: Mapping;
  readonly clientId: ClientId | null;
  readonly siteId: SiteId | null;
  readonly candidateIds: readonly ClientId[];
  readonly evidence: readonly Evidence[];
  /** False where a person took a mapping back: evidence then only suggests. */
  readonly isAutomatic: boolean;
  /** Clients that a person said it is not. */
  readonly declinedIds: readonly ClientId[];
}

export interface MappingEvent {
  readonly scopeId: RemoteScopeId;
  readonly clientId: ClientId | null;
  readonly kind: MappingEventKind;
  readonly reason: string;
  readonly evidence?: readonly Evidence[];
}

/** The only writer of `plugin_scope` and its history; every method takes all rows at once. */
export class ScopeStore {
  /** Keeps two discoveries or matchings of one MSP from deciding at the same time. */
  async lock(tx: Tx): Promise<void> {
    await tx.sql('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`plugin-scopes:${tx.scope.mspId}`]);
  }

  /** All scopes of a connection, locked. */
  async ofConnection(tx: Tx, connectionId: ConnectionId): Promise<ScopeRow[]> {
    return tx.query
      .selectFrom('plugin_scope')
      .selectAll()
      .where('connection_id', '=', connectionId)
      .orderBy('id')
      .forUpdate()
      .execute();
  }

  /** Those of the scopes that there are, locked in one order. */
  async forChange(tx: Tx, ids: readonly RemoteScopeId[]): Promise<ScopeRow[]> {
    return tx.query
      .selectFrom('plugin_scope')
      .selectAll()
      .where('id', '=', sql<never>`any(${ids}::uuid[])`)
      .orderBy('id')
      .forUpdate()
      .execute();
  }

  /** The scopes that nobody has decided on and that the vendor lists, locked. Of all connections, or of one. */
  async undecided(tx: Tx, connectionId?: ConnectionId): Promise<ScopeRow[]> {
    let query = tx.query
      .selectFrom('plugin_scope')
      .selectAll()
      .where('state', '=', sql<never>`any(${['unmapped', 'suggested', 'conflict']}::text[])`);
    if (connectionId !== undefined) query = query.where('connection_id', '=', connectionId);
    return query.orderBy('id').forUpdate().execute();
  }

  /** Adds what is new and brings the rest up to date; mappings stay as they are. */
  async upsertListed(
    tx: Tx,
    connectionId: ConnectionId,
    scopes: readonly ListedScope[],
    now: Temporal.Instant,
  ): Promise<void> {
    const rows = scopes.map((scope) => ({
      id: scope.id,
      external_id: scope.externalId,
      name: scope.name,
      kind: scope.kind,
      parent: scope.parentExternalId,
      valid_until: scope.validUntil?.toString() ?? null,
      is_accessible: scope.isAccessible,
      hints: scope.hints,
      presence: scope.presence,
    }));
    await tx.sql(
      `insert into plugin_scope as known (msp_id, id, connection_id, external_id, name, kind, parent_external_id, valid_until, is_accessible, hints, presence, first_seen_at, last_seen_at)
       select $1, g.id, $2, g.external_id, g.name, g.kind, g.parent, g.valid_until, g.is_accessible, g.hints, g.presence, $4, $4
       from jsonb_to_recordset($3::jsonb) as g (id uuid, external_id text, name text, kind text, parent text, valid_until timestamptz, is_accessible boolean, hints jsonb, presence text)
       on conflict (msp_id, connection_id, external_id) do update set
         name = excluded.name, kind = excluded.kind, parent_external_id = excluded.parent_external_id, valid_until = excluded.valid_until,
         is_accessible = excluded.is_accessible, hints = excluded.hints, presence = excluded.presence, last_seen_at = excluded.last_seen_at,
         version = known.version + case when (known.name, known.presence) is distinct from (excluded.name, excluded.presence) then 1 else 0 end`,
      [tx.scope.mspId, connectionId, JSON.stringify(rows), now],
    );
  }

  async setPresence(tx: Tx, ids: readonly RemoteScopeId[], presence: Presence): Promise<void> {
    if (ids.length === 0) return;
    await tx.query
      .updateTable('plugin_scope')
      .set((update) => ({ presence, version: update('version', '+', 1) }))
      .where('id', '=', sql<never>`any(${ids}::uuid[])`)
      .execute();
  }

  /** Ends the access of scopes whose time is over; answers which. */
  async expire(tx: Tx, now: Temporal.Instant): Promise<ScopeRow[]> {
    return tx.query
      .updateTable('plugin_scope')
      .set((update) => ({ presence: 'expired' as const, version: update('version', '+', 1) }))
      .where('presence', '=', 'listed')
      .where('valid_until', '<=', now)
      .returningAll()
      .execute();
  }

  /** Scopes of these connections whose access ends by then, or has ended; ignored and lost ones are nobody's worry. The first to end first. */
  async endingBefore(
    tx: Tx,
    connectionIds: readonly ConnectionId[],
    until: Temporal.Instant,
  ): Promise<{ connectionId: ConnectionId; name: string; validUntil: Temporal.Instant }[]> {
    const rows = await tx.query
      .selectFrom('plugin_scope')
      .select(['connection_id', 'name', 'valid_until'])
      .where('connection_id', '=', sql<never>`any(${connectionIds}::uuid[])`)
      .where('presence', '<>', 'lost')
      .where('mapping', '<>', 'ignored')
      .where('valid_until', '<=', until)
      .orderBy('valid_until')
      .orderBy('id')
      .execute();
    return rows.flatMap(({ connection_id, name, valid_until }) =>
      valid_until === null ? [] : [{ connectionId: connection_id, name, validUntil: valid_until }],
    );
  }

  /** Writes decisions; `by` is who made them, as people read it. */
  async decide(tx: Tx, decisions: readonly Decision[], by: string, now: Temporal.Instant): Promise<void> {
    if (decisions.length === 0) return;
    const rows = decisions.map((decision) => ({
      id: decision.id,
      mapping: decision.mapping,
      client_id: decision.clientId,
      site_id: decision.siteId,
      candidate_ids: decision.candidateIds,
      declined_ids: decision.declinedIds,
      evidence: decision.evidence,
      is_automatic: decision.isAutomatic,
    }));
    await tx.sql(
      `update plugin_scope s set
         mapping = g.mapping, client_id = g.client_id, site_id = g.site_id, evidence = g.evidence, is_automatic = g.is_automatic,
         candidate_ids = array(select jsonb_array_elements_text(g.candidate_ids)::uuid), declined_ids = array(select jsonb_array_elements_text(g.declined_ids)::uuid),
         reads_enabled = case when s.client_id is not distinct from g.client_id then s.reads_enabled else g.client_id is not null end,
         actions_enabled = case when s.client_id is not distinct from g.client_id then s.actions_enabled else false end,
         decided_at = $3, decided_by = $4, version = s.version + 1
       from jsonb_to_recordset($2::jsonb) as g (id uuid, mapping text, client_id uuid, site_id uuid, candidate_ids jsonb, declined_ids jsonb, evidence jsonb, is_automatic boolean)
       where s.msp_id = $1 and s.id = g.id`,
      [tx.scope.mspId, JSON.stringify(rows), now, by],
    );
  }

  async setSwitches(
    tx: Tx,
    ids: readonly RemoteScopeId[],
    switches: { reads?: boolean | undefined; actions?: boolean | undefined },
  ): Promise<void> {
    await tx.query
      .updateTable('plugin_scope')
      .set((update) => ({
        ...(switches.reads === undefined ? {} : { reads_enabled: switches.reads }),
        ...(switches.actions === undefined ? {} : { actions_enabled: switches.actions }),
        version: update('version', '+', 1),
      }))
      .where('id', '=', sql<never>`any(${ids}::uuid[])`)
      .execute();
  }

  async addEvents(tx: Tx, events: readonly MappingEvent[], by: string, now: Temporal.Instant): Promise<void> {
    if (events.length === 0) return;
    const rows = events.map((event) => ({
      id: newId(),
      scope_id: event.scopeId,
      client_id: event.clientId,
      kind: event.kind,
      reason: event.reason,
      evidence: event.evidence ?? [],
    }));
    await tx.sql(
      `insert into plugin_scope_mapping_event (msp_id, id, scope_id, client_id, at, kind, actor_label, reason, evidence)
       select $1, g.id, g.scope_id, g.client_id, $3, g.kind, $4, g.reason, g.evidence
       from jsonb_to_recordset($2::jsonb) as g (id uuid, scope_id uuid, client_id uuid, kind text, reason text, evidence jsonb)`,
      [tx.scope.mspId, JSON.stringify(rows), now, by],
    );
  }

  /** Deletes a connection's scopes with their history. What they taught of their clients stays. */
  async purge(tx: Tx, connectionId: ConnectionId): Promise<void> {
    await tx.query.deleteFrom('plugin_scope').where('connection_id', '=', connectionId).execute();
    await tx.query.deleteFrom('plugin_scope_discovery').where('connection_id', '=', connectionId).execute();
  }
}
