import { A, useNavigate, useParams } from '@solidjs/router';
import ArrowLeft from 'lucide-solid/icons/arrow-left';
import { Match, Show, Switch, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { createTitle } from '#web/app/routing/titled-screen.tsx';
import { useSession } from '#web/app/session/session.tsx';
import { Button, buttonClass } from '#web/ui/button/button.tsx';
import { DescriptionList } from '#web/ui/description-list/description-list.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { AskList, InstallDialog } from './install-dialog.tsx';
import { KINDS, TIERS, type PluginDetail } from './plugin-words.ts';
import { RemoveDialog } from './remove-dialog.tsx';

/** One installed plugin: what it may do, who made it, and what can be done with it. */
export function PluginPage(): JSX.Element {
  const params = useParams<{ pluginId: string }>();
  const plugin = createRecordQuery<PluginDetail>({
    key: () => ['plugin', 'one', params.pluginId],
    fetch: (signal) => api.plugins.getPlugin.query({ pluginId: params.pluginId }, { signal }),
  });
  createTitle(() => plugin.value()?.title);
  return (
    <div class="flex min-h-0 flex-1 flex-col overflow-y-auto">
      <div class="px-4 pt-3">
        <A class={`${buttonClass({ kind: 'quiet', size: 'small' })} -ml-2`} href="/plugins?view=installed">
          <ArrowLeft size={13} /> Plugins
        </A>
      </div>
      <Switch>
        <Match when={plugin.problem()}>
          {(problem) => (
            <ErrorState title="The plugin could not be loaded" problem={problem()} onRetry={plugin.retry} />
          )}
        </Match>
        <Match when={plugin.value()}>{(value) => <Loaded plugin={value()} />}</Match>
        <Match when={plugin.isLoading()}>
          <div class="max-w-160 p-4">
            <SkeletonText lines={8} />
          </div>
        </Match>
      </Switch>
    </div>
  );
}

function Loaded(props: { plugin: PluginDetail }): JSX.Element {
  const { can } = useSession();
  return (
    <>
      <header class="flex flex-wrap items-start gap-x-6 gap-y-2 px-4 pt-1 pb-3">
        <div class="min-w-0 flex-1">
          <h1 class="text-display font-semibold tracking-tight break-words">{props.plugin.title}</h1>
          <div class="mt-1 flex flex-wrap items-center gap-2 text-muted">
            <StatusPill state={props.plugin.state === 'enabled' ? 'ok' : 'neutral'} hasMark>
              {props.plugin.state === 'enabled' ? 'Enabled' : 'Switched off'}
            </StatusPill>
            <span>{KINDS[props.plugin.kind] ?? props.plugin.kind}</span>
            <span>{props.plugin.version}</span>
          </div>
        </div>
        <Show when={can('plugin-host.manage-connections') && props.plugin.state === 'enabled'}>
          <A class={buttonClass({ kind: 'primary' })} href={`/plugins/${props.plugin.id}/connect`}>
            Connect an account
          </A>
        </Show>
      </header>
      <div class="flex max-w-200 flex-col gap-6 p-4">
        <p>{props.plugin.description}</p>
        <section>
          <h2 class="pb-2 text-title font-semibold">What it may do</h2>
          <AskList asks={props.plugin.asks} />
          <p class="pt-2 text-muted">
            {props.plugin.consentedBy} agreed to this <RelativeTime iso={props.plugin.consentedAt} />.
          </p>
        </section>
        <section>
          <h2 class="pb-2 text-title font-semibold">Where it comes from</h2>
          <DescriptionList
            items={[
              { term: 'Name', value: props.plugin.name },
              { term: 'Publisher', value: props.plugin.publisher },
              { term: 'Key', value: <code class="font-mono break-all">{props.plugin.publisherFingerprint}</code> },
              { term: 'Digest', value: <code class="font-mono break-all">{props.plugin.digest}</code> },
              { term: 'Acceptance', value: TIERS[props.plugin.tier] ?? props.plugin.tier },
              { term: 'Licence', value: props.plugin.licence },
              { term: 'Reports of weaknesses', value: props.plugin.securityContact },
              { term: 'Homepage', value: props.plugin.homepage ?? undefined },
            ]}
          />
        </section>
        <Show when={can('plugins.manage-plugins')}>
          <Manage plugin={props.plugin} />
        </Show>
      </div>
    </>
  );
}

function Manage(props: { plugin: PluginDetail }): JSX.Element {
  const go = useNavigate();
  const [packageId, setPackageId] = createSignal<string>();
  const [isRemoving, setRemoving] = createSignal(false);
  const change = (name: string, run: (input: { pluginId: string; rowVersion: number }) => Promise<unknown>) =>
    createSubmit(async () => {
      await run({ pluginId: props.plugin.id, rowVersion: props.plugin.rowVersion });
      await invalidateTopic('plugin', props.plugin.id);
      await invalidateTopic('plugin-connection');
      showDone(`${props.plugin.title} ${name}`);
    });
  const enable = change('is enabled', (input) => api.plugins.enablePlugin.mutate(input));
  const disable = change('is switched off', (input) => api.plugins.disablePlugin.mutate(input));
  const rollBack = change('runs in the version before', (input) => api.plugins.rollBackPlugin.mutate(input));
  const update = createSubmit(async () => {
    const made = await api.plugins.addFromCatalogue.mutate({ name: props.plugin.name });
    setPackageId(made.packageId);
  });
  return (
    <section>
      <h2 class="pb-2 text-title font-semibold">Change</h2>
      <FormProblem problem={enable.problem() ?? disable.problem() ?? rollBack.problem() ?? update.problem()} />
      <div class="flex flex-wrap gap-2">
        <Show when={props.plugin.availableVersion}>
          {(version) => (
            <Button kind="primary" isBusy={update.isBusy()} onClick={update.run}>
              Update to {version()}
            </Button>
          )}
        </Show>
        <Show
          when={props.plugin.state === 'enabled'}
          fallback={
            <Button isBusy={enable.isBusy()} onClick={enable.run}>
              Switch on
            </Button>
          }
        >
          <Button isBusy={disable.isBusy()} onClick={disable.run}>
            Switch off
          </Button>
        </Show>
        <Show when={props.plugin.previousVersion}>
          {(version) => (
            <Button isBusy={rollBack.isBusy()} onClick={rollBack.run}>
              Back to {version()}
            </Button>
          )}
        </Show>
        <Button kind="danger" onClick={() => setRemoving(true)}>
          Uninstall
        </Button>
      </div>
      <InstallDialog
        packageId={packageId()}
        onClose={() => setPackageId(undefined)}
        onDone={() => setPackageId(undefined)}
      />
      <RemoveDialog
        isOpen={isRemoving()}
        onOpenChange={setRemoving}
        title={`Uninstall ${props.plugin.title}`}
        what={
          props.plugin.connectionCount === 1
            ? 'Its connection is removed with it.'
            : `Its ${props.plugin.connectionCount} connections are removed with it.`
        }
        remove={async (purge) => {
          const { id, rowVersion, title } = props.plugin;
          await api.plugins.uninstallPlugin.mutate({ pluginId: id, rowVersion, purge });
          // Away first: this page would ask for what is gone.
          go('/plugins?view=installed');
          showDone(`${title} is gone`);
          await invalidateTopic('plugin');
          await invalidateTopic('plugin-connection');
        }}
      />
    </section>
  );
}
