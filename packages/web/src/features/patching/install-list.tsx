import PackageCheck from 'lucide-solid/icons/package-check';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { createUrlState, optionalField } from '#web/app/routing/url-state.ts';
import { useScope } from '#web/app/scope/scope.ts';
import { ClientName } from '#web/features/assets/client-name.tsx';
import { Button } from '#web/ui/button/button.tsx';
import type { Column } from '#web/ui/data-table/columns.ts';
import { DataTable } from '#web/ui/data-table/data-table.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ProgressBar } from '#web/ui/progress-bar/progress-bar.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { PanelSection, SidePanel } from '#web/ui/side-panel/side-panel.tsx';
import { StateMark, StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { count, INSTALL_STATES, type Install } from './patch-words.ts';
import { PackageResults } from './package-results.tsx';

const columns: readonly Column<Install>[] = [
  {
    key: 'mark',
    heading: 'State',
    isHeadingHidden: true,
    widthPx: 36,
    cell: (row) => <StateMark state={INSTALL_STATES[row.state].state} label={INSTALL_STATES[row.state].word} />,
  },
  {
    key: 'asset',
    heading: 'Machine',
    cell: (row) => (
      <span class="truncate-line font-medium" title={row.assetName}>
        {row.assetName}
      </span>
    ),
  },
  {
    key: 'client',
    heading: 'Client',
    widthPx: 190,
    from: 'md',
    cell: (row) => <ClientName id={row.clientId} class="text-muted" />,
  },
  {
    key: 'state',
    heading: 'Result',
    widthPx: 180,
    cell: (row) => (
      <span title={row.message ?? undefined}>
        <StatusPill state={INSTALL_STATES[row.state].state}>{INSTALL_STATES[row.state].word}</StatusPill>
      </span>
    ),
  },
  {
    key: 'packages',
    heading: 'Updates',
    widthPx: 84,
    isNumeric: true,
    cell: (row) => row.packages.length.toLocaleString(),
  },
  {
    key: 'reason',
    heading: 'Reason',
    widthPx: 220,
    from: 'wide',
    cell: (row) => (
      <span class="truncate-line text-muted" title={row.reason}>
        {row.reason}
      </span>
    ),
  },
  {
    key: 'actor',
    heading: 'By',
    widthPx: 140,
    from: 'lg',
    cell: (row) => <span class="truncate-line text-muted">{row.actorLabel}</span>,
  },
  {
    key: 'at',
    heading: 'Ordered',
    widthPx: 108,
    cell: (row) => <RelativeTime iso={row.createdAt} class="text-muted" />,
  },
];

/** Installations, newest first; of one mass action with its progress. */
export function InstallList(): JSX.Element {
  const scope = useScope();
  const [state, setState] = createUrlState({ batch: optionalField(), open: optionalField() });
  const list = createListQuery<Install>({
    key: () => ['patch-install', 'list', scope.clientId, state.batch],
    fetchPage: (cursor, signal) =>
      api.patching.listInstalls.query(
        {
          limit: 100,
          ...(scope.clientId === undefined ? {} : { clientId: scope.clientId as never }),
          ...(state.batch === undefined ? {} : { batchId: state.batch as never }),
          ...(cursor === undefined ? {} : { cursor }),
        },
        { signal },
      ),
  });
  return (
    <>
      <Show when={state.batch !== undefined && list.items().length > 0}>
        <Progress installs={list.items()} onAll={() => setState({ batch: undefined })} />
      </Show>
      <div class="flex min-h-0 flex-1">
        <DataTable
          noun="installations"
          list={list}
          columns={columns}
          rowId={(row) => row.id}
          rowLabel={(row) => `${row.assetName}, ${INSTALL_STATES[row.state].word}`}
          openId={state.open}
          onOpen={(row) => setState({ open: row.id }, state.open === undefined ? 'push' : 'replace')}
          empty={
            <EmptyState icon={PackageCheck} title="Nothing has been installed yet">
              Approve updates, then choose machines under “By machine” and install.
            </EmptyState>
          }
        />
        <Show when={list.items().find((row) => row.id === state.open)}>
          {(install) => (
            <SidePanel
              label={`Installation on ${install().assetName}`}
              onClose={() => setState({ open: undefined })}
              head={<span class="truncate-line">Installation</span>}
            >
              <PanelSection>
                <h2 class="mb-2 text-title font-semibold tracking-tight">{install().assetName}</h2>
                <StatusPill state={INSTALL_STATES[install().state].state} hasMark>
                  {INSTALL_STATES[install().state].word}
                </StatusPill>
                <Show when={install().message}>{(message) => <p class="mt-2">{message()}</p>}</Show>
                <p class="mt-2 text-muted">
                  {install().actorLabel}, <RelativeTime iso={install().createdAt} />: {install().reason}
                </p>
              </PanelSection>
              <PanelSection>
                <PackageResults packages={install().packages} />
              </PanelSection>
            </SidePanel>
          )}
        </Show>
      </div>
    </>
  );
}

function Progress(props: { installs: readonly Install[]; onAll: () => void }): JSX.Element {
  const ended = (): readonly Install[] => props.installs.filter((install) => install.finishedAt !== null);
  const failed = (): number => ended().filter((install) => install.state !== 'succeeded').length;
  const text = (): string =>
    `${ended().length} of ${count(props.installs.length, 'machine')} done${failed() === 0 ? '' : `, ${failed()} not well`}`;
  return (
    <div class="flex flex-wrap items-center gap-4 border-b border-line px-4 py-2" role="status">
      <span class="font-medium">{text()}</span>
      <ProgressBar
        class="w-60"
        share={ended().length / props.installs.length}
        text={text()}
        state={failed() === 0 ? 'ok' : 'critical'}
      />
      <span class="truncate-line text-muted">{props.installs[0]?.reason}</span>
      <Button class="ml-auto" size="small" onClick={() => props.onAll()}>
        All installations
      </Button>
    </div>
  );
}
