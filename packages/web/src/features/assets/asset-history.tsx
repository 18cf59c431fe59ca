import RotateCcw from 'lucide-solid/icons/rotate-ccw';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { Button } from '#web/ui/button/button.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { StateMark } from '#web/ui/status-pill/status-pill.tsx';
import { Timeline } from '#web/ui/timeline/timeline.tsx';
import { sourceText, type AssetDetail } from './asset-words.ts';
import { factText, FIELD_WORDS } from './fact-words.ts';

type Change = Awaited<ReturnType<typeof api.assets.listAssetChanges.query>>['items'][number];

/** What changed about an asset, field by field, newest first. */
export function AssetHistory(props: { asset: AssetDetail }): JSX.Element {
  const list = createListQuery<Change>({
    key: () => ['asset', 'list', 'changes', props.asset.id],
    fetchPage: (cursor, signal) =>
      api.assets.listAssetChanges.query(
        { assetId: props.asset.id, ...(cursor === undefined ? {} : { cursor }) },
        { signal },
      ),
  });
  return (
    <div class="max-w-200 p-4">
      <Show when={list.problem()}>
        {(problem) => <ErrorState title="The history could not be loaded" problem={problem()} onRetry={list.retry} />}
      </Show>
      <Show when={list.isLoading()}>
        <SkeletonText lines={6} />
      </Show>
      <Show when={!list.isLoading() && list.items().length === 0 && list.problem() === undefined}>
        <EmptyState icon={RotateCcw} title="Nothing has changed yet">
          Every change of hardware, system, network and of what people keep by hand is listed here, with what was
          before.
        </EmptyState>
      </Show>
      <Timeline
        label="Changes"
        entries={list.items()}
        mark={(change) => <StateMark state={change.source === 'person' ? 'info' : 'neutral'} />}
      >
        {(change) => (
          <div class="flex flex-wrap items-baseline justify-between gap-x-4">
            <p class="min-w-0 break-words">
              <span class="font-medium">{fieldText(change.field)}</span>{' '}
              <Show when={change.before !== null} fallback={<span class="text-muted">set to </span>}>
                <span class="text-muted line-through">{valueText(change.field, change.before)}</span>{' '}
                <span class="text-faint">→</span>{' '}
              </Show>
              <span>{change.after === null ? 'gone' : valueText(change.field, change.after)}</span>
            </p>
            <p class="text-muted">
              {change.actorLabel ?? sourceText(change.source)}, <RelativeTime iso={change.at} />
            </p>
          </div>
        )}
      </Timeline>
      <Show when={list.hasMore()}>
        <Button onClick={list.loadMore} isBusy={list.isLoadingMore()}>
          Older changes
        </Button>
      </Show>
    </div>
  );
}

function fieldText(field: string): string {
  const [part, ...name] = field.split('.');
  if (part === 'disk') return `Disk ${name.join('.')}`;
  if (part === 'interface') return `Network ${name.join('.')}`;
  return FIELD_WORDS[field] ?? field;
}

/** Disks and network cards are told by what people look for: size and addresses. */
function valueText(field: string, value: unknown): string {
  if (typeof value !== 'object' || value === null) return factText(field, value);
  const part = value as { size_bytes?: number; model?: string; addresses?: string[]; is_up?: boolean };
  if (part.size_bytes !== undefined)
    return [factText('sizeBytes', part.size_bytes), part.model].filter((word) => word !== '').join(', ');
  return [part.is_up === true ? 'up' : 'down', ...(part.addresses ?? [])].join(', ');
}
