import RefreshCw from 'lucide-solid/icons/refresh-cw';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { createUrlState, optionalField } from '#web/app/routing/url-state.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import type { Column } from '#web/ui/data-table/columns.ts';
import { DataTable } from '#web/ui/data-table/data-table.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { PanelSection, SidePanel } from '#web/ui/side-panel/side-panel.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { OUTCOMES, type Stream } from '../plugin-words.ts';
import { StreamRhythm } from './stream-rhythm.tsx';

/** What is read again and again, and how each pass went. */
export function StreamList(props: {
  connectionId: string;
  /** The streams as the plugin declares them. */
  declared: readonly { readonly name: string; readonly label: string; readonly every: string }[];
}): JSX.Element {
  const [state, setState] = createUrlState({ stream: optionalField() });
  const declaredAs = (name: string) => props.declared.find((stream) => stream.name === name);
  const labelOf = (name: string): string => declaredAs(name)?.label ?? name;
  const list = createListQuery<Stream>({
    key: () => ['plugin-connection', 'list', 'streams', props.connectionId],
    fetchPage: (cursor, signal) =>
      api['plugin-sync'].listStreams.query(
        { connectionId: props.connectionId, ...(cursor === undefined ? {} : { cursor }) },
        { signal },
      ),
  });
  return (
    <div class="flex min-h-0 flex-1">
      <DataTable
        noun="streams"
        list={list}
        columns={[nameColumn(labelOf), ...COLUMNS]}
        rowId={(row) => row.id}
        rowLabel={(row) => labelOf(row.name)}
        openId={state.stream}
        onOpen={(row) => setState({ stream: row.id }, state.stream === undefined ? 'push' : 'replace')}
        empty={
          <EmptyState icon={RefreshCw} title="Nothing is read yet">
            Streams start when a scope is mapped to a client.
          </EmptyState>
        }
      />
      <Show when={list.items().find((row) => row.id === state.stream)}>
        {(stream) => (
          <StreamPanel
            stream={stream()}
            label={labelOf(stream().name)}
            every={declaredAs(stream().name)?.every}
            onClose={() => setState({ stream: undefined })}
          />
        )}
      </Show>
    </div>
  );
}

