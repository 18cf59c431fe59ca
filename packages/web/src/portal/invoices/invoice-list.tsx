import { A } from '@solidjs/router';
import Download from 'lucide-solid/icons/download';
import { For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { Button } from '#web/ui/button/button.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { Money } from '#web/ui/money/money.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { invoiceTitle, payState, payWords, type PortalInvoice } from './invoice-words.ts';
import { t } from '#web/language/language.ts';

/** All invoices of the company, the newest first. */
export function InvoiceList(): JSX.Element {
  const list = createListQuery<PortalInvoice>({
    key: () => ['invoice', 'list', 'portal'],
    fetchPage: (cursor, signal) => api.billing.listInvoices.query(cursor === undefined ? {} : { cursor }, { signal }),
  });
  return (
    <div class="flex flex-col gap-5">
      <h1 class="text-display font-semibold tracking-tight">{t('invoices.title')}</h1>
      <Switch>
        <Match when={list.problem()?.code === 'billing.not-a-manager'}>
          <EmptyState title={t('invoices.forManagers')}>{t('invoices.askManager')}</EmptyState>
        </Match>
        <Match when={list.problem()}>
          {(problem) => <ErrorState problem={problem()} title={t('invoices.notLoaded')} onRetry={list.retry} />}
        </Match>
        <Match when={list.isLoading()}>
          <div class="rounded-card border border-line bg-surface p-6">
            <SkeletonText lines={4} />
          </div>
        </Match>
        <Match when={list.items().length === 0}>
          <EmptyState title={t('invoices.none')}>{t('invoices.noneMore')}</EmptyState>
        </Match>
        <Match when={list.items().length > 0}>
          <ul class="divide-y divide-line rounded-card border border-line bg-surface">
            <For each={list.items()}>{(invoice) => <Row invoice={invoice} />}</For>
          </ul>
          <Show when={list.hasMore()}>
            <Button class="self-center" isBusy={list.isLoadingMore()} onClick={list.loadMore}>
              {t('invoices.older')}
            </Button>
          </Show>
        </Match>
      </Switch>
    </div>
  );
}

function Row(props: { invoice: PortalInvoice }): JSX.Element {
  return (
    <li class="flex flex-wrap items-center gap-x-5 gap-y-2 px-5 py-4 md:px-6">
      <div class="min-w-0 flex-1 basis-56">
        <A class="font-semibold hover:underline" href={`/invoices/${props.invoice.id}`}>
          {invoiceTitle(props.invoice)}
        </A>
        <p class="text-small text-muted">
          {props.invoice.number}. {payWords(props.invoice)}
        </p>
      </div>
      <StatusPill state={payState(props.invoice).state} hasMark>
        {payState(props.invoice).label}
      </StatusPill>
      <Money
        class="w-32 text-right font-semibold"
        amountMinor={props.invoice.totalMinor}
        currency={props.invoice.currency}
      />
      <a
        class="flex h-11 items-center gap-2 rounded-control px-3 text-accent-text hover:bg-hover"
        href={`/api/v1/invoices/${props.invoice.id}/pdf`}
        aria-label={t('invoices.pdfOf', { number: props.invoice.number ?? t('invoices.theInvoice') })}
      >
        <Download size={16} /> PDF
      </a>
    </li>
  );
}
