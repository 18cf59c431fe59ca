import { sql, type Selectable } from 'kysely';
import { z } from 'zod';
import { NotFoundError } from '#kernel/errors';
import { clientIdSchema } from '#kernel/id';
import { decodeCursor, pageInput, toPage, type Page } from '#kernel/page';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import { alertIdSchema } from '#modules/alerts';
import { assetIdSchema } from '#modules/assets';
import { connectionIdSchema, type ConnectionId } from '#modules/plugin-host';
import { remoteScopeIdSchema, type RemoteScopeId } from '#modules/plugin-scopes';
import type { ScopedDb } from '#platform/db/scoped-db';
import { entityIdSchema } from './entity.ts';
import type { EntityId, SyncTables } from './sync-table.ts';
import type { recordVersionView, RecordView } from './sync-view.ts';

export const listRecordsInput = z.object({
  ...pageInput,
  entity: z.string().min(1).max(200),
  clientId: clientIdSchema.optional(),
  connectionId: connectionIdSchema.optional(),
  scopeId: remoteScopeIdSchema.optional(),
  assetId: assetIdSchema.optional(),
  alertId: alertIdSchema.optional(),
  /** Its id at the vendor. */
  externalId: text({ max: 500 }).optional(),
  /** A part of the name. */
  search: text({ max: 100 }).optional(),
  /** `gone` are those that the vendor no longer lists. */
  state: z.enum(['present', 'gone', 'all']).default('present'),
});
export const countRecordsInput = z.object({
  clientId: clientIdSchema.optional(),
  connectionId: connectionIdSchema.optional(),
});
export const getRecordInput = z.object({ recordId: entityIdSchema });

/** How many records of each type there are. */
export interface RecordCount {
  readonly entity: string;
  readonly count: number;
  readonly quarantined: number;
}

type Row = Selectable<SyncTables['plugin_entity']>;
const MOST_VERSIONS = 200;

/** Reads what plugins have brought. Records in quarantine are for staff that reach all clients. */
export class EntityQueries {
  readonly #db: ScopedDb<SyncTables>;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db.typed<SyncTables>();
  }

  /** Records of one type by name. Throws `page.bad-cursor`. */
  async list(scope: TenantScope, input: z.output<typeof listRecordsInput>): Promise<Page<RecordView>> {
    const after = input.cursor === undefined ? null : decodeCursor(input.cursor, 2);
    const rows = await this.#db.read(scope, (query) => {
      let list = query.selectFrom('plugin_entity').selectAll().where('entity', '=', input.entity);
      if (input.clientId !== undefined) list = list.where('client_id', '=', input.clientId);
      if (input.connectionId !== undefined) list = list.where('connection_id', '=', input.connectionId);
      if (input.scopeId !== undefined) list = list.where('remote_scope_id', '=', input.scopeId);
      if (input.assetId !== undefined) list = list.where('asset_id', '=', input.assetId);
      if (input.alertId !== undefined) list = list.where('alert_id', '=', input.alertId);
      if (input.externalId !== undefined) list = list.where('external_id', '=', input.externalId);
      if (input.search !== undefined) list = list.where(sql<boolean>`strpos(lower(name), lower(${input.search})) > 0`);
      if (input.state !== 'all') list = list.where('deleted_at', input.state === 'gone' ? 'is not' : 'is', null);
      if (after !== null) list = list.where(sql<boolean>`(name, id) > (${after[0]}, ${after[1]}::uuid)`);
      return list
        .orderBy('name')
        .orderBy('id')
        .limit(input.limit + 1);
    });
    return toPage(rows, input.limit, toRecordView, (row) => [row.name, row.id]);
  }

  /** How many records of each type there are now. */
  async count(scope: TenantScope, input: z.output<typeof countRecordsInput>): Promise<RecordCount[]> {
    return this.#db.read(scope, (query) => {
      let count = query
        .selectFrom('plugin_entity')
        .select([
          'entity',
          sql<number>`count(*)::int`.as('count'),
          sql<number>`(count(*) filter (where client_id is null))::int`.as('quarantined'),
        ])
        .where('deleted_at', 'is', null);
      if (input.clientId !== undefined) count = count.where('client_id', '=', input.clientId);
      if (input.connectionId !== undefined) count = count.where('connection_id', '=', input.connectionId);
      return count.groupBy('entity').orderBy('entity');
    });
  }

  /** One record with the versions that it had, the newest first. Throws `plugin-sync.record-not-found`, also for another tenant's. */
  async get(
    scope: TenantScope,
    recordId: EntityId,
  ): Promise<RecordView & { history: z.input<typeof recordVersionView>[] }> {
    const row = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('plugin_entity').selectAll().where('id', '=', recordId),
    );
    if (row === undefined) throw new NotFoundError('plugin-sync.record-not-found', 'There is no such record.');
    const versions = await this.#db.read(scope, (query) =>
      query
        .selectFrom('plugin_entity_version')
        .selectAll()
        .where('entity_id', '=', recordId)
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(MOST_VERSIONS),
    );
    const history = versions.map(({ at, kind, data }) => ({ at: at.toString(), kind, data: asObject(data) }));
    return { ...toRecordView(row), history };
  }

  /** The records that a plugin names by their ids at the vendor; absent ones are left out. */
  async byExternalIds(
    scope: TenantScope,
    of: { connectionId: ConnectionId; scopeId: RemoteScopeId | null },
    refs: readonly { readonly entity: string; readonly id: string }[],
  ): Promise<RecordView[]> {
    if (refs.length === 0) return [];
    const rows = await this.#db.read(scope, (query) => {
      let list = query
        .selectFrom('plugin_entity')
        .selectAll()
        .where('connection_id', '=', of.connectionId)
        .where(
          sql<boolean>`(entity, external_id) in (select * from unnest(${refs.map((ref) => ref.entity)}::text[], ${refs.map((ref) => ref.id)}::text[]))`,
        );
      if (of.scopeId !== null) list = list.where('remote_scope_id', '=', of.scopeId);
      return list;
    });
    return rows.map(toRecordView);
  }

  /** The records behind an alert or an asset. */
  async ofThing(
    scope: TenantScope,
    thing: { readonly alertId: string } | { readonly assetId: string },
  ): Promise<RecordView[]> {
    const rows = await this.#db.read(scope, (query) => {
      const list = query.selectFrom('plugin_entity').selectAll();
      return 'alertId' in thing
        ? list.where('alert_id', '=', thing.alertId as never)
        : list.where('asset_id', '=', thing.assetId as never).where('entity', '=', 'device');
    });
    return rows.map(toRecordView);
  }
}

/** What was stored as an object. */
function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function toRecordView(row: Row): RecordView {
  return {
    id: row.id,
    clientId: row.client_id,
    connectionId: row.connection_id,
    scopeId: row.remote_scope_id,
    entity: row.entity,
    externalId: row.external_id,
    name: row.name,
    data: asObject(row.data),
    observed: asObject(row.observed),
    firstSeenAt: row.first_seen_at.toString(),
    changedAt: row.changed_at.toString(),
    deletedAt: row.deleted_at?.toString() ?? null,
    landingProblem: row.landing_problem,
    assetId: row.asset_id,
    alertId: row.alert_id,
  };
}
