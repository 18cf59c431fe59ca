import { For, Match, Show, Switch, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import type { inferRouterOutputs } from '@trpc/server';
import { api } from '#web/app/api/api.ts';
import type { AppRouter } from '#web/app/api/app-router.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { findClients } from '#web/app/scope/client-source.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Combobox, type Choice } from '#web/ui/combobox/combobox.tsx';
import { DescriptionList } from '#web/ui/description-list/description-list.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { PanelSection, SidePanel } from '#web/ui/side-panel/side-panel.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { EVIDENCE, nameWords, SCOPE_STATES } from './plugin-words.ts';

type Scope = inferRouterOutputs<AppRouter>['plugin-scopes']['getScope'];

/** One of the vendor's customers: whose it is, why, and what may be done there. */
export function ScopePanel(props: { scopeId: string; onClose: () => void }): JSX.Element {
  const scope = createRecordQuery<Scope>({
    key: () => ['plugin-scope', 'one', props.scopeId],
    fetch: (signal) => api['plugin-scopes'].getScope.query({ scopeId: props.scopeId }, { signal }),
  });
  return (
    <SidePanel
      label={`Scope ${scope.value()?.name ?? ''}`}
      onClose={props.onClose}
      head={<span class="truncate-line">{scope.value()?.name ?? 'Scope'}</span>}
    >
      <Switch>
        <Match when={scope.problem()}>
          {(problem) => <ErrorState problem={problem()} title="The scope could not be loaded" onRetry={scope.retry} />}
        </Match>
        <Match when={scope.value()}>{(value) => <Loaded scope={value()} />}</Match>
        <Match when={scope.isLoading()}>
          <PanelSection>
            <SkeletonText lines={6} />
          </PanelSection>
        </Match>
      </Switch>
    </SidePanel>
  );
}

function Loaded(props: { scope: Scope }): JSX.Element {
  const { can } = useSession();
  return (
    <>
      <PanelSection>
        <StatusPill state={SCOPE_STATES[props.scope.state].state} hasMark>
          {SCOPE_STATES[props.scope.state].word}
        </StatusPill>
        <div class="pt-3">
          <DescriptionList
            items={[
              { term: 'Client', value: props.scope.client?.name },
              { term: 'Kind', value: nameWords(props.scope.kind) },
              { term: 'Id at the vendor', value: <code class="font-mono break-all">{props.scope.externalId}</code> },
              {
                term: 'Access ends',
                value: props.scope.validUntil === null ? undefined : <RelativeTime iso={props.scope.validUntil} />,
              },
              { term: 'Decided by', value: props.scope.decidedBy ?? undefined },
              {
                term: 'Devices it told of',
                value: props.scope.deviceCount === 0 ? undefined : props.scope.deviceCount,
              },
            ]}
          />
        </div>
        <For each={props.scope.hints}>
          {(hint) => (
            <p class="text-muted">
              {EVIDENCE[hint.kind] ?? hint.kind}: <span class="font-mono break-all">{hint.value}</span>
            </p>
          )}
        </For>
      </PanelSection>
      <Show when={can('plugin-scopes.map-scopes')}>
        <PanelSection>
          {/* What is being typed outlives news of this scope, and not the scope. */}
          <Show when={props.scope.id} keyed>
            {(_id) => <Mapping scope={props.scope} />}
          </Show>
        </PanelSection>
      </Show>
      <Show when={props.scope.client !== null && can('plugin-scopes.enable-reads')}>
        <PanelSection>
          <Switches scope={props.scope} />
        </PanelSection>
      </Show>
      <PanelSection>
        <h3 class="pb-2 font-medium">History</h3>
        <ol class="flex flex-col gap-2">
          <For each={props.scope.history}>
            {(event) => (
              <li>
                <span class="font-medium">{event.kind}</span>
                <Show when={event.client}>{(client) => <span> {client().name}</span>}</Show>
                <span class="text-muted">
                  {' '}
                  by {event.by}, <RelativeTime iso={event.at} />
                </span>
                <Show when={event.reason !== ''}>
                  <p class="text-muted">{event.reason}</p>
                </Show>
              </li>
            )}
          </For>
        </ol>
      </PanelSection>
    </>
  );
}

function Mapping(props: { scope: Scope }): JSX.Element {
  const [choice, setChoice] = createSignal<Choice | undefined>(firstChoice(props.scope));
  const ids = () => ({ scopeIds: [props.scope.id] });
  const after = async (message: string): Promise<void> => {
    await invalidateTopic('plugin-scope', props.scope.id);
    showDone(message);
  };
  const map = createSubmit(async () => {
    const client = choice();
    if (client === undefined) return;
    await api['plugin-scopes'].mapScope.mutate({
      scopeId: props.scope.id,
      version: props.scope.version,
      clientId: client.id,
    });
    await after(`${props.scope.name} is ${client.label} now`);
  });
  const unmap = createSubmit(async () => {
    await api['plugin-scopes'].unmapScopes.mutate(ids());
    await after('The mapping is taken back, its records are in quarantine');
  });
  const ignore = createSubmit(async () => {
    await api['plugin-scopes'].ignoreScopes.mutate(ids());
    await after(`${props.scope.name} is ignored`);
  });
  const restore = createSubmit(async () => {
    await api['plugin-scopes'].restoreScopes.mutate(ids());
    await after(`${props.scope.name} can be mapped again`);
  });
  const decline = createSubmit(async () => {
    await api['plugin-scopes'].declineSuggestions.mutate(ids());
    await after('The suggestion is declined');
  });
  const problem = () => map.problem() ?? unmap.problem() ?? ignore.problem() ?? restore.problem() ?? decline.problem();
  return (
    <form class="flex flex-col gap-3" onSubmit={map.onSubmit}>
      <For each={props.scope.evidence}>
        {(evidence) => (
          <p class="text-muted">
            {EVIDENCE[evidence.kind] ?? evidence.kind}: {evidence.detail}
          </p>
        )}
      </For>
      <FormProblem problem={problem()} />
      <Show when={props.scope.mapping !== 'ignored'}>
        <Field label="Client">
          {(control) => (
            <Combobox
              control={control}
              value={choice()}
              onChange={setChoice}
              placeholder="Find a client"
              find={async (text) => (await findClients(text)).map(({ id, name }) => ({ id, label: name }))}
            />
          )}
        </Field>
      </Show>
      <div class="flex flex-wrap gap-2">
        <Show when={props.scope.mapping !== 'ignored'}>
          <Button
            kind="primary"
            type="submit"
            isBusy={map.isBusy()}
            disabled={choice() === undefined || choice()?.id === props.scope.client?.clientId}
          >
            {props.scope.client === null ? 'Map' : 'Move'}
          </Button>
        </Show>
        <Show when={props.scope.mapping === 'suggested'}>
          <Button isBusy={decline.isBusy()} onClick={decline.run}>
            Not this client
          </Button>
        </Show>
        <Show when={props.scope.client}>
          <Button isBusy={unmap.isBusy()} onClick={unmap.run}>
            Take back
          </Button>
        </Show>
        <Show when={props.scope.client === null && props.scope.mapping !== 'ignored'}>
          <Button isBusy={ignore.isBusy()} onClick={ignore.run}>
            Ignore
          </Button>
        </Show>
        <Show when={props.scope.mapping === 'ignored'}>
          <Button isBusy={restore.isBusy()} onClick={restore.run}>
            Take up again
          </Button>
        </Show>
      </div>
    </form>
  );
}

function firstChoice(scope: Scope): Choice | undefined {
  const [candidate, another] = scope.candidates;
  const known = scope.client ?? (another === undefined ? candidate : undefined);
  return known === undefined ? undefined : { id: known.clientId, label: known.name };
}

function Switches(props: { scope: Scope }): JSX.Element {
  const { can } = useSession();
  const [wanted, setWanted] = createSignal<{ readsEnabled?: boolean; actionsEnabled?: boolean }>({});
  const submit = createSubmit(async () => {
    await api['plugin-scopes'].setSwitches.mutate({ scopeIds: [props.scope.id], ...wanted() });
    await invalidateTopic('plugin-scope', props.scope.id);
    showDone('Saved');
  });
  const set = (change: { readsEnabled?: boolean; actionsEnabled?: boolean }): void => {
    setWanted(change);
    submit.run();
  };
  return (
    <fieldset class="flex flex-col gap-2">
      <legend class="pb-1 font-medium">For this client</legend>
      <FormProblem problem={submit.problem()} />
      <Checkbox
        label="Read records"
        isChecked={props.scope.readsEnabled}
        onChange={(readsEnabled) => set({ readsEnabled })}
      />
      <Show when={can('plugin-scopes.enable-actions')}>
        <Checkbox
          label="Let actions change things at the vendor"
          isChecked={props.scope.actionsEnabled}
          onChange={(actionsEnabled) => set({ actionsEnabled })}
        />
      </Show>
    </fieldset>
  );
}
