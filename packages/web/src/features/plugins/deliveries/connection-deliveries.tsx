import { Match, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { choiceField, createUrlState } from '#web/app/routing/url-state.ts';
import { Tabs } from '#web/ui/tabs/tabs.tsx';
import { DeliveryList } from './delivery-list.tsx';
import { EventList } from './event-list.tsx';
import { WebhookList } from './webhook-list.tsx';

const VIEWS = ['webhooks', 'received', 'told'] as const;

/** What a vendor tells by itself, and what it is told of: the addresses, what came, what went out, and what failed of it. */
export function ConnectionDeliveries(props: { connectionId: string }): JSX.Element {
  const [state, setState] = createUrlState({ deliveries: choiceField(VIEWS, 'webhooks') });
  return (
    <>
      <div class="flex overflow-x-auto border-b border-line px-2">
        <Tabs
          label="Which deliveries"
          value={state.deliveries}
          onChange={(view) => setState({ deliveries: view as (typeof VIEWS)[number] })}
          items={[
            { value: 'webhooks', label: 'Webhooks' },
            { value: 'received', label: 'What came' },
            { value: 'told', label: 'What it was told' },
          ]}
        />
      </div>
      <Switch>
        <Match when={state.deliveries === 'webhooks'}>
          <WebhookList connectionId={props.connectionId} />
        </Match>
        <Match when={state.deliveries === 'received'}>
          <DeliveryList connectionId={props.connectionId} />
        </Match>
        <Match when={state.deliveries === 'told'}>
          <EventList connectionId={props.connectionId} />
        </Match>
      </Switch>
    </>
  );
}
