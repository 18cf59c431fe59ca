import Scale from 'lucide-solid/icons/scale';
import { For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { useScope } from '#web/app/scope/scope.ts';
import { ClientName } from '#web/features/assets/client-name.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { BillingHead } from './billing-head.tsx';
import type { Drift } from './billing-words.ts';

/** Where the last invoice and what is there now differ, both ways. */
export function DriftList(): JSX.Element {
  const scope = useScope();
  const drift = createRecordQuery({
    key: () => ['invoice', 'list', 'drift', scope.clientId],
    fetch: (signal) =>
      api.billing.listDrift.query(scope.clientId === undefined ? {} : { clientId: scope.clientId }, { signal }),
  });
  return (
    <>
      <BillingHead at="drift" />
      <div class="min-h-0 flex-1 overflow-y-auto p-4">
        <Switch>
          <Match when={drift.problem()}>
            {(problem) => <ErrorState problem={problem()} title="Drift could not be computed" onRetry={drift.retry} />}
          </Match>
          <Match when={drift.isLoading()}>
            <SkeletonText lines={5} />
          </Match>
          <Match when={drift.value()?.items.length === 0}>
            <EmptyState icon={Scale} title="What is billed is what is there">
              Devices that come or go since the last invoice appear here, before the next one counts them.
            </EmptyState>
          </Match>
          <Match when={drift.value()}>
            {(value) => (
              <ul class="flex max-w-200 flex-col gap-3">
                <For each={value().items}>{(item) => <Row drift={item} />}</For>
              </ul>
            )}
          </Match>
        </Switch>
      </div>
    </>
  );
}

function Row(props: { drift: Drift }): JSX.Element {
  return (
    <li class="rounded-card border border-line bg-surface p-4">
      <div class="flex flex-wrap items-baseline gap-x-4">
        <ClientName id={props.drift.clientId} class="font-semibold" />
        <span class="text-muted">
          {props.drift.description}, {props.drift.agreementName}
        </span>
        <span class="ml-auto tabular-nums">
          billed {props.drift.billedCount}, there {props.drift.presentCount}
        </span>
      </div>
      <Show when={props.drift.unbilled.length > 0}>
        <p class="pt-1">
          <span class="text-warning-text">Not billed yet:</span> {names(props.drift.unbilled)}
        </p>
      </Show>
      <Show when={props.drift.gone.length > 0}>
        <p class="pt-1">
          <span class="text-muted">Gone since:</span> {names(props.drift.gone)}
        </p>
      </Show>
    </li>
  );
}

function names(devices: readonly { readonly name: string }[]): string {
  const shown = devices.slice(0, 30).map(({ name }) => name);
  return shown.join(', ') + (devices.length > 30 ? ` and ${devices.length - 30} more` : '');
}
