import { sql } from 'kysely';
import { z } from 'zod';
import { NotFoundError } from '#kernel/errors';
import { clientIdSchema } from '#kernel/id';
import { decodeCursor, pageInput, toPage, type Page } from '#kernel/page';
import type { TenantScope } from '#kernel/tenant-scope';
import { assetIdSchema, type AssetId, type AssetQueries } from '#modules/assets';
import { SEVERITIES, type Severity } from '#modules/monitoring';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AlertId, AlertTables } from './alert-table.ts';
import {
  ALERT_STATES,
  alertIdSchema,
  toAlertView,
  toTimeline,
  type AlertDetailView,
  type AlertView,
} from './alert-view.ts';

export const listAlertsInput = z.object({
  ...pageInput,
  /** `active` is open or acknowledged. */
  states: z
    .array(z.enum([...ALERT_STATES, 'active']))
    .max(4)
    .default(['active']),
  severities: z.array(z.enum(SEVERITIES)).max(SEVERITIES.length).optional(),
  clientId: clientIdSchema.optional(),
  assetId: assetIdSchema.optional(),
});
export const getAlertInput = z.object({ alertId: alertIdSchema });
export const countAlertsInput = z.object({ clientId: clientIdSchema.optional() });

/** How many alerts are active, by severity. */
export type AlertCounts = Record<Severity, number> & { readonly acknowledged: number };

/** A timeline longer than this says nothing new. */
const MAX_TIMELINE = 200;

/** Reads alerts. */
export class AlertQueries {
  readonly #db: ScopedDb<AlertTables>;
  readonly #assets: AssetQueries;

  constructor(deps: { db: ScopedDb; assets: AssetQueries }) {
    this.#db = deps.db.typed<AlertTables>();
    this.#assets = deps.assets;
  }

  /** The newest first. Throws `page.bad-cursor`. */
  async list(scope: TenantScope, input: z.output<typeof listAlertsInput>): Promise<Page<AlertView>> {
    const after = input.cursor === undefined ? null : decodeCursor(input.cursor, 2);
    const states = new Set<string>(
      input.states.flatMap((state) => (state === 'active' ? ['open', 'acknowledged'] : [state])),
    );
    const rows = await this.#db.read(scope, (query) => {
      let list = query.selectFrom('alert').selectAll();
      // Which index serves depends on this: recovered alerts are most of them, and no screen of active ones may walk past them.
      if (!states.has('recovered')) list = list.where('is_active', '=', true);
      if (states.size < ALERT_STATES.length) list = list.where('state', '=', sql<never>`any(${[...states]}::text[])`);
      if (input.severities !== undefined)
        list = list.where('severity', '=', sql<never>`any(${input.severities}::text[])`);
      if (input.clientId !== undefined) list = list.where('client_id', '=', input.clientId);
      if (input.assetId !== undefined) list = list.where('asset_id', '=', input.assetId);
      if (after !== null)
        list = list.where(sql<boolean>`(opened_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`);
      return list
        .orderBy('opened_at', 'desc')
        .orderBy('id', 'desc')
        .limit(input.limit + 1);
    });
    const names = await this.#assetNames(scope, rows);
    return toPage(
      rows,
      input.limit,
      (row) => toAlertView(row, names.get(row.asset_id) ?? null),
      (row) => [row.opened_at.toString(), row.id],
    );
  }

  /** One alert with what happened to it. Throws `alerts.alert-not-found`, also for another tenant's. */
  async get(scope: TenantScope, alertId: AlertId): Promise<AlertDetailView> {
    const row = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('alert').selectAll().where('id', '=', alertId),
    );
    if (row === undefined) throw new NotFoundError('alerts.alert-not-found', 'There is no such alert.');
    const events = await this.#db.read(scope, (query) =>
      query
        .selectFrom('alert_event')
        .selectAll()
        .where('alert_id', '=', alertId)
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(MAX_TIMELINE),
    );
    const names = await this.#assetNames(scope, [row]);
    return { ...toAlertView(row, names.get(row.asset_id) ?? null), timeline: toTimeline(events) };
  }

  /** Exact counts of what is active. */
  async count(scope: TenantScope, { clientId }: z.output<typeof countAlertsInput>): Promise<AlertCounts> {
    const rows = await this.#db.read(scope, (query) => {
      const active = query.selectFrom('alert').where('is_active', '=', true);
      return (clientId === undefined ? active : active.where('client_id', '=', clientId))
        .select(['severity', 'state', sql<number>`count(*)::int`.as('count')])
        .groupBy(['severity', 'state']);
    });
    const counts = { info: 0, warning: 0, critical: 0, acknowledged: 0 };
    for (const row of rows) {
      counts[row.severity] += row.count;
      if (row.state === 'acknowledged') counts.acknowledged += row.count;
    }
    return counts;
  }

  async #assetNames(
    scope: TenantScope,
    rows: readonly { asset_id: AssetId | null }[],
  ): Promise<Map<AssetId | null, string>> {
    const ids = [...new Set(rows.flatMap((row) => (row.asset_id === null ? [] : [row.asset_id])))];
    return new Map((await this.#assets.byIds(scope, ids)).map((asset) => [asset.id, asset.name]));
  }
}
