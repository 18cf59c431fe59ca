import Plug from 'lucide-solid/icons/plug';
import { For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import type { UrlField } from '#web/app/routing/url-state.ts';
import { useSession } from '#web/app/session/session.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import type { TabItem } from '#web/ui/tabs/tabs.tsx';
import { PluginFrame } from './plugin-frame.tsx';
import { PluginView } from './plugin-view.tsx';
import { keyOf, labelsOf, type PlacedView, type ViewSubject } from './view-words.ts';

const PREFIX = 'view.';

/** Which views of plugins stand at a subject; none for who may not see them. */
function createViewList(subject: () => ViewSubject) {
  const { can } = useSession();
  return createRecordQuery({
    key: () => ['plugin-view', 'list', subject()],
    isEnabled: () => can('plugin-views.see-views'),
    fetch: (signal) => api['plugin-views'].listViews.query(subject(), { signal }),
  });
}

/** A tab for each view that plugins show of a client, an asset or a connection, to stand behind the page's own. */
export function createPluginTabs(subject: () => ViewSubject): () => readonly TabItem[] {
  const list = createViewList(subject);
  return () => {
    const views = list.value()?.items ?? [];
    const labels = labelsOf(views);
    return views.map((view) => ({ value: PREFIX + keyOf(view), label: labels.get(keyOf(view)) ?? view.label }));
  };
}

/** The open tab in the URL: one of the page's own, or a plugin's. */
export function tabField<const Tab extends string>(
  tabs: readonly Tab[],
  fallback: NoInfer<Tab>,
): UrlField<Tab | `view.${string}`> {
  return {
    read: (text) => (isPluginTab(text) ? text : (tabs.find((tab) => tab === text) ?? fallback)),
    write: (tab) => (tab === fallback ? undefined : tab),
  };
}

function isPluginTab(tab: string | undefined): tab is `view.${string}` {
  return tab?.startsWith(PREFIX) === true;
}

/** What stands in a tab of a plugin; nothing in any other tab. */
export function PluginTab(props: { tab: string; subject: ViewSubject }): JSX.Element {
  const list = createViewList(() => props.subject);
  const wanted = () => list.value()?.items.find((view) => PREFIX + keyOf(view) === props.tab);
  return (
    <Show when={isPluginTab(props.tab)}>
      <div class="min-h-0 flex-1 overflow-y-auto p-4">
        <Switch>
          <Match when={list.problem()}>
            {(problem) => <ErrorState title="The page could not be found" problem={problem()} onRetry={list.retry} />}
          </Match>
          <Match when={wanted()}>
            {(view) => (
              <Show when={props.tab} keyed>
                <PlacedPage view={view()} assetId={'assetId' in props.subject ? props.subject.assetId : undefined} />
              </Show>
            )}
          </Match>
          <Match when={list.value()}>
            <EmptyState icon={Plug} title="This page of a plugin is not here">
              Its connection is paused, was removed or is not read for this client, or its plugin no longer has it.
            </EmptyState>
          </Match>
        </Switch>
      </div>
    </Show>
  );
}

/** Widgets of plugins, all of them, for the first page. Draws nothing where there is none. */
export function PluginWidgets(): JSX.Element {
  const list = createViewList(() => ({ dashboard: true }));
  return (
    <For each={list.value()?.items ?? []}>
      {(view) => (
        <section aria-label={view.label}>
          <h2 class="pb-1.5 font-semibold">{view.label}</h2>
          <PlacedPage view={view} assetId={undefined} />
        </section>
      )}
    </For>
  );
}

function PlacedPage(props: { view: PlacedView; assetId: string | undefined }): JSX.Element {
  return (
    <Show when={props.view.kind === 'frame'} fallback={<PluginView view={props.view} assetId={props.assetId} />}>
      <PluginFrame view={props.view} assetId={props.assetId} />
    </Show>
  );
}
