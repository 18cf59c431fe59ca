import { A } from '@solidjs/router';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invoiceTitle, payWords } from '#web/portal/invoices/invoice-words.ts';
import { Money } from '#web/ui/money/money.tsx';
import { Figure } from './card.tsx';
import { t } from '#web/language/language.ts';

/** The newest invoice. Contacts who do not manage the account are refused by the server, and see nothing. */
export function InvoiceFigure(): JSX.Element {
  const invoices = createRecordQuery({
    key: () => ['invoice', 'list', 'portal-home'],
    fetch: (signal) => api.billing.listInvoices.query({ limit: 1 }, { signal }),
  });
  return (
    <Show when={invoices.value()?.items[0]}>
      {(invoice) => (
        <Figure
          name={invoiceTitle(invoice())}
          value={<Money amountMinor={invoice().totalMinor} currency={invoice().currency} />}
        >
          {payWords(invoice())}
          <A class="block pt-2 text-base text-accent-text hover:underline" href={`/invoices/${invoice().id}`}>
            {t('home.seeInvoice')}
          </A>
        </Figure>
      )}
    </Show>
  );
}
