import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { Button } from '#web/ui/button/button.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { StatusPill, type State } from '#web/ui/status-pill/status-pill.tsx';

type Order = Awaited<ReturnType<typeof api.endpoints.listOrders.query>>['items'][number];

const STATES: Readonly<Record<Order['state'], { word: string; state: State }>> = {
  queued: { word: 'Waits for the machine', state: 'info' },
  delivered: { word: 'Taken', state: 'info' },
  running: { word: 'Running', state: 'info' },
  succeeded: { word: 'Done', state: 'ok' },
  failed: { word: 'Failed', state: 'critical' },
  'timed-out': { word: 'Timed out', state: 'critical' },
  refused: { word: 'Refused by the machine', state: 'warning' },
  interrupted: { word: 'Interrupted', state: 'warning' },
  expired: { word: 'Expired', state: 'unknown' },
  cancelled: { word: 'Taken back', state: 'neutral' },
};

const KINDS: Readonly<Record<Order['kind'], string>> = {
  script: 'Script',
  'install-updates': 'Install updates',
  'refresh-inventory': 'Refresh inventory',
  'succeed-order-key': 'New order key',
  'rebind-asset': 'Move to another client',
  'set-order-policy': 'Order policy',
};

/** What a machine was ordered to do, newest first; each opens to what it wrote, while it writes. */
export function OrderHistory(props: { assetId: string }): JSX.Element {
  const list = createListQuery<Order>({
    key: () => ['order', 'list', props.assetId],
    fetchPage: (cursor, signal) =>
      api.endpoints.listOrders.query(
        { assetId: props.assetId as never, limit: 20, ...(cursor === undefined ? {} : { cursor }) },
        { signal },
      ),
  });
  return (
    <section>
      <h2 class="mb-2 font-semibold">Orders</h2>
      <Show when={list.problem()}>
        {(problem) => <ErrorState title="The orders could not be loaded" problem={problem()} onRetry={list.retry} />}
      </Show>
      <Show when={!list.isLoading()} fallback={<SkeletonText />}>
        <Show
          when={list.items().length > 0}
          fallback={<p class="text-muted">Nothing has been ordered here. Every order and its result will be listed.</p>}
        >
          <ul class="rounded-card border border-line bg-surface">
            <For each={list.items()}>{(order) => <OrderLine order={order} />}</For>
          </ul>
        </Show>
      </Show>
      <Show when={list.hasMore()}>
        <Button class="mt-2" size="small" onClick={list.loadMore} isBusy={list.isLoadingMore()}>
          Older orders
        </Button>
      </Show>
    </section>
  );
}

function OrderLine(props: { order: Order }): JSX.Element {
  const [isOpen, setOpen] = createSignal(false);
  return (
    <li class="border-b border-line last:border-b-0">
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary class="flex min-h-(--row) cursor-default flex-wrap items-center gap-3 px-3 py-1 hover:bg-hover">
          <StatusPill state={STATES[props.order.state].state} hasMark>
            {STATES[props.order.state].word}
          </StatusPill>
          <span class="font-medium">{KINDS[props.order.kind]}</span>
          <span class="min-w-0 flex-1 truncate-line text-muted">{props.order.reason}</span>
          <span class="text-muted">
            {props.order.requestedBy}, <RelativeTime iso={props.order.issuedAt} />
          </span>
        </summary>
        <Show when={isOpen()}>
          <OrderOutput order={props.order} />
        </Show>
      </details>
    </li>
  );
}

function OrderOutput(props: { order: Order }): JSX.Element {
  const detail = createRecordQuery({
    key: () => ['order', 'one', props.order.id],
    fetch: (signal) => api.endpoints.getOrder.query({ orderId: props.order.id }, { signal }),
  });
  return (
    <div class="border-t border-line px-3 py-3">
      <Show when={props.order.message}>{(message) => <p class="mb-2">{message()}</p>}</Show>
      <Show when={detail.problem()}>
        {(problem) => <ErrorState title="The output could not be loaded" problem={problem()} onRetry={detail.retry} />}
      </Show>
      <Show when={detail.value()}>
        {(value) => (
          <>
            <pre class="max-h-96 overflow-auto rounded-control bg-sunken p-3 font-mono text-[0.9375em] break-all whitespace-pre-wrap">
              <For each={value().output} fallback={<span class="text-muted">No output.</span>}>
                {(part) => <span classList={{ 'text-critical-text': part.channel === 'stderr' }}>{part.text}</span>}
              </For>
            </pre>
            <p class="mt-2 text-muted">
              <Show when={value().exitCode !== null}>Exit code {value().exitCode}. </Show>
              <Show when={value().isOutputTruncated}>The output was longer; its end was dropped. </Show>
              <Show when={value().finishedAt}>
                {(at) => (
                  <>
                    Ended <RelativeTime iso={at()} />.
                  </>
                )}
              </Show>
            </p>
          </>
        )}
      </Show>
    </div>
  );
}
