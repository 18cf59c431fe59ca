import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { Button } from '#web/ui/button/button.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import type { InvoiceDetail } from './billing-words.ts';

/** Adds a product of the catalogue to a draft. */
export function AddLine(props: { invoice: InvoiceDetail }): JSX.Element {
  const [productId, setProductId] = createSignal('');
  const [quantity, setQuantity] = createSignal('1');
  const products = createRecordQuery({
    key: () => ['product', 'list', 'choices'],
    fetch: (signal) => api.billing.listProducts.query({ isActive: true, limit: 200 }, { signal }),
  });
  const fitting = () => (products.value()?.items ?? []).filter(({ currency }) => currency === props.invoice.currency);
  const submit = createSubmit(async () => {
    await api.billing.addInvoiceLine.mutate({
      invoiceId: props.invoice.id,
      version: props.invoice.version,
      productId: productId(),
      quantity: quantity(),
    });
    setProductId('');
    setQuantity('1');
    await invalidateTopic('invoice', props.invoice.id);
  });
  return (
    <Show when={fitting().length > 0}>
      <form class="flex flex-col gap-2 pt-2" onSubmit={submit.onSubmit} novalidate>
        <div class="flex gap-2">
          <Select
            aria-label="Product"
            class="min-w-0 flex-1"
            value={productId()}
            onChange={setProductId}
            options={[
              { value: '', label: 'Add a product…' },
              ...fitting().map((product) => ({ value: product.id, label: `${product.code} ${product.name}` })),
            ]}
          />
          <Input
            aria-label="Quantity"
            class="w-16! text-right"
            inputmode="decimal"
            value={quantity()}
            onInput={(event) => setQuantity(event.currentTarget.value)}
          />
          <Button type="submit" isBusy={submit.isBusy()} disabled={productId() === ''}>
            Add
          </Button>
        </div>
        <FormProblem problem={submit.problem()} />
      </form>
    </Show>
  );
}

/** Takes a person's own line off again. */
export function RemoveLine(props: { invoice: InvoiceDetail; lineId: string }): JSX.Element {
  const submit = createSubmit(async () => {
    await api.billing.removeInvoiceLine.mutate({
      invoiceId: props.invoice.id,
      version: props.invoice.version,
      lineId: props.lineId,
    });
    await invalidateTopic('invoice', props.invoice.id);
  });
  return (
    <>
      <Button kind="quiet" size="small" class="-ml-2" isBusy={submit.isBusy()} onClick={submit.run}>
        Remove
      </Button>
      <FormProblem problem={submit.problem()} />
    </>
  );
}
