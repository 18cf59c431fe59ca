import Plug from 'lucide-solid/icons/plug';
import { For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { RecordActions } from '#web/features/plugin-actions/action-buttons.tsx';
import { DescriptionList } from '#web/ui/description-list/description-list.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import type { PluginRecord } from '../plugin-words.ts';
import { recordFields } from '../record-words.ts';
import { createConnectionNames, SourceLink } from './source-link.tsx';
import { FieldText } from './field-text.tsx';

/** What each vendor says of an asset, side by side, and what can be done with it there. */
export function AssetSources(props: { assetId: string }): JSX.Element {
  const connectionOf = createConnectionNames();
  const records = createRecordQuery({
    key: () => ['plugin-record', 'list', 'asset', props.assetId],
    fetch: (signal) =>
      api['plugin-sync'].listRecords.query(
        { entity: 'device', assetId: props.assetId, state: 'all', limit: 50 },
        { signal },
      ),
  });
  return (
    <div class="p-4">
      <Switch>
        <Match when={records.problem()}>
          {(problem) => (
            <ErrorState title="The sources could not be loaded" problem={problem()} onRetry={records.retry} />
          )}
        </Match>
        <Match when={records.value()?.items.length === 0}>
          <EmptyState icon={Plug} title="No plugin knows this asset">
            When a monitoring tool, an RMM or a cloud lists it, what they say of it stands here side by side.
          </EmptyState>
        </Match>
        <Match when={records.value()}>
          {(value) => (
            <ul class="grid gap-4 md:grid-cols-2 wide:grid-cols-3">
              <For each={value().items}>
                {(record) => (
                  <li class="flex flex-col gap-3 rounded-card border border-line bg-surface p-4">
                    <Source record={record} connection={connectionOf(record.connectionId)} />
                  </li>
                )}
              </For>
            </ul>
          )}
        </Match>
        <Match when={records.isLoading()}>
          <SkeletonText lines={5} />
        </Match>
      </Switch>
    </div>
  );
}

function Source(props: {
  record: PluginRecord;
  connection: ReturnType<ReturnType<typeof createConnectionNames>>;
}): JSX.Element {
  return (
    <>
      <div>
        <h2 class="flex flex-wrap items-baseline justify-between gap-x-3">
          <SourceLink record={props.record} connection={props.connection} />
          <span class="text-small text-faint">
            changed <RelativeTime iso={props.record.changedAt} />
          </span>
        </h2>
        <p class="break-words text-muted">
          {props.record.name}{' '}
          <span class="font-mono text-[0.9375em] break-all text-faint">{props.record.externalId}</span>
        </p>
      </div>
      <Show
        when={props.record.deletedAt}
        fallback={
          <Show when={props.record.clientId !== null}>
            <div class="empty:hidden">
              <RecordActions record={props.record} />
            </div>
          </Show>
        }
      >
        {(at) => (
          <p class="text-warning-text">
            No longer listed since <RelativeTime iso={at()} />.
          </p>
        )}
      </Show>
      <DescriptionList
        items={recordFields(props.record).map(({ term, text }) => ({
          term,
          value: <FieldText text={text} />,
        }))}
      />
    </>
  );
}
