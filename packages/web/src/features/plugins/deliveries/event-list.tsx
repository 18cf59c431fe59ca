import Megaphone from 'lucide-solid/icons/megaphone';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { createUrlState, optionalField } from '#web/app/routing/url-state.ts';
import { ClientName } from '#web/features/assets/client-name.tsx';
import type { Column } from '#web/ui/data-table/columns.ts';
import { DataTable } from '#web/ui/data-table/data-table.tsx';
import { DescriptionList } from '#web/ui/description-list/description-list.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { PanelSection, SidePanel } from '#web/ui/side-panel/side-panel.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { EVENT_STATES, eventWords, isRetryable, type EventDelivery } from './delivery-words.ts';
import { RetryButton } from './retry-button.tsx';

/** What a plugin was told of in the last seven days, the latest first. */
export function EventList(props: { connectionId: string }): JSX.Element {
  const [state, setState] = createUrlState({ event: optionalField() });
  const list = createListQuery<EventDelivery>({
    key: () => ['plugin-event-delivery', 'list', props.connectionId],
    fetchPage: (cursor, signal) =>
      api['plugin-events'].listEventDeliveries.query(
        { connectionId: props.connectionId, ...(cursor === undefined ? {} : { cursor }) },
        { signal },
      ),
  });
  return (
    <div class="flex min-h-0 flex-1">
      <DataTable
        noun="events"
        list={list}
        columns={COLUMNS}
        rowId={(row) => row.id}
        rowLabel={(row) => `${eventWords(row.event)}: ${row.title}`}
        openId={state.event}
        onOpen={(row) => setState({ event: row.id }, state.event === undefined ? 'push' : 'replace')}
        empty={
          <EmptyState icon={Megaphone} title="It was told of nothing">
            Plugins that pass on alerts, tickets or invoices are told of them here, for the clients that they are mapped
            to.
          </EmptyState>
        }
      />
      <Show when={list.items().find((row) => row.id === state.event)}>
        {(event) => <EventPanel event={event()} onClose={() => setState({ event: undefined })} />}
      </Show>
    </div>
  );
}

function EventPanel(props: { event: EventDelivery; onClose: () => void }): JSX.Element {
  return (
    <SidePanel label="Event" head={eventWords(props.event.event)} onClose={props.onClose}>
      <PanelSection>
        <StatusPill state={EVENT_STATES[props.event.state].state} hasMark>
          {EVENT_STATES[props.event.state].word}
        </StatusPill>
        <p class="pt-3 font-medium break-words">{props.event.title}</p>
        <Show when={props.event.message !== ''}>
          <p class="pt-1 break-words whitespace-pre-line">{props.event.message}</p>
        </Show>
        <div class="pt-3">
          <DescriptionList
            items={[
              { term: 'Client', value: <ClientName id={props.event.clientId as never} /> },
              { term: 'Happened', value: <RelativeTime iso={props.event.createdAt} /> },
              { term: 'Tried', value: props.event.attempts === 1 ? 'once' : `${props.event.attempts} times` },
              { term: 'Part of the plugin', value: props.event.subscriber },
              ...(props.event.nextAttemptAt === null
                ? []
                : [{ term: 'Next try', value: <RelativeTime iso={props.event.nextAttemptAt} /> }]),
            ]}
          />
        </div>
        <Show when={isRetryable(props.event.state)}>
          <RetryButton
            retry={async () => {
              await api['plugin-events'].retryEventDelivery.mutate({ eventDeliveryId: props.event.id });
              await invalidateTopic('plugin-event-delivery');
            }}
          />
        </Show>
      </PanelSection>
    </SidePanel>
  );
}

const COLUMNS: readonly Column<EventDelivery>[] = [
  {
    key: 'title',
    heading: 'About',
    cell: (row) => (
      <span class="truncate-line font-medium" title={row.title}>
        {row.title}
      </span>
    ),
  },
  {
    key: 'event',
    heading: 'Event',
    widthPx: 160,
    from: 'md',
    cell: (row) => <span class="truncate-line text-muted">{eventWords(row.event)}</span>,
  },
  {
    key: 'state',
    heading: 'State',
    widthPx: 110,
    cell: (row) => <StatusPill state={EVENT_STATES[row.state].state}>{EVENT_STATES[row.state].word}</StatusPill>,
  },
  {
    key: 'client',
    heading: 'Client',
    widthPx: 180,
    from: 'lg',
    cell: (row) => <ClientName id={row.clientId as never} />,
  },
  {
    key: 'at',
    heading: 'Happened',
    widthPx: 130,
    from: 'md',
    cell: (row) => <RelativeTime iso={row.createdAt} class="text-muted" />,
  },
];
