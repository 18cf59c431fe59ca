import Download from 'lucide-solid/icons/download';
import { For, Match, Show, Switch, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { ClientName } from '#web/features/assets/client-name.tsx';
import { buttonClass } from '#web/ui/button/button.tsx';
import { DescriptionList } from '#web/ui/description-list/description-list.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { Money } from '#web/ui/money/money.tsx';
import { PanelSection, SidePanel } from '#web/ui/side-panel/side-panel.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { dayText, quantityText, rangeText, stateOf, type InvoiceDetail, type InvoiceLine } from './billing-words.ts';
import { InvoiceActions } from './invoice-actions.tsx';
import { AddLine, RemoveLine } from './manual-lines.tsx';

/** One invoice beside the list: what stands in it, what stands behind each line, and the next step. */
export function InvoicePanel(props: { invoiceId: string; onClose: () => void }): JSX.Element {
  const invoice = createRecordQuery({
    key: () => ['invoice', 'one', props.invoiceId],
    fetch: (signal) => api.billing.getInvoice.query({ invoiceId: props.invoiceId }, { signal }),
  });
  return (
    <SidePanel
      label={`Invoice ${invoice.value()?.number ?? ''}`}
      onClose={props.onClose}
      head={
        <>
          <span class="font-mono text-[0.9375em]">{invoice.value()?.number ?? 'Draft'}</span>
          <Show when={invoice.value()}>
            {(value) => (
              <>
                <StatusPill state={stateOf(value()).state}>{stateOf(value()).label}</StatusPill>
                <a
                  class={`${buttonClass({ kind: 'quiet', size: 'small' })} ml-auto`}
                  href={`/api/v1/invoices/${value().id}/pdf`}
                >
                  <Download size={14} /> PDF
                </a>
              </>
            )}
          </Show>
        </>
      }
      foot={
        <Show when={invoice.value()}>{(value) => <InvoiceActions invoice={value()} onGone={props.onClose} />}</Show>
      }
    >
      <Switch>
        <Match when={invoice.problem()}>
          {(problem) => (
            <ErrorState problem={problem()} title="The invoice could not be loaded" onRetry={invoice.retry} />
          )}
        </Match>
        <Match when={invoice.isLoading()}>
          <PanelSection>
            <SkeletonText lines={6} />
          </PanelSection>
        </Match>
        <Match when={invoice.value()}>{(value) => <Whole invoice={value()} />}</Match>
      </Switch>
    </SidePanel>
  );
}

function Whole(props: { invoice: InvoiceDetail }): JSX.Element {
  return (
    <>
      <PanelSection>
        <div class="flex items-baseline justify-between gap-3 pb-2">
          <ClientName id={props.invoice.clientId} class="font-semibold" />
          <Money
            class="text-display font-semibold"
            amountMinor={props.invoice.totalMinor}
            currency={props.invoice.currency}
          />
        </div>
        <DescriptionList
          items={[
            { term: 'Service period', value: rangeText(props.invoice.serviceFrom, props.invoice.serviceUntil) || '–' },
            { term: 'Work logged', value: rangeText(props.invoice.activityFrom, props.invoice.activityUntil) || '–' },
            { term: 'To be raised', value: rangeText(props.invoice.windowFrom, props.invoice.windowUntil) || '–' },
            ...(props.invoice.dueOn === null ? [] : [{ term: 'Due', value: dayText(props.invoice.dueOn) }]),
            ...(props.invoice.paidOn === null ? [] : [{ term: 'Paid', value: dayText(props.invoice.paidOn) }]),
            ...(props.invoice.voidReason === '' ? [] : [{ term: 'Void because', value: props.invoice.voidReason }]),
          ]}
        />
      </PanelSection>
      <PanelSection>
        <h2 class="pb-1 font-semibold">Lines</h2>
        <ul class="divide-y divide-line">
          <For each={props.invoice.lines}>{(line) => <Line invoice={props.invoice} line={line} />}</For>
        </ul>
        <Show when={props.invoice.state === 'draft'}>
          <AddLine invoice={props.invoice} />
        </Show>
      </PanelSection>
      <PanelSection>
        <dl class="grid grid-cols-[1fr_auto] gap-x-4 gap-y-1">
          <dt class="text-muted">Net</dt>
          <dd class="text-right">
            <Money amountMinor={props.invoice.netMinor} currency={props.invoice.currency} />
          </dd>
          <For each={props.invoice.taxes}>
            {(tax) => (
              <>
                <dt class="text-muted">
                  {props.invoice.taxName} {tax.taxRate} % of{' '}
                  <Money amountMinor={tax.netMinor} currency={props.invoice.currency} />
                </dt>
                <dd class="text-right">
                  <Money amountMinor={tax.taxMinor} currency={props.invoice.currency} />
                </dd>
              </>
            )}
          </For>
          <dt class="font-semibold">Total</dt>
          <dd class="text-right font-semibold">
            <Money amountMinor={props.invoice.totalMinor} currency={props.invoice.currency} />
          </dd>
        </dl>
      </PanelSection>
    </>
  );
}

function Line(props: { invoice: InvoiceDetail; line: InvoiceLine }): JSX.Element {
  const [isOpen, setOpen] = createSignal(false);
  const evidence = createRecordQuery({
    key: () => ['invoice', 'one', props.invoice.id, 'evidence', props.line.id],
    fetch: (signal) =>
      api.billing.listEvidence.query({ invoiceId: props.invoice.id, lineId: props.line.id }, { signal }),
    isEnabled: isOpen,
  });
  return (
    <li class="py-2">
      <div class="flex items-baseline gap-3">
        <span class="min-w-0 flex-1 font-medium">{props.line.description}</span>
        <Money class="font-medium" amountMinor={props.line.netMinor} currency={props.invoice.currency} />
      </div>
      <p class="text-muted">
        {quantityText(props.line)} × <Money amountMinor={props.line.unitPriceMinor} currency={props.invoice.currency} />{' '}
        / {props.line.unit}. {props.line.reason}
      </p>
      <Show when={props.line.evidenceCount > 0}>
        <button
          type="button"
          class="mt-0.5 rounded-tag text-accent-text hover:underline"
          aria-expanded={isOpen()}
          onClick={() => setOpen((open) => !open)}
        >
          {isOpen() ? 'Hide the list' : `Show what was counted (${props.line.evidenceCount})`}
        </button>
        <Show when={isOpen()}>
          <Show when={evidence.value()} fallback={<SkeletonText lines={2} />}>
            {(list) => (
              <ul class="mt-1 max-h-80 divide-y divide-line overflow-y-auto rounded-control bg-sunken px-2.5">
                <For each={list().items}>
                  {(item) => (
                    <li class="py-1.5">
                      <div class="flex items-baseline gap-3">
                        <span class="truncate-line min-w-0 flex-1" title={item.label}>
                          {item.label}
                        </span>
                        <span class="text-muted tabular-nums">
                          {item.kind === 'time-entry'
                            ? quantityText({ quantity: item.quantity, priceBase: 60 })
                            : item.detail}
                        </span>
                      </div>
                      <p class="text-[0.9375em] text-muted">
                        {item.kind === 'time-entry'
                          ? `${dayOf(item.from)}, ${item.detail}: ${item.reason}`
                          : item.until === null
                            ? `from ${dayOf(item.from)}`
                            : `${dayOf(item.from)} to ${dayOf(item.until)}, ${item.reason}`}
                      </p>
                    </li>
                  )}
                </For>
              </ul>
            )}
          </Show>
        </Show>
      </Show>
      <Show when={props.line.kind === 'manual' && props.invoice.state === 'draft'}>
        <RemoveLine invoice={props.invoice} lineId={props.line.id} />
      </Show>
    </li>
  );
}

function dayOf(instant: string): string {
  return dayText(Temporal.Instant.from(instant).toZonedDateTimeISO(Temporal.Now.timeZoneId()).toPlainDate().toString());
}
