import Inbox from 'lucide-solid/icons/inbox';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { createUrlState, optionalField } from '#web/app/routing/url-state.ts';
import type { Column } from '#web/ui/data-table/columns.ts';
import { DataTable } from '#web/ui/data-table/data-table.tsx';
import { DescriptionList } from '#web/ui/description-list/description-list.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { PanelSection, SidePanel } from '#web/ui/side-panel/side-panel.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { createWebhooks } from './create-webhooks.ts';
import { DELIVERY_STATES, deliveryGist, isRetryable, type Delivery } from './delivery-words.ts';
import { RetryButton } from './retry-button.tsx';

/** What a vendor delivered in the last seven days, the latest first. */
export function DeliveryList(props: { connectionId: string }): JSX.Element {
  const [state, setState] = createUrlState({ delivery: optionalField() });
  const list = createListQuery<Delivery>({
    key: () => ['plugin-delivery', 'list', props.connectionId],
    fetchPage: (cursor, signal) =>
      api['plugin-events'].listDeliveries.query(
        { connectionId: props.connectionId, ...(cursor === undefined ? {} : { cursor }) },
        { signal },
      ),
  });
  const webhooks = createWebhooks(() => props.connectionId);
  const webhookOf = (delivery: Delivery): string =>
    webhooks.value()?.items.find(({ id }) => id === delivery.webhookId)?.label ?? '';
  return (
    <div class="flex min-h-0 flex-1">
      <DataTable
        noun="deliveries"
        list={list}
        columns={[stateColumn, webhookColumn(webhookOf), ...COLUMNS]}
        rowId={(row) => row.id}
        rowLabel={(row) => `${DELIVERY_STATES[row.state].word}, ${row.receivedAt}`}
        openId={state.delivery}
        onOpen={(row) => setState({ delivery: row.id }, state.delivery === undefined ? 'push' : 'replace')}
        empty={
          <EmptyState icon={Inbox} title="Nothing was delivered">
            What the vendor delivers is kept here for seven days, with what became of it.
          </EmptyState>
        }
      />
      <Show when={list.items().find((row) => row.id === state.delivery)}>
        {(delivery) => (
          <DeliveryPanel
            delivery={delivery()}
            webhook={webhookOf(delivery())}
            onClose={() => setState({ delivery: undefined })}
          />
        )}
      </Show>
    </div>
  );
}

function DeliveryPanel(props: { delivery: Delivery; webhook: string; onClose: () => void }): JSX.Element {
  return (
    <SidePanel label="Delivery" head="Delivery" onClose={props.onClose}>
      <PanelSection>
        <StatusPill state={DELIVERY_STATES[props.delivery.state].state} hasMark>
          {DELIVERY_STATES[props.delivery.state].word}
        </StatusPill>
        <Show when={props.delivery.message !== ''}>
          <p class="pt-3 break-words whitespace-pre-line">{props.delivery.message}</p>
        </Show>
        <div class="pt-3">
          <DescriptionList
            items={[
              { term: 'Webhook', value: props.webhook || undefined },
              { term: 'Received', value: <RelativeTime iso={props.delivery.receivedAt} /> },
              { term: 'Size', value: `${props.delivery.sizeBytes.toLocaleString()} bytes` },
              { term: 'Tried', value: props.delivery.attempts === 1 ? 'once' : `${props.delivery.attempts} times` },
              { term: 'Did', value: deliveryGist(props.delivery) || 'nothing' },
              ...(props.delivery.nextAttemptAt === null
                ? []
                : [{ term: 'Next try', value: <RelativeTime iso={props.delivery.nextAttemptAt} /> }]),
            ]}
          />
        </div>
        <Show when={isRetryable(props.delivery.state)}>
          <RetryButton
            retry={async () => {
              await api['plugin-events'].retryDelivery.mutate({ deliveryId: props.delivery.id });
              await invalidateTopic('plugin-delivery');
            }}
          />
        </Show>
      </PanelSection>
    </SidePanel>
  );
}

const stateColumn: Column<Delivery> = {
  key: 'state',
  heading: 'State',
  widthPx: 140,
  cell: (row) => <StatusPill state={DELIVERY_STATES[row.state].state}>{DELIVERY_STATES[row.state].word}</StatusPill>,
};

function webhookColumn(webhookOf: (delivery: Delivery) => string): Column<Delivery> {
  return {
    key: 'webhook',
    heading: 'Webhook',
    widthPx: 180,
    from: 'md',
    cell: (row) => <span class="truncate-line text-muted">{webhookOf(row)}</span>,
  };
}

const COLUMNS: readonly Column<Delivery>[] = [
  {
    key: 'what',
    heading: 'What became of it',
    cell: (row) => (
      <span class="truncate-line" title={row.message}>
        {deliveryGist(row) || row.message}
      </span>
    ),
  },
  {
    key: 'tries',
    heading: 'Tries',
    widthPx: 70,
    isNumeric: true,
    from: 'md',
    cell: (row) => row.attempts,
  },
  {
    key: 'received',
    heading: 'Received',
    widthPx: 130,
    cell: (row) => <RelativeTime iso={row.receivedAt} class="text-muted" />,
  },
];
