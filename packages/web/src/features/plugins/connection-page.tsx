import { A, useParams } from '@solidjs/router';
import ArrowLeft from 'lucide-solid/icons/arrow-left';
import { Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { createTitle } from '#web/app/routing/titled-screen.tsx';
import { createUrlState } from '#web/app/routing/url-state.ts';
import { useSession } from '#web/app/session/session.tsx';
import { ConnectionActions } from '#web/features/plugin-actions/connection-actions.tsx';
import { createPluginTabs, PluginTab, tabField } from '#web/features/plugin-views/plugin-tab.tsx';
import { Button, buttonClass } from '#web/ui/button/button.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { Tabs } from '#web/ui/tabs/tabs.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { ConnectionOverview } from './connection-overview.tsx';
import { ConnectionSettings } from './connection-settings.tsx';
import { ConnectionDeliveries } from './deliveries/connection-deliveries.tsx';
import { IssueList } from './issue-list.tsx';
import { HEALTH, type ConnectionDetail } from './plugin-words.ts';
import { RecordList } from './record-list.tsx';
import { ScopeList } from './scope-list.tsx';
import { StreamList } from './streams/stream-list.tsx';

const TABS = ['overview', 'scopes', 'records', 'streams', 'actions', 'deliveries', 'issues', 'settings'] as const;

/** Where the page says why nothing can be read. */
const SWITCHED_OFF = 'plugin-switched-off';

/** One account at a vendor: what it reaches, whose that is, what was read, and what needs a person. */
export function ConnectionPage(): JSX.Element {
  const params = useParams<{ connectionId: string }>();
  const connection = createRecordQuery<ConnectionDetail>({
    key: () => ['plugin-connection', 'one', params.connectionId],
    fetch: (signal) => api['plugin-host'].getConnection.query({ connectionId: params.connectionId }, { signal }),
  });
  createTitle(() => connection.value()?.name);
  return (
    <div class="flex min-h-0 flex-1 flex-col">
      <div class="px-4 pt-3">
        <A class={`${buttonClass({ kind: 'quiet', size: 'small' })} -ml-2`} href="/plugins">
          <ArrowLeft size={13} /> Connections
        </A>
      </div>
      <Switch>
        <Match when={connection.problem()}>
          {(problem) => (
            <ErrorState title="The connection could not be loaded" problem={problem()} onRetry={connection.retry} />
          )}
        </Match>
        <Match when={connection.value()}>{(value) => <Loaded connection={value()} />}</Match>
        <Match when={connection.isLoading()}>
          <div class="max-w-160 p-4">
            <SkeletonText lines={6} />
          </div>
        </Match>
      </Switch>
    </div>
  );
}

function Loaded(props: { connection: ConnectionDetail }): JSX.Element {
  const { can } = useSession();
  const [state, setState] = createUrlState({ tab: tabField(TABS, 'overview') });
  const subject = () => ({ connectionId: props.connection.id });
  const pluginTabs = createPluginTabs(subject);
  const readNow = createSubmit(async () => {
    const { started } = await api['plugin-sync'].readNow.mutate({ connectionId: props.connection.id });
    await invalidateTopic('plugin-connection', props.connection.id);
    showDone(started === 0 ? 'Nothing to read yet: map a scope first' : `Reading ${started} streams`);
  });
  return (
    <>
      <header class="flex flex-wrap items-start gap-x-6 gap-y-2 px-4 pt-1 pb-3">
        <div class="min-w-0 flex-1">
          <h1 class="text-display font-semibold tracking-tight break-words">{props.connection.name}</h1>
          <div class="mt-1 flex flex-wrap items-center gap-2 text-muted">
            <StatusPill state={HEALTH[props.connection.health].state} hasMark>
              {HEALTH[props.connection.health].word}
            </StatusPill>
            <A class="text-accent-text" href={`/plugins/${props.connection.pluginId}`}>
              {props.connection.pluginTitle} {props.connection.pluginVersion}
            </A>
            <Show when={props.connection.account}>{(account) => <span>Signed in as {account()}</span>}</Show>
          </div>
        </div>
        <Show when={can('plugin-sync.run-streams')}>
          <Button
            isBusy={readNow.isBusy()}
            disabled={!props.connection.isPluginEnabled}
            aria-describedby={props.connection.isPluginEnabled ? undefined : SWITCHED_OFF}
            onClick={readNow.run}
          >
            Read now
          </Button>
        </Show>
      </header>
      <Show when={!props.connection.isPluginEnabled}>
        <p id={SWITCHED_OFF} class="mx-4 mb-3 rounded-control bg-warning-soft p-3 text-warning-text">
          The plugin is switched off: nothing is read or done through it.{' '}
          <Show when={can('plugins.manage-plugins')} fallback="An administrator can switch it on.">
            <A class="font-medium underline" href={`/plugins/${props.connection.pluginId}`}>
              Switch it on
            </A>
          </Show>
        </p>
      </Show>
      <FormProblem problem={readNow.problem()} />
      <div class="flex overflow-x-auto border-b border-line px-2">
        <Tabs
          label="Parts of this connection"
          items={[
            { value: 'overview', label: 'Overview' },
            { value: 'scopes', label: 'Scopes' },
            { value: 'records', label: 'Records' },
            { value: 'streams', label: 'Streams' },
            ...(can('plugin-actions.read-actions') ? [{ value: 'actions', label: 'Actions' }] : []),
            ...(can('plugin-events.read-deliveries') ? [{ value: 'deliveries', label: 'Deliveries' }] : []),
            { value: 'issues', label: 'Issues', count: props.connection.openIssues },
            { value: 'settings', label: 'Settings' },
            ...pluginTabs(),
          ]}
          value={state.tab}
          onChange={(tab) => setState({ tab: tab as typeof state.tab })}
        />
      </div>
      <Switch>
        <Match when={state.tab === 'overview'}>
          <ConnectionOverview connection={props.connection} />
        </Match>
        <Match when={state.tab === 'scopes'}>
          <ScopeList connection={props.connection} />
        </Match>
        <Match when={state.tab === 'records'}>
          <RecordList connectionId={props.connection.id} />
        </Match>
        <Match when={state.tab === 'streams'}>
          <StreamList connectionId={props.connection.id} declared={props.connection.streams} />
        </Match>
        <Match when={state.tab === 'actions'}>
          <ConnectionActions connectionId={props.connection.id} />
        </Match>
        <Match when={state.tab === 'deliveries'}>
          <ConnectionDeliveries connectionId={props.connection.id} />
        </Match>
        <Match when={state.tab === 'issues'}>
          <IssueList connectionId={props.connection.id} />
        </Match>
        <Match when={state.tab === 'settings'}>
          <ConnectionSettings connection={props.connection} />
        </Match>
      </Switch>
      <PluginTab tab={state.tab} subject={subject()} />
    </>
  );
}
