import Package from 'lucide-solid/icons/package';
import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { createStore } from 'solid-js/store';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import type { Column } from '#web/ui/data-table/columns.ts';
import { DataTable } from '#web/ui/data-table/data-table.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Money } from '#web/ui/money/money.tsx';
import { BillingHead } from './billing-head.tsx';
import { minorOf, type Product } from './billing-words.ts';

/** The catalogue of the whole MSP. */
export function ProductList(): JSX.Element {
  const { can } = useSession();
  const [isAdding, setAdding] = createSignal(false);
  const list = createListQuery<Product>({
    key: () => ['product', 'list'],
    fetchPage: (cursor, signal) => api.billing.listProducts.query(cursor === undefined ? {} : { cursor }, { signal }),
  });
  const add = () => (
    <Show when={can('billing.manage-products')}>
      <Button kind="primary" onClick={() => setAdding(true)}>
        New product
      </Button>
    </Show>
  );
  const columns: Column<Product>[] = [
    {
      key: 'code',
      heading: 'Code',
      widthPx: 150,
      cell: (row) => <span class="font-mono text-[0.9375em]">{row.code}</span>,
    },
    { key: 'name', heading: 'Product', cell: (row) => <span class="truncate-line">{row.name}</span> },
    {
      key: 'unit',
      heading: 'Unit',
      widthPx: 90,
      from: 'md',
      cell: (row) => <span class="text-muted">{row.unit}</span>,
    },
    { key: 'tax', heading: 'Tax, %', widthPx: 80, isNumeric: true, from: 'md', cell: (row) => row.taxRate },
    ...(can('billing.read-costs')
      ? [
          {
            key: 'cost',
            heading: 'Cost',
            widthPx: 110,
            isNumeric: true,
            from: 'lg' as const,
            cell: (row: Product) => (
              <Show when={row.costMinor !== null}>
                <Money class="text-muted" amountMinor={row.costMinor ?? 0} currency={row.currency} />
              </Show>
            ),
          },
        ]
      : []),
    {
      key: 'price',
      heading: 'Price',
      widthPx: 110,
      isNumeric: true,
      cell: (row) => <Money amountMinor={row.priceMinor} currency={row.currency} />,
    },
  ];
  return (
    <>
      <BillingHead at="products" actions={add()} />
      <div class="flex min-h-0 flex-1">
        <DataTable
          noun="products"
          list={list}
          columns={columns}
          rowId={(row) => row.id}
          rowLabel={(row) => row.name}
          empty={
            <EmptyState icon={Package} title="The catalogue is empty" action={add()}>
              What you sell again and again: licences, machines, hours. Products can be added to any draft.
            </EmptyState>
          }
        />
      </div>
      <Dialog isOpen={isAdding()} onOpenChange={setAdding} title="New product">
        <Show when={isAdding()}>
          <NewProduct onDone={() => setAdding(false)} />
        </Show>
      </Dialog>
    </>
  );
}

function NewProduct(props: { onDone: () => void }): JSX.Element {
  const { session } = useSession();
  const [form, set] = createStore({ code: '', name: '', unit: 'each', price: '', taxRate: '20' });
  const submit = createSubmit(async () => {
    const { currency } = session().msp;
    await api.billing.createProduct.mutate({
      code: form.code.toUpperCase(),
      name: form.name,
      unit: form.unit,
      priceMinor: minorOf(form.price, currency) ?? -1,
      currency,
      taxRate: form.taxRate,
    });
    await invalidateTopic('product');
    props.onDone();
  });
  const field = (key: keyof typeof form, label: string, path: string = key) => (
    <Field label={label} isRequired error={submit.problem()?.fields[path]}>
      {(control) => <Input {...control} value={form[key]} onInput={(event) => set(key, event.currentTarget.value)} />}
    </Field>
  );
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit} novalidate>
      {field('name', 'Name')}
      <div class="grid grid-cols-2 gap-3">
        {field('code', 'Code')}
        {field('unit', 'Unit')}
        {field('price', `Price, ${session().msp.currency}`, 'priceMinor')}
        {field('taxRate', 'Tax, %')}
      </div>
      <FormProblem problem={submit.problem()} />
      <div class="flex justify-end gap-2">
        <Button onClick={props.onDone}>Cancel</Button>
        <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
          Add product
        </Button>
      </div>
    </form>
  );
}
