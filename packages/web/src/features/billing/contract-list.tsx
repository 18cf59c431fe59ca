import Handshake from 'lucide-solid/icons/handshake';
import { For, Match, Show, Switch, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { createUrlState, optionalField } from '#web/app/routing/url-state.ts';
import { useScope } from '#web/app/scope/scope.ts';
import { useSession } from '#web/app/session/session.tsx';
import { ClientName } from '#web/features/assets/client-name.tsx';
import { Button } from '#web/ui/button/button.tsx';
import type { Column } from '#web/ui/data-table/columns.ts';
import { DataTable } from '#web/ui/data-table/data-table.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { Money } from '#web/ui/money/money.tsx';
import { PanelSection, SidePanel } from '#web/ui/side-panel/side-panel.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { StatusPill, type State } from '#web/ui/status-pill/status-pill.tsx';
import { BillingHead } from './billing-head.tsx';
import { BlockBalance } from './block-balance.tsx';
import { dayText, type Contract, type ContractDetail } from './billing-words.ts';
import { ContractDialog, type ContractTask } from './contract-dialog.tsx';
import { ContractSteps } from './contract-steps.tsx';
import { lineText } from './contract-words.ts';

const STATES: Readonly<Record<Contract['state'], { label: string; state: State }>> = {
  draft: { label: 'Draft', state: 'neutral' },
  active: { label: 'Active', state: 'ok' },
  ended: { label: 'Ended', state: 'neutral' },
};
const LINE_WORDS = {
  flat: 'a period',
  'per-device': 'a device',
  'time-and-materials': 'an hour',
  'block-hours': 'an hour',
} as const;

/** Contracts of the scope; from each the next invoice is drafted. */
export function ContractList(): JSX.Element {
  const scope = useScope();
  const { can } = useSession();
  const [task, setTask] = createSignal<ContractTask>();
  const [state, setState] = createUrlState({ open: optionalField() });
  const list = createListQuery<Contract>({
    key: () => ['agreement', 'list', scope.clientId],
    fetchPage: (cursor, signal) =>
      api.agreements.listAgreements.query(
        {
          ...(scope.clientId === undefined ? {} : { clientId: scope.clientId }),
          ...(cursor === undefined ? {} : { cursor }),
        },
        { signal },
      ),
  });
  const add = () => (
    <Show when={can('agreements.manage-agreements')}>
      <Button kind="primary" onClick={() => setTask({ kind: 'new', clientId: scope.clientId })}>
        New contract
      </Button>
    </Show>
  );
  return (
    <>
      <BillingHead at="contracts" actions={add()} />
      <div class="flex min-h-0 flex-1">
        <DataTable
          noun="contracts"
          list={list}
          columns={COLUMNS}
          rowId={(row) => row.id}
          rowLabel={(row) => row.name}
          openId={state.open}
          onOpen={(row) => setState({ open: row.id }, state.open === undefined ? 'push' : 'replace')}
          empty={
            <EmptyState icon={Handshake} title="No contracts yet" action={add()}>
              A contract says what a client pays: a fee, a price for each device, a price an hour. Invoices are made
              from it.
            </EmptyState>
          }
        />
        <Show when={state.open}>
          {(id) => (
            <ContractPanel
              id={id()}
              onTask={setTask}
              onOpen={(other) => setState({ open: other })}
              onClose={() => setState({ open: undefined })}
            />
          )}
        </Show>
      </div>
      <ContractDialog
        task={task()}
        onClose={() => setTask(undefined)}
        onDone={(id) => setState({ open: id }, id === state.open ? 'replace' : 'push')}
      />
    </>
  );
}

const COLUMNS: readonly Column<Contract>[] = [
  { key: 'name', heading: 'Contract', cell: (row) => <span class="truncate-line font-medium">{row.name}</span> },
  { key: 'client', heading: 'Client', cell: (row) => <ClientName id={row.clientId} /> },
  {
    key: 'state',
    heading: 'State',
    widthPx: 100,
    cell: (row) => <StatusPill state={STATES[row.state].state}>{STATES[row.state].label}</StatusPill>,
  },
  {
    key: 'period',
    heading: 'Billed',
    widthPx: 110,
    from: 'md',
    cell: (row) => <span class="text-muted">{row.billingPeriod}</span>,
  },
  {
    key: 'start',
    heading: 'Since',
    widthPx: 120,
    from: 'lg',
    cell: (row) => <span class="text-muted">{dayText(row.startsOn)}</span>,
  },
];

interface PanelProps {
  readonly id: string;
  readonly onTask: (task: ContractTask) => void;
  readonly onOpen: (id: string) => void;
  readonly onClose: () => void;
}

function ContractPanel(props: PanelProps): JSX.Element {
  const contract = createRecordQuery({
    key: () => ['agreement', 'one', props.id],
    fetch: (signal) => api.agreements.getAgreement.query({ agreementId: props.id }, { signal }),
  });
  return (
    <SidePanel
      label={`Contract ${contract.value()?.name ?? ''}`}
      onClose={props.onClose}
      head={<span class="truncate-line">{contract.value()?.name ?? 'Contract'}</span>}
      foot={
        <Show when={contract.value()}>
          {(value) => <ContractSteps contract={value()} onTask={props.onTask} onOpen={props.onOpen} />}
        </Show>
      }
    >
      <Switch>
        <Match when={contract.problem()}>
          {(problem) => (
            <ErrorState problem={problem()} title="The contract could not be loaded" onRetry={contract.retry} />
          )}
        </Match>
        <Match when={contract.isLoading()}>
          <PanelSection>
            <SkeletonText lines={4} />
          </PanelSection>
        </Match>
        <Match when={contract.value()}>
          {(value) => (
            <>
              <Lines contract={value()} />
              <Show when={value().state !== 'draft'}>
                <PanelSection>
                  <BlockBalance agreementId={value().id} />
                </PanelSection>
              </Show>
            </>
          )}
        </Match>
      </Switch>
    </SidePanel>
  );
}

function Lines(props: { contract: ContractDetail }): JSX.Element {
  return (
    <PanelSection>
      <p class="pb-2 text-muted">
        Since {dayText(props.contract.startsOn)}
        {props.contract.endsOn === null ? '' : `, until ${dayText(props.contract.endsOn)}`}, billed{' '}
        {props.contract.billingPeriod} in {props.contract.currency}.
      </p>
      <ul class="divide-y divide-line">
        <For each={props.contract.lines}>
          {(line) => (
            <li class="py-2">
              <div class="flex items-baseline gap-3">
                <span class="min-w-0 flex-1 font-medium">{line.description}</span>
                <Money amountMinor={line.unitPriceMinor} currency={props.contract.currency} />
                <span class="text-muted">{line.charge === 'per-entry' ? 'a journey' : LINE_WORDS[line.kind]}</span>
              </div>
              <p class="text-muted">{lineText(line, props.contract.calendarId !== null)}</p>
            </li>
          )}
        </For>
      </ul>
    </PanelSection>
  );
}
