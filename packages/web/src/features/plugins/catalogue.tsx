import Blocks from 'lucide-solid/icons/blocks';
import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button, buttonClass } from '#web/ui/button/button.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { KINDS, TIERS, type CatalogueEntry } from './plugin-words.ts';

/** The plugins that come with the server. */
export function Catalogue(props: { onTake: (packageId: string) => void }): JSX.Element {
  const catalogue = createRecordQuery({
    key: () => ['plugin', 'list', 'catalogue'],
    fetch: (signal) => api.plugins.listCatalogue.query({}, { signal }),
  });
  return (
    <div class="min-h-0 flex-1 overflow-y-auto p-4">
      <Show when={catalogue.problem()}>
        {(problem) => (
          <ErrorState title="The catalogue could not be loaded" problem={problem()} onRetry={catalogue.retry} />
        )}
      </Show>
      <Show when={catalogue.isLoading()}>
        <SkeletonText lines={6} />
      </Show>
      <Show when={catalogue.value()}>
        {(value) => (
          <Show
            when={value().items.length > 0}
            fallback={
              <EmptyState icon={Blocks} title="No plugins came with this server">
                Build them with <code class="font-mono">npm run build</code>, or upload a packed plugin.
              </EmptyState>
            }
          >
            <ul class="grid grid-cols-3 gap-3 max-lg:grid-cols-2 max-md:grid-cols-1">
              <For each={value().items}>{(entry) => <Entry entry={entry} onTake={props.onTake} />}</For>
            </ul>
          </Show>
        )}
      </Show>
    </div>
  );
}

function Entry(props: { entry: CatalogueEntry; onTake: (packageId: string) => void }): JSX.Element {
  const { can } = useSession();
  const take = createSubmit(async () => {
    const { packageId } = await api.plugins.addFromCatalogue.mutate({ name: props.entry.name });
    props.onTake(packageId);
  });
  return (
    <li class="flex flex-col gap-2 rounded-card border border-line bg-surface p-4">
      <div class="flex items-baseline gap-2">
        <h2 class="text-title font-semibold">{props.entry.title}</h2>
        <span class="text-muted">{KINDS[props.entry.kind] ?? props.entry.kind}</span>
      </div>
      <p class="flex-1 text-muted">{props.entry.description}</p>
      <FormProblem problem={take.problem()} />
      <div class="flex items-center gap-3">
        <span class="text-muted">
          {props.entry.version}, {TIERS[props.entry.tier] ?? props.entry.tier}
        </span>
        <span class="ml-auto" />
        <Show when={props.entry.installed}>
          {(installed) => (
            <A class={buttonClass({})} href={`/plugins/${installed().pluginId}`}>
              Open
            </A>
          )}
        </Show>
        <Show when={props.entry.installed?.isCurrent !== true && can('plugins.manage-plugins')}>
          <Button kind="primary" isBusy={take.isBusy()} onClick={take.run} aria-label={`Install ${props.entry.title}`}>
            {props.entry.installed === null ? 'Install' : 'Update'}
          </Button>
        </Show>
      </div>
    </li>
  );
}
