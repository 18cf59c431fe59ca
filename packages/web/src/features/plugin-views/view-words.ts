import type { Block, Tone } from '@bailiwick/sdk';
import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '#web/app/api/app-router.ts';
import type { State } from '#web/ui/status-pill/status-pill.tsx';

type Outputs = inferRouterOutputs<AppRouter>['plugin-views'];
export type PlacedView = Outputs['listViews']['items'][number];
export type Drawing = Outputs['renderView'];
export type ViewLink = Drawing['links'][number];
export type BlockOf<Kind extends Block['kind']> = Extract<Block, { readonly kind: Kind }>;

/** Where views stand: at a client, an asset, a connection, or on the dashboard. */
export type ViewSubject =
  | { readonly clientId: string }
  | { readonly assetId: string }
  | { readonly connectionId: string }
  | { readonly dashboard: true };

/** A tone as a state of ours; a plugin chooses among few words, and the console their colours. */
export function toneState(tone: Tone | undefined): State {
  if (tone === 'good') return 'ok';
  if (tone === 'warning') return 'warning';
  return tone === 'bad' ? 'critical' : 'neutral';
}

/** Where a record that a view names is shown. */
export function hrefOf(link: ViewLink): string {
  if (link.assetId !== null) return `/assets/${link.assetId}`;
  if (link.alertId !== null) return `/alerts?open=${link.alertId}`;
  const record = `tab=${link.clientId === null ? 'records' : 'plugins'}&entity=${encodeURIComponent(link.entity)}&record=${link.recordId}`;
  return link.clientId === null ? `/connections/${link.connectionId}?${record}` : `/clients/${link.clientId}?${record}`;
}

/** What names a placed view in the URL. */
export function keyOf(view: PlacedView): string {
  return [view.kind, view.name, view.scopeId ?? view.connectionId].join('.');
}

/** Labels that tell views apart: with their scope where a client has two of the same. */
export function labelsOf(views: readonly PlacedView[]): ReadonlyMap<string, string> {
  const counts = Map.groupBy(views, ({ label }) => label);
  return new Map(
    views.map((view) => [
      keyOf(view),
      (counts.get(view.label)?.length ?? 0) > 1 ? `${view.label}, ${view.place}` : view.label,
    ]),
  );
}
