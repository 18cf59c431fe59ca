import { A } from '@solidjs/router';
import Plug from 'lucide-solid/icons/plug';
import { For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button, buttonClass } from '#web/ui/button/button.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { SwitchToggle } from '#web/ui/switch-toggle/switch-toggle.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { SCOPE_STATES, type RemoteScope } from '../plugin-words.ts';
import { RecordList } from '../record-list.tsx';

/** What plugins reach for a client, what they may do there, and what they have read. */
export function ClientPlugins(props: { clientId: string; clientName: string }): JSX.Element {
  const { can } = useSession();
  const scopes = createListQuery<RemoteScope>({
    key: () => ['plugin-scope', 'list', 'client', props.clientId],
    fetchPage: (cursor, signal) =>
      api['plugin-scopes'].listScopes.query(
        { clientId: props.clientId, limit: 50, ...(cursor === undefined ? {} : { cursor }) },
        { signal },
      ),
  });
  return (
    <Switch>
      <Match when={scopes.problem()}>
        {(problem) => <ErrorState title="The sources could not be loaded" problem={problem()} onRetry={scopes.retry} />}
      </Match>
      <Match when={scopes.isLoading()}>
        <div class="p-4">
          <SkeletonText lines={5} />
        </div>
      </Match>
      <Match when={scopes.items().length === 0}>
        <EmptyState
          icon={Plug}
          title="No plugin reads for this client"
          action={
            <Show when={can('plugin-scopes.map-scopes')}>
              <A class={buttonClass({ kind: 'primary' })} href="/plugins">
                Open the connections
              </A>
            </Show>
          }
        >
          Connect a vendor, then map its customer tenant, site or account to {props.clientName}.
        </EmptyState>
      </Match>
      <Match when={scopes.items().length > 0}>
        <section class="p-4">
          <h2 class="pb-3 text-title font-semibold">Where it is read</h2>
          <ul class="divide-y divide-line rounded-card border border-line bg-surface">
            <For each={scopes.items()}>{(scope) => <ScopeRow scope={scope} clientName={props.clientName} />}</For>
          </ul>
          <Show when={scopes.hasMore()}>
            <Button class="mt-2" isBusy={scopes.isLoadingMore()} onClick={() => scopes.loadMore()}>
              More
            </Button>
          </Show>
        </section>
        <section class="flex min-h-100 flex-1 flex-col">
          <h2 class="px-4 pb-1 text-title font-semibold">What was read</h2>
          <RecordList clientId={props.clientId} />
        </section>
      </Match>
    </Switch>
  );
}

function ScopeRow(props: { scope: RemoteScope; clientName: string }): JSX.Element {
  const { can } = useSession();
  const change = (wanted: { readsEnabled: boolean } | { actionsEnabled: boolean }) =>
    createSubmit(async () => {
      await api['plugin-scopes'].setSwitches.mutate({ scopeIds: [props.scope.id], ...wanted });
      await invalidateTopic('plugin-scope', props.scope.id);
      showDone('Saved');
    });
  const reads = { on: change({ readsEnabled: true }), off: change({ readsEnabled: false }) };
  const acts = { on: change({ actionsEnabled: true }), off: change({ actionsEnabled: false }) };
  const problem = () => reads.on.problem() ?? reads.off.problem() ?? acts.on.problem() ?? acts.off.problem();
  return (
    <li class="flex flex-wrap items-center gap-x-6 gap-y-2 px-4 py-3">
      <div class="min-w-50 flex-1">
        <p class="font-medium break-words">{props.scope.name}</p>
        <p class="break-words text-muted">
          {props.scope.kind}
          <Show when={props.scope.connectionName !== ''}>
            {' at '}
            <A class="text-accent-text hover:underline" href={`/connections/${props.scope.connectionId}`}>
              {props.scope.connectionName}
            </A>
          </Show>
        </p>
      </div>
      <StatusPill state={SCOPE_STATES[props.scope.state].state} hasMark>
        {SCOPE_STATES[props.scope.state].word}
      </StatusPill>
      <Show when={!props.scope.isAccessible}>
        <span class="text-warning-text">The vendor gives no access now</span>
      </Show>
      <Show
        when={props.scope.state !== 'lost' || props.scope.connectionName !== ''}
        fallback={<p class="text-muted">Nothing is read from it any more. What was read is kept.</p>}
      >
        <div class="flex flex-wrap gap-x-5 gap-y-1">
          <SwitchToggle
            label="Reads"
            isOn={props.scope.readsEnabled}
            isDisabled={!can('plugin-scopes.enable-reads')}
            onChange={(isOn) => (isOn ? reads.on : reads.off).run()}
          />
          <SwitchToggle
            label="Actions"
            isOn={props.scope.actionsEnabled}
            isDisabled={!can('plugin-scopes.enable-actions')}
            onChange={(isOn) => (isOn ? acts.on : acts.off).run()}
          />
        </div>
      </Show>
      <Show when={problem()}>
        <div class="basis-full">
          <FormProblem problem={problem()} />
        </div>
      </Show>
    </li>
  );
}
