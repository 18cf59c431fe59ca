import { z } from 'zod';
import { clientIdSchema } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import {
  ticketConditions,
  ticketGroupings,
  ticketGroupView,
  type StaffId,
  type StaffIdentity,
  type TicketCounts,
} from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import { SHARE_VIEWS } from './view-policy.ts';
import { inOrder, STANDARD_VIEWS, viewSettings } from './view-settings.ts';
import type { ViewTables } from './view-table.ts';

export const viewView = z.object({
  /** The name of a standard view, or the id of a kept one: what the URL says. */
  key: z.string(),
  name: z.string(),
  kind: z.enum(['standard', 'shared', 'own']),
  settings: viewSettings,
  /** Null for a standard view, which nobody changes. */
  version: z.int().nullable(),
  isHidden: z.boolean(),
  mayChange: z.boolean(),
});
export const viewsView = z.object({ items: z.array(viewView), mayShare: z.boolean() });

export const countViewsInput = z.object({ clientId: clientIdSchema.optional() });
export const viewCountsView = z.object({
  /** Exact up to 999; 1000 where there are more. */
  items: z.array(z.object({ key: z.string(), count: z.int() })),
});
export const groupTicketsInput = z.object({ ...ticketConditions, groupBy: z.enum(ticketGroupings) });
export const groupsView = z.object({ items: z.array(ticketGroupView) });

/** Done is done: how much was ever closed tells nobody anything. */
const NEVER_COUNTED = new Set(['closed', 'all']);

/** Reads views, and counts what is in them. */
export class ViewQueries {
  readonly #db: ScopedDb<ViewTables>;
  readonly #staff: StaffIdentity;
  readonly #counts: TicketCounts;

  constructor(deps: { db: ScopedDb; staff: StaffIdentity; counts: TicketCounts }) {
    this.#db = deps.db.typed<ViewTables>();
    this.#staff = deps.staff;
    this.#counts = deps.counts;
  }

  /** The standard views, the shared ones and the caller's own, in the caller's order. */
  async list(scope: TenantScope): Promise<z.output<typeof viewsView>> {
    const me = await this.#staff.of(scope);
    const mayShare = scope.permissions.has(SHARE_VIEWS);
    const [kept, places] = await Promise.all([this.#kept(scope, me), this.#places(scope, me)]);
    const standard = STANDARD_VIEWS.map(({ key, name, settings }) => ({
      key,
      name,
      settings,
      kind: 'standard' as const,
      version: null,
      mayChange: false,
    }));
    const views = kept.flatMap((row) => {
      const settings = viewSettings.safeParse(row.settings);
      // What an older version stored and this one does not know is not shown as something else.
      if (!settings.success) return [];
      const kind = row.is_shared ? ('shared' as const) : ('own' as const);
      const { id: key, name, version } = row;
      return [{ key, name, settings: settings.data, kind, version, mayChange: !row.is_shared || mayShare }];
    });
    return { items: inOrder([...standard, ...views], places), mayShare };
  }

  /** How many tickets each view has that the caller does not hide, over all clients in reach or of one: one query, however many views. */
  async counts(
    scope: TenantScope,
    { clientId }: z.output<typeof countViewsInput>,
  ): Promise<z.output<typeof viewCountsView>> {
    const { items } = await this.list(scope);
    const counted = items.filter(({ isHidden, settings }) => !isHidden && !NEVER_COUNTED.has(settings.filter.tab));
    const counts = await this.#counts.each(
      scope,
      counted.map(({ settings: { filter } }) => (clientId === undefined ? filter : { ...filter, clientId })),
    );
    return { items: counted.map(({ key }, index) => ({ key, count: counts[index] ?? 0 })) };
  }

  /** How a list divides. */
  async groups(
    scope: TenantScope,
    { groupBy, ...filter }: z.output<typeof groupTicketsInput>,
  ): Promise<z.output<typeof groupsView>> {
    return { items: await this.#counts.groups(scope, filter, groupBy) };
  }

  async #kept(scope: TenantScope, me: StaffId | null) {
    return this.#db.read(scope, (query) => {
      const views = query
        .selectFrom('ticket_view')
        .select(['id', 'is_shared', 'name', 'settings', 'version'])
        .orderBy('is_shared', 'desc')
        .orderBy('name')
        .orderBy('id')
        .limit(100);
      return me === null
        ? views.where('is_shared', '=', true)
        : views.where((view) => view.or([view('is_shared', '=', true), view('owner_id', '=', me)]));
    });
  }

  async #places(scope: TenantScope, me: StaffId | null) {
    if (me === null) return [];
    const row = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('ticket_view_order').select('places').where('staff_id', '=', me),
    );
    return row?.places ?? [];
  }
}
