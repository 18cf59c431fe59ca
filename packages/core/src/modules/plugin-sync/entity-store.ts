import type { NormalBatch, NormalRecord } from '@bailiwick/plugin-runtime';
import { newId, type ClientId } from '#kernel/id';
import type { AssetId } from '#modules/assets';
import type { ConnectionId } from '#modules/plugin-host';
import type { RemoteScopeId } from '#modules/plugin-scopes';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import { deviceOf, hasHistory, lands, nameOf, seenAtOf, type Sighting } from './entity.ts';
import type { EntityId, StreamId, SyncTables } from './sync-table.ts';

type Tx = ScopedTransaction<SyncTables>;

/** Which stream a batch came by. */
export interface StreamKey {
  readonly streamId: StreamId;
  readonly connectionId: ConnectionId;
}

/** Where a scope of the vendor stands with us; `clientId` null is quarantine. */
export interface ScopeHome {
  readonly scopeId: RemoteScopeId;
  readonly clientId: ClientId | null;
}

/** What a batch did to the records. */
export interface Written {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly deleted: number;
  /** All records that the batch named as being there. */
  readonly seen: readonly EntityId[];
  /** Whether something is to be applied to other modules now. */
  readonly hasLanding: boolean;
  /** When the vendor last heard of devices whose assets are known; also of those that are as they were. */
  readonly sightings: readonly Sighting[];
}

/** The only writer of `plugin_entity` and its versions. */
export class EntityStore {
  /** Writes what differs, in two statements whatever the size. A record with the hash that is known is neither written nor locked. */
  async write(
    tx: Tx,
    key: StreamKey,
    homes: ReadonlyMap<string, ScopeHome>,
    batch: NormalBatch,
    at: Temporal.Instant,
  ): Promise<Written> {
    const upserts = batch.upserts.flatMap((record) => {
      const home = homes.get(record.scope);
      return home === undefined ? [] : [{ record, home }];
    });
    const changes =
      upserts.length === 0 ? [] : await tx.sql<ChangeRow>(UPSERT, upsertValues(tx, key, upserts, { batch, at }));
    const kept = await this.#known(tx, homes, batch);
    const deleted = await this.#delete(tx, homes, { batch, at });
    const count = (kind: ChangeRow['kind']) => changes.filter((row) => row.kind === kind).length;
    const seen = [...changes.map((row) => row.id), ...kept];
    return {
      added: count('added'),
      changed: count('changed'),
      unchanged: count('same'),
      deleted: deleted.length,
      seen,
      hasLanding:
        lands(batch.entity) &&
        (deleted.some((row) => row.client_id !== null) ||
          changes.some((row) => row.kind !== 'same' && row.client_id !== null)),
      sightings: batch.upserts.some((record) => seenAtOf(record.observed) !== null)
        ? await this.#sightings(tx, batch.entity, seen)
        : [],
    };
  }