function StreamPanel(props: {
  stream: Stream;
  label: string;
  /** The plugin's own rhythm; absent where its running version no longer declares the stream. */
  every: string | undefined;
  onClose: () => void;
}): JSX.Element {
  const { can } = useSession();
  const runs = createRecordQuery({
    key: () => ['plugin-connection', 'one', props.stream.connectionId, 'runs', props.stream.id],
    fetch: (signal) =>
      api['plugin-sync'].listRuns.query(
        { connectionId: props.stream.connectionId, streamId: props.stream.id, limit: 20 },
        { signal },
      ),
  });
  const versioned = () => ({ streamId: props.stream.id, version: props.stream.version });
  const after = async (message: string): Promise<void> => {
    await invalidateTopic('plugin-connection', props.stream.connectionId);
    showDone(message);
  };
  const pause = createSubmit(async () => {
    await api['plugin-sync'].updateStream.mutate({ ...versioned(), isPaused: !props.stream.isPaused });
    await after(props.stream.isPaused ? 'The stream goes on' : 'The stream is paused');
  });
  const accept = createSubmit(async () => {
    await api['plugin-sync'].acceptDeletion.mutate(versioned());
    await after('The next pass deletes what the vendor no longer lists');
  });
  return (
    <SidePanel
      label={`Stream ${props.label}`}
      onClose={props.onClose}
      head={<span class="truncate-line">{props.label}</span>}
    >
      <PanelSection>
        <FormProblem problem={pause.problem() ?? accept.problem()} />
        <Show when={props.stream.heldBack}>
          {(count) => (
            <div class="mb-3 rounded-control bg-warning-soft p-3 text-warning-text">
              <p>
                {count()} records are missing from the vendor's list. None was deleted: see there whether they are
                really gone.
              </p>
              <Show when={can('plugin-sync.accept-deletion')}>
                <Button class="mt-2" isBusy={accept.isBusy()} onClick={accept.run}>
                  They are gone, delete them
                </Button>
              </Show>
            </div>
          )}
        </Show>
        <Show when={props.stream.message}>{(message) => <p class="pb-3 text-critical-text">{message()}</p>}</Show>
        <Show when={can('plugin-sync.run-streams')}>
          <Button isBusy={pause.isBusy()} onClick={pause.run}>
            {props.stream.isPaused ? 'Go on' : 'Pause'}
          </Button>
          <Show when={props.every}>
            {(every) => (
              <div class="pt-3">
                <StreamRhythm stream={props.stream} every={every()} />
              </div>
            )}
          </Show>
        </Show>
      </PanelSection>
      <PanelSection>
        <h3 class="pb-2 font-medium">Passes</h3>
        <ol class="flex flex-col gap-2">
          <For each={runs.value()?.items ?? []}>
            {(run) => (
              <li>
                <div class="flex gap-2">
                  <StatusPill state={OUTCOMES[run.outcome].state}>{OUTCOMES[run.outcome].word}</StatusPill>
                  <RelativeTime iso={run.startedAt} class="text-muted" />
                </div>
                <p class="text-muted tabular-nums">
                  {run.added} new, {run.changed} changed, {run.unchanged} the same, {run.deleted} gone
                  {run.refused > 0 ? `, ${run.refused} refused` : ''}
                </p>
                <Show when={run.message}>{(message) => <p class="text-critical-text">{message()}</p>}</Show>
                <For each={run.refusals.slice(0, 3)}>
                  {(refusal) => (
                    <p class="text-muted">
                      {refusal.id}: {refusal.reason}
                    </p>
                  )}
                </For>
              </li>
            )}
          </For>
        </ol>
      </PanelSection>
    </SidePanel>
  );
}

function streamState(stream: Stream) {
  if (stream.isPaused) return { word: 'Paused', state: 'neutral' as const };
  if (stream.heldBack !== null) return { word: 'Held back', state: 'warning' as const };
  if (stream.failures > 0) return { word: 'Fails', state: 'critical' as const };
  if (stream.isRunning) return { word: 'Running', state: 'info' as const };
  return stream.lastSuccessAt === null
    ? { word: 'Waiting', state: 'neutral' as const }
    : { word: 'Works', state: 'ok' as const };
}

function nameColumn(labelOf: (name: string) => string): Column<Stream> {
  return {
    key: 'name',
    heading: 'Stream',
    cell: (row) => <span class="truncate-line font-medium">{labelOf(row.name)}</span>,
  };
}

/** Samples are charted, not kept as records: a zero would read as nothing. */
function recordCount(stream: Stream): JSX.Element {
  return stream.entity === 'metric' && stream.liveCount === 0 ? (
    <span class="text-muted">Samples</span>
  ) : (
    stream.liveCount.toLocaleString()
  );
}

const COLUMNS: readonly Column<Stream>[] = [
  {
    key: 'state',
    heading: 'State',
    widthPx: 120,
    cell: (row) => <StatusPill state={streamState(row).state}>{streamState(row).word}</StatusPill>,
  },
  { key: 'count', heading: 'Records', widthPx: 90, isNumeric: true, cell: recordCount },
  {
    key: 'success',
    heading: 'Last read',
    widthPx: 130,
    from: 'md',
    cell: (row) => (row.lastSuccessAt === null ? '' : <RelativeTime iso={row.lastSuccessAt} class="text-muted" />),
  },
  {
    key: 'next',
    heading: 'Next',
    widthPx: 130,
    from: 'lg',
    cell: (row) => (row.isPaused ? '' : <RelativeTime iso={row.nextAt} class="text-muted" />),
  },
];
