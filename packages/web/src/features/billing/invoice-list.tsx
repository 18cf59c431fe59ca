import Download from 'lucide-solid/icons/download';
import ReceiptText from 'lucide-solid/icons/receipt-text';
import { A } from '@solidjs/router';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { choiceField, createUrlState, optionalField } from '#web/app/routing/url-state.ts';
import { useScope, useScopedHref } from '#web/app/scope/scope.ts';
import { ClientName } from '#web/features/assets/client-name.tsx';
import { buttonClass } from '#web/ui/button/button.tsx';
import type { Column } from '#web/ui/data-table/columns.ts';
import { DataTable } from '#web/ui/data-table/data-table.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { Money } from '#web/ui/money/money.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { BillingHead } from './billing-head.tsx';
import { dayText, INVOICE_STATES, rangeText, stateOf, type Invoice } from './billing-words.ts';
import { InvoicePanel } from './invoice-panel.tsx';

const STATES = ['', 'draft', 'approved', 'sent', 'paid', 'void'] as const;

/** Invoices and credit notes of the scope, the newest first; each opens beside the list. */
export function InvoiceList(): JSX.Element {
  const scope = useScope();
  const scoped = useScopedHref();
  const [state, setState] = createUrlState({ state: choiceField(STATES, ''), open: optionalField() });
  const filter = () => ({
    ...(scope.clientId === undefined ? {} : { clientId: scope.clientId }),
    ...(state.state === '' ? {} : { states: [state.state] }),
  });
  const list = createListQuery<Invoice>({
    key: () => ['invoice', 'list', filter()],
    fetchPage: (cursor, signal) =>
      api.billing.listInvoices.query({ ...filter(), ...(cursor === undefined ? {} : { cursor }) }, { signal }),
  });
  const exportHref = () =>
    `/api/v1/invoices.csv?${new URLSearchParams(
      Object.entries(filter()).flatMap(([name, value]) => [value].flat().map((item) => [name, item])),
    ).toString()}`;
  return (
    <>
      <BillingHead
        at="invoices"
        actions={
          <>
            <Select
              class="w-36"
              aria-label="State"
              value={state.state}
              onChange={(value) => setState({ state: value as (typeof STATES)[number] })}
              options={STATES.map((value) => ({
                value,
                label: value === '' ? 'Every state' : INVOICE_STATES[value].label,
              }))}
            />
            <a class={buttonClass({ kind: 'quiet' })} href={exportHref()} download="invoices.csv">
              <Download size={14} /> CSV
            </a>
            <A class={buttonClass({ kind: 'primary' })} href={scoped('/billing/contracts')}>
              Draft invoices
            </A>
          </>
        }
      />
      <div class="flex min-h-0 flex-1">
        <DataTable
          noun="invoices"
          list={list}
          columns={columnsFor(scope.clientId === undefined)}
          rowId={(row) => row.id}
          rowLabel={(row) => row.number ?? 'Draft'}
          openId={state.open}
          onOpen={(row) => setState({ open: row.id }, state.open === undefined ? 'push' : 'replace')}
          empty={
            <EmptyState
              icon={ReceiptText}
              title={state.state === '' ? 'No invoices yet' : 'No invoice is in this state'}
              action={
                <A class={buttonClass({ kind: 'primary' })} href={scoped('/billing/contracts')}>
                  Choose a contract
                </A>
              }
            >
              Invoices are drafted from contracts: what is counted and logged in a period becomes lines, each with its
              list.
            </EmptyState>
          }
        />
        <Show when={state.open}>
          {(id) => <InvoicePanel invoiceId={id()} onClose={() => setState({ open: undefined })} />}
        </Show>
      </div>
    </>
  );
}

function columnsFor(isOverAllClients: boolean): Column<Invoice>[] {
  return [
    {
      key: 'number',
      heading: 'Number',
      widthPx: 110,
      cell: (row) => (
        <span class="font-mono text-[0.9375em]" classList={{ 'text-muted': row.number === null }}>
          {row.number ?? 'draft'}
        </span>
      ),
    },
    ...(isOverAllClients
      ? [{ key: 'client', heading: 'Client', cell: (row: Invoice) => <ClientName id={row.clientId} /> }]
      : []),
    {
      key: 'period',
      heading: 'For',
      widthPx: 190,
      from: 'md',
      cell: (row) => <span class="text-muted">{rangeText(row.serviceFrom, row.serviceUntil)}</span>,
    },
    {
      key: 'due',
      heading: 'Due',
      widthPx: 120,
      from: 'lg',
      cell: (row) => <span class="text-muted">{row.dueOn === null ? '' : dayText(row.dueOn)}</span>,
    },
    {
      key: 'state',
      heading: 'State',
      widthPx: 116,
      cell: (row) => <StatusPill state={stateOf(row).state}>{stateOf(row).label}</StatusPill>,
    },
    {
      key: 'total',
      heading: 'Total',
      widthPx: 120,
      isNumeric: true,
      cell: (row) => <Money amountMinor={row.totalMinor} currency={row.currency} />,
    },
  ];
}