  async #sightings(tx: Tx, entity: string, ids: readonly EntityId[]): Promise<Sighting[]> {
    if (entity !== 'device') return [];
    const rows = await tx.sql<{ asset_id: AssetId; observed: unknown }>(
      `select asset_id, observed from plugin_entity where msp_id = $1 and id = any($2::uuid[]) and asset_id is not null order by asset_id`,
      [tx.scope.mspId, ids],
    );
    return rows.flatMap((row) => {
      const at = seenAtOf(row.observed);
      return at === null ? [] : [{ assetId: row.asset_id, at }];
    });
  }

  /** The records that the vendor lists but that were refused: what was known of them stays. */
  async #known(tx: Tx, homes: ReadonlyMap<string, ScopeHome>, batch: NormalBatch): Promise<EntityId[]> {
    const listed = inHomes(homes, batch.seen);
    if (listed.length === 0) return [];
    const rows = await tx.sql<{ id: EntityId }>(
      `select e.id from plugin_entity e join unnest($3::uuid[], $4::text[]) as g (scope_id, external_id) on e.remote_scope_id = g.scope_id and e.external_id = g.external_id
       where e.msp_id = $1 and e.entity = $2`,
      [tx.scope.mspId, batch.entity, listed.map((item) => item.scopeId), listed.map((item) => item.id)],
    );
    return rows.map((row) => row.id);
  }

  async #delete(
    tx: Tx,
    homes: ReadonlyMap<string, ScopeHome>,
    { batch, at }: BatchAt,
  ): Promise<{ client_id: ClientId | null }[]> {
    const gone = inHomes(homes, batch.deletes);
    if (gone.length === 0) return [];
    return tx.sql(DELETE, [
      tx.scope.mspId,
      batch.entity,
      gone.map((item) => item.scopeId),
      gone.map((item) => item.id),
      at,
      lands(batch.entity),
      hasHistory(batch.entity),
    ]);
  }

  /** Tombstones what no page of this generation named; answers how many, and whether something is to be applied. */
  async sweep(tx: Tx, streamId: StreamId, generation: number, at: Temporal.Instant): Promise<number> {
    await tx.sql(HASHED, []);
    const [row] = await tx.sql<{ swept: number }>(SWEEP, [tx.scope.mspId, streamId, generation, at]);
    return row?.swept ?? 0;
  }

  /** How many live records of the stream no page of this generation named. */
  async countUnseen(tx: Tx, streamId: StreamId, generation: number): Promise<number> {
    await tx.sql(HASHED, []);
    const [row] = await tx.sql<{ unseen: number }>(
      `${SEEN} select count(*)::int as unseen from plugin_entity e where ${UNSEEN}`,
      [tx.scope.mspId, streamId, generation],
    );
    return row?.unseen ?? 0;
  }

  /** Gives all records of a scope to a client, or back into quarantine; they are to be applied anew. */
  async rehome(tx: Tx, scopeId: RemoteScopeId, clientId: ClientId | null): Promise<number> {
    const rows = await tx.sql(
      `update plugin_entity set client_id = $3, asset_id = null, alert_id = null, landing_problem = null, is_landing_due = (entity = any($4::text[])), version = version + 1
       where msp_id = $1 and remote_scope_id = $2 and client_id is distinct from $3 returning 1 as one`,
      [tx.scope.mspId, scopeId, clientId, ['device', 'software', 'alert', 'metric']],
    );
    await tx.sql(
      `update plugin_entity_version v set client_id = $3 from plugin_entity e
       where e.msp_id = $1 and e.remote_scope_id = $2 and v.msp_id = $1 and v.entity_id = e.id and v.client_id is distinct from $3`,
      [tx.scope.mspId, scopeId, clientId],
    );
    return rows.length;
  }
}

interface BatchAt {
  readonly batch: NormalBatch;
  readonly at: Temporal.Instant;
}

function inHomes(
  homes: ReadonlyMap<string, ScopeHome>,
  keys: readonly { readonly scope: string; readonly id: string }[],
): { scopeId: RemoteScopeId; id: string }[] {
  return keys.flatMap(({ scope, id }) => {
    const home = homes.get(scope);
    return home === undefined ? [] : [{ scopeId: home.scopeId, id }];
  });
}

interface ChangeRow {
  id: EntityId;
  kind: 'added' | 'changed' | 'same';
  client_id: ClientId | null;
}

function upsertValues(
  tx: Tx,
  key: StreamKey,
  upserts: readonly { record: NormalRecord; home: ScopeHome }[],
  { batch, at }: BatchAt,
): unknown[] {
  const column = <T>(value: (item: (typeof upserts)[number]) => T): T[] => upserts.map(value);
  return [
    tx.scope.mspId,
    key.connectionId,
    key.streamId,
    batch.entity,
    at,
    lands(batch.entity),
    hasHistory(batch.entity),
    column(() => newId()),
    column(({ home }) => home.scopeId),
    column(({ home }) => home.clientId),
    column(({ record }) => record.id),
    column(({ record }) => nameOf(record.id, record.data)),
    column(({ record }) => deviceOf(record.data)),
    column(({ record }) => JSON.stringify(record.data)),
    column(({ record }) => JSON.stringify(record.observed)),
    column(({ record }) => record.hash),
  ];
}

