import Repeat from 'lucide-solid/icons/repeat';
import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import type { inferRouterOutputs } from '@trpc/server';
import { api } from '#web/app/api/api.ts';
import type { AppRouter } from '#web/app/api/app-router.ts';
import { toProblem } from '#web/app/problem/problem.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import type { Column } from '#web/ui/data-table/columns.ts';
import { DataTable } from '#web/ui/data-table/data-table.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { ScreenHead } from '#web/ui/screen-head/screen-head.tsx';
import { PanelSection, SidePanel } from '#web/ui/side-panel/side-panel.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { showProblem } from '#web/ui/toast/toast-store.ts';
import { EditRecurring } from './edit-recurring.tsx';
import { rhythmWords } from './rhythm-words.ts';

export type Recurring = inferRouterOutputs<AppRouter>['recurring-tickets']['listRecurring']['items'][number];

/** Tickets that open themselves by a rule. */
export function RecurringList(): JSX.Element {
  const { can } = useSession();
  const [editing, setEditing] = createSignal<Recurring | 'new'>();
  const [openId, setOpenId] = createSignal<string>();
  const list = createListQuery<Recurring>({
    key: () => ['recurring-ticket', 'list'],
    fetchPage: (cursor, signal) =>
      api['recurring-tickets'].listRecurring.query(cursor === undefined ? {} : { cursor }, { signal }),
  });
  const mayManage = (): boolean => can('recurring-tickets.manage-recurring');
  const add = () => (
    <Show when={mayManage()}>
      <Button kind="primary" onClick={() => setEditing('new')}>
        New recurring ticket
      </Button>
    </Show>
  );
  const columns: Column<Recurring>[] = [
    { key: 'name', heading: 'Name', cell: (row) => <span class="truncate-line">{row.name}</span> },
    {
      key: 'rule',
      heading: 'How often',
      widthPx: 260,
      from: 'md',
      cell: (row) => <span class="truncate-line">{rhythmWords(row.rule)}</span>,
    },
    { key: 'zone', heading: 'Zone', widthPx: 150, from: 'lg', cell: (row) => row.timeZone },
    {
      key: 'next',
      heading: 'Next',
      widthPx: 150,
      cell: (row) => (
        <Show when={!row.isPaused} fallback={<StatusPill state="paused">Paused</StatusPill>}>
          <Show when={row.nextAt} fallback={<span class="text-muted">Ended</span>}>
            {(at) => <RelativeTime iso={at()} />}
          </Show>
        </Show>
      ),
    },
  ];
  return (
    <>
      <ScreenHead title="Recurring tickets" actions={add()} />
      <div class="flex min-h-0 flex-1">
        <DataTable
          noun="recurring tickets"
          list={list}
          columns={columns}
          rowId={(row) => row.id}
          rowLabel={(row) => row.name}
          openId={openId()}
          onOpen={(row) => setOpenId(row.id)}
          empty={
            <EmptyState icon={Repeat} title="Nothing comes back yet" action={add()}>
              A recurring ticket opens itself: each month’s restore test, each quarter’s review, on the client’s clock.
            </EmptyState>
          }
        />
        <Show when={openId()} keyed>
          {(id) => <Panel recurringId={id} onClose={() => setOpenId(undefined)} onEdit={(row) => setEditing(row)} />}
        </Show>
      </div>
      <EditRecurring recurring={editing()} onClose={() => setEditing(undefined)} />
    </>
  );
}

function Panel(props: { recurringId: string; onClose: () => void; onEdit: (row: Recurring) => void }): JSX.Element {
  const { can } = useSession();
  const one = createRecordQuery({
    key: () => ['recurring-ticket', 'one', props.recurringId],
    fetch: (signal) =>
      api['recurring-tickets'].getRecurring.query({ recurringId: props.recurringId as never }, { signal }),
  });
  const run = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      showProblem('That did not work', toProblem(error).message);
    }
    await invalidateTopic('recurring-ticket');
  };
  return (
    <SidePanel label="Recurring ticket" onClose={props.onClose} head={<span>{one.value()?.name}</span>}>
      <Show when={one.value()}>
        {(value) => (
          <PanelSection>
            <p class="break-words" title={value().rule}>
              {rhythmWords(value().rule)}
            </p>
            <p class="mt-1 text-muted">
              From {value().startsAt.replace('T', ' ').slice(0, 16)}, {value().timeZone}
            </p>
            <p class="mt-3 font-medium">{value().template.subject}</p>
            <p class="whitespace-pre-line text-muted">{value().template.body}</p>
            <Show when={can('recurring-tickets.manage-recurring')}>
              <div class="mt-3 flex gap-2">
                <Button size="small" onClick={() => props.onEdit(value())}>
                  Change
                </Button>
                <Button
                  size="small"
                  onClick={() =>
                    void run(() =>
                      api['recurring-tickets'].pauseRecurring.mutate({
                        recurringId: value().id,
                        version: value().version,
                        isPaused: !value().isPaused,
                      }),
                    )
                  }
                >
                  {value().isPaused ? 'Go on' : 'Pause'}
                </Button>
              </div>
            </Show>
            <h3 class="mt-5 font-semibold">Runs</h3>
            <ul class="mt-1">
              <For each={value().runs} fallback={<li class="text-muted">None yet.</li>}>
                {(occurrence) => (
                  <li class="flex items-baseline justify-between gap-2 py-0.5">
                    <span class="tabular-nums">{occurrence.occurrence.replace('T', ' ').slice(0, 16)}</span>
                    <span class="truncate-line text-muted">
                      {occurrence.outcome}: {occurrence.reason}
                    </span>
                  </li>
                )}
              </For>
            </ul>
          </PanelSection>
        )}
      </Show>
    </SidePanel>
  );
}
