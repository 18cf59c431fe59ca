import { useNavigate } from '@solidjs/router';
import Download from 'lucide-solid/icons/download';
import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button, buttonClass } from '#web/ui/button/button.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { showDone, showProblem } from '#web/ui/toast/toast-store.ts';
import { ConnectionForm, type ConnectionDraft } from './connection-form.tsx';
import type { ConnectionDetail } from './plugin-words.ts';
import { RemoveDialog } from './remove-dialog.tsx';

/** The configuration and credential of a connection, and what else an administrator does with it. */
export function ConnectionSettings(props: { connection: ConnectionDetail }): JSX.Element {
  const { can } = useSession();
  const save = async (draft: ConnectionDraft): Promise<void> => {
    const { approvals, ...rest } = draft;
    const saved = await api['plugin-host'].updateConnection.mutate({
      connectionId: props.connection.id,
      version: props.connection.version,
      ...rest,
      ...(approvals.length === 0 ? {} : { approvals }),
    });
    await invalidateTopic('plugin-connection', props.connection.id);
    showDone(saved.account === null ? 'Saved' : `Saved. Signed in as ${saved.account}`, {
      detail: saved.warnings.join(' '),
    });
  };
  return (
    <div class="flex min-h-0 flex-1 flex-col gap-8 overflow-y-auto p-4">
      <Show
        when={can('plugin-host.manage-connections')}
        fallback={<p class="text-muted">Only administrators change connections.</p>}
      >
        <section>
          <h2 class="pb-3 text-title font-semibold">Configuration</h2>
          <Show when={props.connection.version} keyed>
            <ConnectionForm
              pluginId={props.connection.pluginId}
              form={props.connection.form}
              suggestedName={props.connection.name}
              connection={props.connection}
              submitLabel="Check and save"
              save={save}
            />
          </Show>
        </section>
        <Change connection={props.connection} />
      </Show>
      <Show when={can('plugin-host.resolve-issues')}>
        <PluginLog connection={props.connection} />
      </Show>
    </div>
  );
}

function Change(props: { connection: ConnectionDetail }): JSX.Element {
  const go = useNavigate();
  const [isRemoving, setRemoving] = createSignal(false);
  const versioned = () => ({ connectionId: props.connection.id, version: props.connection.version });
  const refresh = () => invalidateTopic('plugin-connection', props.connection.id);
  const test = createSubmit(async () => {
    const result = await api['plugin-host'].testConnection.mutate({ connectionId: props.connection.id });
    await refresh();
    if (result.isWorking) showDone(`Signed in as ${result.account ?? 'somebody'}`);
    else showProblem('It does not work', result.message ?? result.failure ?? '');
  });
  const pause = createSubmit(async () => {
    if (props.connection.state === 'paused') await api['plugin-host'].resumeConnection.mutate(versioned());
    else await api['plugin-host'].pauseConnection.mutate(versioned());
    await refresh();
    showDone(props.connection.state === 'paused' ? 'It goes on' : 'It is paused');
  });
  const authorize = createSubmit(async () => {
    const { url } = await api['plugin-host'].startAuthorization.mutate({ connectionId: props.connection.id });
    location.assign(url);
  });
  return (
    <section>
      <h2 class="pb-3 text-title font-semibold">Change</h2>
      <FormProblem problem={test.problem() ?? pause.problem() ?? authorize.problem()} />
      <div class="flex flex-wrap gap-2">
        <Show when={props.connection.form.needsConsent}>
          <Button isBusy={authorize.isBusy()} onClick={authorize.run}>
            Sign in at the vendor
          </Button>
        </Show>
        <Button isBusy={test.isBusy()} onClick={test.run}>
          Test
        </Button>
        <Button isBusy={pause.isBusy()} onClick={pause.run}>
          {props.connection.state === 'paused' ? 'Go on' : 'Pause'}
        </Button>
        <Button kind="danger" onClick={() => setRemoving(true)}>
          Remove
        </Button>
      </div>
      <RemoveDialog
        isOpen={isRemoving()}
        onOpenChange={setRemoving}
        title={`Remove ${props.connection.name}`}
        what="Nothing is read or done through it any more, and its credential is deleted."
        remove={async (purge) => {
          const { name } = props.connection;
          await api['plugin-host'].removeConnection.mutate({ ...versioned(), purge });
          // Away first: this page would ask for what is gone.
          go('/plugins');
          showDone(`${name} is gone`);
          await invalidateTopic('plugin-connection');
        }}
      />
    </section>
  );
}

function PluginLog(props: { connection: ConnectionDetail }): JSX.Element {
  const log = createRecordQuery({
    key: () => ['plugin-connection', 'one', props.connection.id, 'log'],
    fetch: (signal) => api['plugin-host'].listLog.query({ connectionId: props.connection.id, limit: 100 }, { signal }),
  });
  return (
    <section>
      <div class="flex flex-wrap items-center gap-3 pb-3">
        <h2 class="text-title font-semibold">What the plugin wrote</h2>
        <a
          class={buttonClass({ size: 'small' })}
          href={`/api/v1/plugin-connections/${props.connection.id}/diagnostics`}
        >
          <Download size={14} /> Diagnostics
        </a>
      </div>
      <Show when={(log.value()?.items.length ?? 0) > 0} fallback={<p class="text-muted">Nothing.</p>}>
        <ol class="flex flex-col gap-1 font-mono">
          <For each={log.value()?.items}>
            {(line) => (
              <li class="break-words">
                <RelativeTime iso={line.at} class="text-muted" />{' '}
                <span class={line.level === 'warn' ? 'text-warning-text' : 'text-muted'}>{line.level}</span> {line.call}{' '}
                {line.message}
              </li>
            )}
          </For>
        </ol>
      </Show>
    </section>
  );
}
