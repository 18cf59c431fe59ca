import { A, useParams } from '@solidjs/router';
import ChevronDown from 'lucide-solid/icons/chevron-down';
import Download from 'lucide-solid/icons/download';
import { For, Match, Show, Switch, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import type { inferRouterOutputs } from '@trpc/server';
import { api } from '#web/app/api/api.ts';
import type { AppRouter } from '#web/app/api/app-router.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { createTitle } from '#web/app/routing/titled-screen.tsx';
import { buttonClass } from '#web/ui/button/button.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { Money } from '#web/ui/money/money.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { dayWords, invoiceTitle, payWords, quantityWords } from './invoice-words.ts';
import { t } from '#web/language/language.ts';

type Invoice = inferRouterOutputs<AppRouter>['billing']['getInvoice'];
type Line = Invoice['lines'][number];

/** One invoice in plain words; each line opens the list of what was counted. */
export function InvoicePage(): JSX.Element {
  const params = useParams<{ id: string }>();
  const invoice = createRecordQuery({
    key: () => ['invoice', 'one', params.id],
    fetch: (signal) => api.billing.getInvoice.query({ invoiceId: params.id }, { signal }),
  });
  createTitle(() => invoice.value()?.number ?? undefined);
  return (
    <div class="flex flex-col gap-5">
      <A class="text-accent-text hover:underline" href="/invoices">
        {t('invoices.all')}
      </A>
      <Switch>
        <Match when={invoice.problem()}>
          {(problem) => <ErrorState problem={problem()} title={t('invoices.oneNotLoaded')} onRetry={invoice.retry} />}
        </Match>
        <Match when={invoice.isLoading()}>
          <SkeletonText lines={5} />
        </Match>
        <Match when={invoice.value()}>{(value) => <Whole invoice={value()} />}</Match>
      </Switch>
    </div>
  );
}

function Whole(props: { invoice: Invoice }): JSX.Element {
  const money = (amountMinor: number, style?: string) => (
    <Money amountMinor={amountMinor} currency={props.invoice.currency} class={style} />
  );
  return (
    <>
      <header class="flex flex-wrap items-end justify-between gap-4">
        <div>
          <h1 class="text-display font-semibold tracking-tight">{invoiceTitle(props.invoice)}</h1>
          <p class="pt-1 text-muted">
            {props.invoice.number}
            {props.invoice.issuedOn === null
              ? ''
              : `, ${t('invoices.issued', { day: dayWords(props.invoice.issuedOn) })}`}
            . {payWords(props.invoice)}
          </p>
        </div>
        <a class={buttonClass({ kind: 'primary', size: 'large' })} href={`/api/v1/invoices/${props.invoice.id}/pdf`}>
          <Download size={16} /> {t('invoices.download')}
        </a>
      </header>
      <section class="rounded-card border border-line bg-surface" aria-label={t('invoices.whatFor')}>
        <ul class="divide-y divide-line">
          <For each={props.invoice.lines}>{(line) => <LineRow invoice={props.invoice} line={line} />}</For>
        </ul>
        <dl class="ml-auto grid w-full max-w-100 grid-cols-2 gap-y-1.5 border-t border-line-strong px-5 py-5 md:px-6">
          <dt class="text-muted">{t('invoices.net')}</dt>
          <dd class="text-right">{money(props.invoice.netMinor)}</dd>
          <For each={props.invoice.taxes}>
            {(tax) => (
              <>
                <dt class="text-muted">
                  {props.invoice.taxName} {tax.taxRate} %
                </dt>
                <dd class="text-right">{money(tax.taxMinor)}</dd>
              </>
            )}
          </For>
          <dt class="pt-2 text-title font-semibold">{t('invoices.total')}</dt>
          <dd class="pt-2 text-right">{money(props.invoice.totalMinor, 'text-title font-semibold')}</dd>
        </dl>
      </section>
    </>
  );
}

function LineRow(props: { invoice: Invoice; line: Line }): JSX.Element {
  const [isOpen, setOpen] = createSignal(false);
  const evidence = createRecordQuery({
    key: () => ['invoice', 'one', props.invoice.id, 'evidence', props.line.id],
    fetch: (signal) =>
      api.billing.listEvidence.query({ invoiceId: props.invoice.id, lineId: props.line.id }, { signal }),
    isEnabled: isOpen,
  });
  return (
    <li class="px-5 py-4 md:px-6">
      <div class="flex flex-wrap items-baseline gap-x-5 gap-y-1">
        <span class="min-w-0 flex-1 basis-56 font-medium">{props.line.description}</span>
        <span class="text-muted">
          {quantityWords(props.line)} ×{' '}
          <Money amountMinor={props.line.unitPriceMinor} currency={props.invoice.currency} />
          {props.line.unit === '' ? '' : ` ${t('invoices.per', { unit: props.line.unit })}`}
        </span>
        <Money
          class="w-32 text-right font-medium"
          amountMinor={props.line.netMinor}
          currency={props.invoice.currency}
        />
      </div>
      <p class="text-small text-muted">{props.line.reason}</p>
      <Show when={props.line.evidenceCount > 0}>
        <button
          type="button"
          class="-ml-3 flex h-11 items-center gap-1.5 rounded-control px-3 text-accent-text hover:bg-hover"
          aria-expanded={isOpen()}
          onClick={() => setOpen((open) => !open)}
        >
          <ChevronDown size={16} class={isOpen() ? 'rotate-180' : ''} />
          {isOpen() ? t('invoices.hideList') : t('invoices.showList', props.line.evidenceCount)}
        </button>
        <Show when={isOpen()}>
          <Show when={evidence.value()} fallback={<SkeletonText lines={3} />}>
            {(list) => (
              <ul class="max-h-100 divide-y divide-line overflow-y-auto rounded-control bg-sunken px-4">
                <For each={list().items}>
                  {(item) => (
                    <li class="flex flex-wrap items-baseline gap-x-4 py-2 text-small">
                      <span class="min-w-0 flex-1 basis-48 font-medium">{item.label}</span>
                      <span class="text-muted">{item.detail}</span>
                      <span class="text-muted">
                        {item.kind === 'time-entry'
                          ? `${dayWords(Temporal.Instant.from(item.from).toZonedDateTimeISO(Temporal.Now.timeZoneId()).toPlainDate().toString())}, ${quantityWords({ quantity: item.quantity, priceBase: 60, unit: '' })}`
                          : item.reason}
                      </span>
                    </li>
                  )}
                </For>
              </ul>
            )}
          </Show>
        </Show>
      </Show>
    </li>
  );
}
