import { Match, Show, Switch, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import RefreshCw from 'lucide-solid/icons/refresh-cw';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { IconButton } from '#web/ui/icon-button/icon-button.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { Skeleton } from '#web/ui/skeleton/skeleton.tsx';
import { Blocks } from './blocks.tsx';
import { createDrawing, type ViewParams } from './draw-view.ts';
import type { PlacedView } from './view-words.ts';

/** One view, drawn now. */
export function PluginView(props: { view: PlacedView; assetId?: string | undefined }): JSX.Element {
  const [params, setParams] = createSignal<ViewParams>({});
  const drawing = createDrawing(() => ({ view: props.view, assetId: props.assetId, params: params() }));
  return (
    <Switch>
      <Match when={drawing.problem()}>
        {(problem) => (
          <ErrorState
            title={`${props.view.label} could not be drawn`}
            problem={problem()}
            lost="Nothing was changed."
            onRetry={drawing.redraw}
          />
        )}
      </Match>
      <Match when={drawing.value()}>
        {(value) => (
          <div aria-busy={drawing.isDrawing()} class={drawing.isDrawing() ? 'opacity-60' : ''}>
            <Show
              when={value().blocks.length > 0}
              fallback={
                <EmptyState title="Nothing to show">
                  The plugin has nothing to say about {props.view.place} now.
                </EmptyState>
              }
            >
              <Blocks
                blocks={value().blocks}
                place={{
                  view: props.view,
                  links: () => drawing.value()?.links ?? [],
                  params,
                  isDrawing: drawing.isDrawing,
                  onParams: setParams,
                }}
              />
            </Show>
            <p class="flex items-center gap-1 pt-4 text-small text-muted">
              Drawn <RelativeTime iso={value().drawnAt} />
              <IconButton icon={RefreshCw} label="Draw again" onClick={drawing.redraw} />
            </p>
          </div>
        )}
      </Match>
      <Match when={true}>
        <div class="flex flex-col gap-4" role="status" aria-label="The plugin draws">
          <Skeleton class="h-4 w-50" />
          <div class="grid grid-cols-[repeat(auto-fill,minmax(10rem,1fr))] gap-3">
            <Skeleton class="h-18" />
            <Skeleton class="h-18" />
            <Skeleton class="h-18" />
          </div>
          <Skeleton class="h-50" />
        </div>
      </Match>
    </Switch>
  );
}
