import { A } from '@solidjs/router';
import { For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { RecordActions } from '#web/features/plugin-actions/action-buttons.tsx';
import { DescriptionList } from '#web/ui/description-list/description-list.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { PanelSection, SidePanel } from '#web/ui/side-panel/side-panel.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { recordFields } from './record-words.ts';
import { FieldText } from './places/field-text.tsx';

/** One record beside its list: what the vendor says of it, what can be done with it there, and what it was before. */
export function RecordPanel(props: { recordId: string; onClose: () => void }): JSX.Element {
  const record = createRecordQuery({
    key: () => ['plugin-record', 'one', props.recordId],
    fetch: (signal) => api['plugin-sync'].getRecord.query({ recordId: props.recordId }, { signal }),
  });
  return (
    <SidePanel
      label={`Record ${record.value()?.name ?? ''}`}
      onClose={props.onClose}
      head={<span class="truncate-line">{record.value()?.name ?? 'Record'}</span>}
    >
      <Switch>
        <Match when={record.problem()}>
          {(problem) => (
            <ErrorState problem={problem()} title="The record could not be loaded" onRetry={record.retry} />
          )}
        </Match>
        <Match when={record.value()}>
          {(value) => (
            <>
              <PanelSection>
                <Show when={value().landingProblem}>
                  {(problem) => <p class="pb-2 text-warning-text">{problem()}</p>}
                </Show>
                <DescriptionList
                  items={[
                    { term: 'Id at the vendor', value: <code class="font-mono break-all">{value().externalId}</code> },
                    { term: 'First seen', value: <RelativeTime iso={value().firstSeenAt} /> },
                    ...(value().deletedAt === null
                      ? []
                      : [{ term: 'No longer listed', value: <RelativeTime iso={value().deletedAt ?? ''} /> }]),
                    {
                      term: 'Asset',
                      value:
                        value().assetId === null ? undefined : (
                          <A class="text-accent-text" href={`/assets/${value().assetId}`}>
                            Open the asset
                          </A>
                        ),
                    },
                  ]}
                />
                <Show when={value().clientId !== null && value().deletedAt === null}>
                  <div class="pt-3 empty:hidden">
                    <RecordActions record={value()} />
                  </div>
                </Show>
              </PanelSection>
              <PanelSection>
                <DescriptionList
                  items={recordFields(value()).map(({ term, text }) => ({
                    term,
                    value: <FieldText text={text} />,
                  }))}
                />
              </PanelSection>
              <Show when={value().history.length > 0}>
                <PanelSection>
                  <h3 class="pb-2 font-medium">History</h3>
                  <ol class="flex flex-col gap-1">
                    <For each={value().history}>
                      {(version) => (
                        <li>
                          {version.kind}{' '}
                          <span class="text-muted">
                            <RelativeTime iso={version.at} />
                          </span>
                        </li>
                      )}
                    </For>
                  </ol>
                </PanelSection>
              </Show>
            </>
          )}
        </Match>
        <Match when={record.isLoading()}>
          <PanelSection>
            <SkeletonText lines={6} />
          </PanelSection>
        </Match>
      </Switch>
    </SidePanel>
  );
}
