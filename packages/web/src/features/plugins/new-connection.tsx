import { A, useNavigate, useParams } from '@solidjs/router';
import ArrowLeft from 'lucide-solid/icons/arrow-left';
import { Match, Show, Switch, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { findClients } from '#web/app/scope/client-source.ts';
import { buttonClass } from '#web/ui/button/button.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { ConnectionForm, type ConnectionDraft } from './connection-form.tsx';
import type { ConnectionForm as Form } from './plugin-words.ts';

/** Connects an account at a vendor. */
export function NewConnection(): JSX.Element {
  const params = useParams<{ pluginId: string }>();
  const plugin = createRecordQuery({
    key: () => ['plugin', 'one', params.pluginId],
    fetch: (signal) => api.plugins.getPlugin.query({ pluginId: params.pluginId }, { signal }),
  });
  const types = createRecordQuery({
    key: () => ['plugin', 'one', params.pluginId, 'types'],
    fetch: (signal) => api['plugin-host'].listTypes.query({ pluginId: params.pluginId }, { signal }),
  });
  return (
    <div class="flex min-h-0 flex-1 flex-col overflow-y-auto">
      <div class="px-4 pt-3">
        <A class={`${buttonClass({ kind: 'quiet', size: 'small' })} -ml-2`} href={`/plugins/${params.pluginId}`}>
          <ArrowLeft size={13} /> {plugin.value()?.title ?? 'Plugin'}
        </A>
      </div>
      <div class="p-4">
        <h1 class="pb-4 text-display font-semibold tracking-tight">Connect {plugin.value()?.title ?? 'an account'}</h1>
        <Switch>
          <Match when={types.problem()}>
            {(problem) => <ErrorState title="The form could not be loaded" problem={problem()} onRetry={types.retry} />}
          </Match>
          <Match when={types.value()}>
            {(value) => <Types pluginId={params.pluginId} title={plugin.value()?.title ?? ''} types={value().items} />}
          </Match>
          <Match when={types.isLoading()}>
            <SkeletonText lines={6} />
          </Match>
        </Switch>
      </div>
    </div>
  );
}

function Types(props: { pluginId: string; title: string; types: readonly Form[] }): JSX.Element {
  const go = useNavigate();
  const [typeName, setTypeName] = createSignal(props.types[0]?.name ?? '');
  const [clientId, setClientId] = createSignal('');
  const type = () => props.types.find(({ name }) => name === typeName());
  const clients = createRecordQuery({ key: () => ['tenancy.client', 'list', 'choices'], fetch: () => findClients('') });
  const save = async (draft: ConnectionDraft): Promise<void> => {
    const made = await api['plugin-host'].createConnection.mutate({
      pluginId: props.pluginId,
      type: typeName(),
      ...(clientId() === '' ? {} : { clientId: clientId() }),
      ...draft,
    });
    await invalidateTopic('plugin-connection');
    if (type()?.needsConsent === true) {
      const { url } = await api['plugin-host'].startAuthorization.mutate({ connectionId: made.connectionId });
      location.assign(url);
      return;
    }
    showDone(made.account === null ? 'Connected' : `Connected as ${made.account}`, { detail: made.warnings.join(' ') });
    go(`/connections/${made.connectionId}?tab=scopes`);
  };
  return (
    <div class="flex flex-col gap-4">
      <div class="grid max-w-160 grid-cols-2 gap-4 max-md:grid-cols-1">
        <Show when={props.types.length > 1}>
          <Field label="Kind of account">
            {(control) => (
              <Select
                {...control}
                value={typeName()}
                onChange={setTypeName}
                options={props.types.map(({ name, label }) => ({ value: name, label }))}
              />
            )}
          </Field>
        </Show>
        <Field label="Whose account it is" hint="A client's own account reads for that client only.">
          {(control) => (
            <Select
              {...control}
              value={clientId()}
              onChange={setClientId}
              options={[
                { value: '', label: 'Ours, for several clients' },
                ...(clients.value() ?? []).map((client) => ({ value: client.id, label: client.name })),
              ]}
            />
          )}
        </Field>
      </div>
      <Show when={type()} keyed>
        {(form) => (
          <ConnectionForm
            pluginId={props.pluginId}
            form={form}
            suggestedName={props.title}
            submitLabel={form.needsConsent ? 'Save and sign in at the vendor' : 'Check and connect'}
            save={save}
          />
        )}
      </Show>
    </div>
  );
}
