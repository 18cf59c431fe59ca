import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { useSession } from '#web/app/session/session.tsx';
import { ClientName } from '#web/features/assets/client-name.tsx';
import type { Column } from '#web/ui/data-table/columns.ts';
import { DataTable } from '#web/ui/data-table/data-table.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { PanelSection, SidePanel } from '#web/ui/side-panel/side-panel.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { isForViewer, RUN_STATES, type RunState, type RunSummary } from './action-words.ts';
import { RunView } from './run-view.tsx';

/** Actions that were planned, asked for or done, the latest first, with one of them open beside. */
export function RunList(props: {
  filter: { states?: RunState[]; clientId?: string; connectionId?: string };
  openId: string | undefined;
  onOpen: (runId: string) => void;
  onClose: () => void;
  onOtherRun: (runId: string) => void;
  empty: JSX.Element;
}): JSX.Element {
  const { session, can } = useSession();
  const list = createListQuery<RunSummary>({
    key: () => ['plugin-action-run', 'list', props.filter],
    fetchPage: (cursor, signal) =>
      api['plugin-actions'].listRuns.query(
        { ...props.filter, ...(cursor === undefined ? {} : { cursor }) },
        { signal },
      ),
  });
  const viewer = () => ({ id: session().person.id, canApprove: can('plugin-actions.approve-actions') });
  const columns = (): readonly Column<RunSummary>[] => [
    {
      key: 'summary',
      heading: 'What',
      cell: (row) => (
        <span class="truncate-line font-medium" title={row.plan.summary}>
          {row.plan.summary}
        </span>
      ),
    },
    {
      key: 'state',
      heading: 'State',
      widthPx: 170,
      cell: (row) => (
        <StatusPill state={isForViewer(row, viewer()) ? 'critical' : RUN_STATES[row.state].state}>
          {isForViewer(row, viewer()) ? 'Waits for you' : RUN_STATES[row.state].word}
        </StatusPill>
      ),
    },
    {
      key: 'client',
      heading: 'Client',
      widthPx: 180,
      from: 'md',
      cell: (row) =>
        row.clientId === null ? (
          <span class="text-muted">Several or none</span>
        ) : (
          <ClientName id={row.clientId as never} />
        ),
    },
    {
      key: 'reach',
      heading: 'Reaches',
      widthPx: 200,
      from: 'wide',
      cell: (row) => (
        <span class="truncate-line text-muted" title={row.blast.inWords}>
          {row.blast.inWords}
        </span>
      ),
    },
    {
      key: 'by',
      heading: 'By',
      widthPx: 140,
      from: 'wide',
      cell: (row) => <span class="truncate-line text-muted">{row.requester.name}</span>,
    },
    {
      key: 'planned',
      heading: 'Planned',
      widthPx: 120,
      from: 'md',
      cell: (row) => <RelativeTime iso={row.plannedAt} class="text-muted" />,
    },
  ];
  return (
    <div class="flex min-h-0 min-w-0 flex-1">
      <DataTable
        noun="actions"
        list={list}
        columns={columns()}
        rowId={(row) => row.id}
        rowLabel={(row) => row.plan.summary}
        openId={props.openId}
        onOpen={(row) => props.onOpen(row.id)}
        empty={props.empty}
      />
      <Show when={props.openId} keyed>
        {(runId) => (
          <SidePanel label="Action" head="Action" onClose={props.onClose}>
            <PanelSection>
              <RunView runId={runId} onOtherRun={props.onOtherRun} />
            </PanelSection>
          </SidePanel>
        )}
      </Show>
    </div>
  );
}
