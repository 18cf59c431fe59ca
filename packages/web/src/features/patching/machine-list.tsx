import { useNavigate } from '@solidjs/router';
import Server from 'lucide-solid/icons/server';
import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { registerActions } from '#web/app/actions/actions.ts';
import { api } from '#web/app/api/api.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { choiceField, createUrlState } from '#web/app/routing/url-state.ts';
import { useScope, useScopedHref } from '#web/app/scope/scope.ts';
import { useSession } from '#web/app/session/session.tsx';
import { ClientName } from '#web/features/assets/client-name.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import type { Column } from '#web/ui/data-table/columns.ts';
import { DataTable } from '#web/ui/data-table/data-table.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { StateMark, StatusPill, type State } from '#web/ui/status-pill/status-pill.tsx';
import { InstallDialog } from './install-dialog.tsx';
import type { PatchStatus } from './patch-words.ts';

/** How urgent a machine is, as a shape and a word. */
function urgency(row: PatchStatus): { state: State; word: string } {
  if (row.error !== null) return { state: 'unknown', word: 'the check failed' };
  if (row.securityCount > 0) return { state: 'critical', word: 'security updates wait' };
  return row.pendingCount > 0 ? { state: 'warning', word: 'updates wait' } : { state: 'ok', word: 'up to date' };
}

const columns: readonly Column<PatchStatus>[] = [
  {
    key: 'state',
    heading: 'State',
    isHeadingHidden: true,
    widthPx: 36,
    cell: (row) => <StateMark state={urgency(row).state} label={urgency(row).word} />,
  },
  {
    key: 'name',
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
    key: 'security',
    heading: 'Security',
    widthPx: 84,
    isNumeric: true,
    cell: (row) => (
      <span classList={{ 'font-medium text-critical-text': row.securityCount > 0 }}>
        {row.securityCount.toLocaleString()}
      </span>
    ),
  },
  {
    key: 'pending',
    heading: 'Updates',
    widthPx: 84,
    isNumeric: true,
    cell: (row) => row.pendingCount.toLocaleString(),
  },
  {
    key: 'note',
    heading: 'Note',
    widthPx: 170,
    from: 'lg',
    cell: (row) => (
      <Show
        when={row.error}
        fallback={
          <Show when={row.isRebootRequired}>
            <span title={row.rebootReasons.join(', ')}>
              <StatusPill state="warning">Restart needed</StatusPill>
            </span>
          </Show>
        }
      >
        {(error) => (
          <span class="truncate-line text-muted" title={error()}>
            {error()}
          </span>
        )}
      </Show>
    ),
  },
  {
    key: 'checked',
    heading: 'Checked',
    widthPx: 108,
    cell: (row) => <RelativeTime iso={row.checkedAt} class="text-muted" />,
  },
];

/** How machines stand, the most urgent first; from here updates are installed on several. */
export function MachineList(): JSX.Element {
  const scope = useScope();
  const scoped = useScopedHref();
  const navigate = useNavigate();
  const { can } = useSession();
  const [state, setState] = createUrlState({ only: choiceField(['', 'waiting'], '') });
  const [chosen, setChosen] = createSignal<ReadonlySet<string>>(new Set());
  const [isInstalling, setInstalling] = createSignal(false);
  const list = createListQuery<PatchStatus>({
    key: () => ['patch-status', 'list', scope.clientId, state.only],
    fetchPage: (cursor, signal) =>
      api.patching.listPatchStatus.query(
        {
          limit: 100,
          isWaitingOnly: state.only === 'waiting',
          ...(scope.clientId === undefined ? {} : { clientId: scope.clientId as never }),
          ...(cursor === undefined ? {} : { cursor }),
        },
        { signal },
      ),
  });
  const canInstall = (): boolean => can('patching.install-updates');
  registerActions({
    id: 'patching.install-chosen',
    name: 'Install on the chosen machines',
    group: 'Patching',
    shortcut: 'i',
    isEnabled: () => canInstall() && chosen().size > 0,
    run: () => setInstalling(true),
  });
  return (
    <>
      <div class="flex min-h-10 flex-wrap items-center gap-3 border-b border-line px-4 py-1.5">
        <Checkbox
          label="Only machines that wait"
          isChecked={state.only === 'waiting'}
          onChange={(isChecked) => setState({ only: isChecked ? 'waiting' : '' })}
        />
        <Show when={canInstall() && chosen().size > 0}>
          <Button class="ml-auto" kind="primary" shortcut="i" onClick={() => setInstalling(true)}>
            Install on {chosen().size}…
          </Button>
        </Show>
      </div>
      <DataTable
        noun="machines"
        list={list}
        columns={columns}
        rowId={(row) => row.assetId}
        rowLabel={(row) => `${row.assetName}, ${urgency(row).word}`}
        onOpen={(row) => navigate(scoped(`/assets/${row.assetId}?tab=updates`))}
        selectedIds={canInstall() ? chosen() : undefined}
        onSelect={canInstall() ? setChosen : undefined}
        empty={
          <EmptyState icon={Server} title="No machine has reported its updates">
            Agents do so within minutes of their enrolment, on systems whose package manager they know.
          </EmptyState>
        }
      />
      <InstallDialog
        isOpen={isInstalling()}
        assetIds={[...chosen()]}
        onClose={() => setInstalling(false)}
        onOrdered={(batchId) => {
          setChosen(new Set<string>());
          navigate(scoped(`/patching?view=installs&batch=${batchId}`));
        }}
      />
    </>
  );
}