const UPSERT = `
  with given as (
    select g.*, e.id as known_id, e.hash as known_hash, e.deleted_at as known_deleted_at, e.observed as known_observed
    from unnest($8::uuid[], $9::uuid[], $10::uuid[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[])
      as g (new_id, scope_id, client_id, external_id, name, device_ref, data, observed, hash)
    -- One look into the unique index for each record, also while the planner knows nothing of a table that is just being filled: limited, and with a comparison of
    -- the type that no other index could serve.
    left join lateral (
      select * from plugin_entity k where k.msp_id = $1 and k.remote_scope_id = g.scope_id and k.external_id = g.external_id and k.entity || '' = $4 limit 1
    ) e on true
  ), added as (
    insert into plugin_entity (msp_id, id, client_id, connection_id, remote_scope_id, stream_id, entity, external_id, name, device_ref, data, observed, hash, first_seen_at, changed_at, is_landing_due)
    select $1, new_id, client_id, $2, scope_id, $3, $4, external_id, name, device_ref, data::jsonb, observed::jsonb, hash, $5, $5, $6 from given where known_id is null
    returning id, client_id, data
  ), changed as (
    update plugin_entity e
    set data = g.data::jsonb, observed = g.observed::jsonb, hash = g.hash, name = g.name, device_ref = g.device_ref, stream_id = $3, changed_at = $5, deleted_at = null,
        is_landing_due = $6, version = e.version + 1
    from given g
    -- The list of ids has the rows read by the primary key, however large the table.
    where e.msp_id = $1 and e.id = any (array(select known_id from given where known_hash <> hash or known_deleted_at is not null))
      and e.id = g.known_id
    returning e.id, e.client_id, e.data
  ), noted as (
    update plugin_entity e set observed = g.observed::jsonb from given g
    where e.msp_id = $1 and e.id = any (array(select known_id from given where known_hash = hash and known_deleted_at is null and known_observed <> observed::jsonb))
      and e.id = g.known_id
  ), versions as (
    insert into plugin_entity_version (msp_id, id, client_id, entity_id, at, kind, data)
    select $1, gen_random_uuid(), client_id, id, $5, 'added', data from added where $7
    union all select $1, gen_random_uuid(), client_id, id, $5, 'changed', data from changed where $7
  )
  select id, 'added' as kind, client_id from added
  union all select id, 'changed', client_id from changed
  union all select known_id, 'same', client_id from given where known_id is not null and known_hash = hash and known_deleted_at is null`;

const DELETE = `
  with gone as (
    update plugin_entity e set deleted_at = $5, changed_at = $5, is_landing_due = $6, version = e.version + 1
    from unnest($3::uuid[], $4::text[]) as g (scope_id, external_id)
    where e.msp_id = $1 and e.entity = $2 and e.remote_scope_id = g.scope_id and e.external_id = g.external_id and e.deleted_at is null
    returning e.id, e.client_id, e.data
  ), versions as (
    insert into plugin_entity_version (msp_id, id, client_id, entity_id, at, kind, data)
    select $1, gen_random_uuid(), client_id, id, $5, 'deleted', data from gone where $7
  )
  select client_id from gone`;

// A planner that knows nothing of a table just filled would compare each record with each id seen: minutes for 100,000.
const HASHED = `set local enable_nestloop = off`;
// Materialised, so that it is hashed once: as a condition on the arrays it would be walked for every record.
const SEEN = `with seen as materialized (select unnest(entity_ids) as id from plugin_pass_page where msp_id = $1 and stream_id = $2 and generation = $3)`;
const UNSEEN = `e.msp_id = $1 and e.stream_id = $2 and e.deleted_at is null and not exists (select 1 from seen where seen.id = e.id)`;

const SWEEP = `
  ${SEEN}, gone as (
    update plugin_entity e set deleted_at = $4, changed_at = $4, is_landing_due = e.entity in ('device', 'software', 'alert', 'metric'), version = e.version + 1
    where ${UNSEEN}
    returning e.id, e.client_id, e.entity, e.data
  ), versions as (
    insert into plugin_entity_version (msp_id, id, client_id, entity_id, at, kind, data)
    select $1, gen_random_uuid(), client_id, id, $4, 'deleted', data from gone where entity in ('user', 'licence', 'cost', 'finding')
  )
  select count(*)::int as swept from gone`;
