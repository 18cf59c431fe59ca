import { A, useParams } from '@solidjs/router';
import ArrowLeft from 'lucide-solid/icons/arrow-left';
import { Match, Show, Switch, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { createTitle } from '#web/app/routing/titled-screen.tsx';
import { createUrlState } from '#web/app/routing/url-state.ts';
import { toProblem } from '#web/app/problem/problem.ts';
import { useSession } from '#web/app/session/session.tsx';
import { createPluginTabs, PluginTab, tabField } from '#web/features/plugin-views/plugin-tab.tsx';
import { ClientPlugins } from '#web/features/plugins/places/client-plugins.tsx';
import { Button, buttonClass } from '#web/ui/button/button.tsx';
import { DescriptionList } from '#web/ui/description-list/description-list.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { Tabs } from '#web/ui/tabs/tabs.tsx';
import { showDone, showProblem } from '#web/ui/toast/toast-store.ts';
import { ClientContacts } from './client-contacts.tsx';
import { ClientSites } from './client-sites.tsx';
import { ClientBlocks } from '#web/features/billing/block-balance.tsx';
import { BrandLook } from '#web/features/branding/brand-look.tsx';
import { CLIENT_STATES, type Client } from './client-words.ts';
import { MailDomains } from './mail-domains.tsx';

const TABS = ['overview', 'contacts', 'sites', 'plugins'] as const;

/** One client with the people and places that belong to it. */
export function ClientPage(): JSX.Element {
  const params = useParams<{ clientId: string }>();
  const client = createRecordQuery<Client>({
    key: () => ['tenancy.client', 'one', params.clientId],
    fetch: (signal) => api.tenancy.getClient.query({ clientId: params.clientId }, { signal }),
  });
  createTitle(() => client.value()?.name);
  return (
    <div class="flex min-h-0 flex-1 flex-col overflow-y-auto">
      <div class="px-4 pt-3">
        <A class={`${buttonClass({ kind: 'quiet', size: 'small' })} -ml-2`} href="/clients">
          <ArrowLeft size={13} /> Clients
        </A>
      </div>
      <Show when={client.problem()}>
        {(problem) => <ErrorState title="The client could not be loaded" problem={problem()} onRetry={client.retry} />}
      </Show>
      <Show
        when={client.value()}
        fallback={
          <Show when={client.problem() === undefined}>
            <div class="max-w-160 p-4">
              <SkeletonText lines={6} />
            </div>
          </Show>
        }
      >
        {(value) => <Loaded client={value()} />}
      </Show>
    </div>
  );
}

function Loaded(props: { client: Client }): JSX.Element {
  const { can } = useSession();
  const [state, setState] = createUrlState({ tab: tabField(TABS, 'overview') });
  const subject = () => ({ clientId: props.client.id });
  const pluginTabs = createPluginTabs(subject);
  return (
    <>
      <header class="flex flex-wrap items-start gap-x-6 gap-y-2 px-4 pt-1 pb-3">
        <div class="min-w-0 flex-1">
          <h1 class="text-display font-semibold tracking-tight break-words">{props.client.name}</h1>
          <div class="mt-1 flex items-center gap-2 text-muted">
            <StatusPill state={CLIENT_STATES[props.client.state].state} hasMark>
              {CLIENT_STATES[props.client.state].word}
            </StatusPill>
            <span class="font-mono">{props.client.shortCode}</span>
          </div>
        </div>
        <div class="flex gap-2">
          <A class={buttonClass({})} href={`/assets?client=${props.client.id}`}>
            Assets
          </A>
          <A class={buttonClass({})} href={`/tickets?client=${props.client.id}`}>
            Tickets
          </A>
        </div>
      </header>
      <div class="flex border-b border-line px-2">
        <Tabs
          label="Parts of this client"
          items={[
            { value: 'overview', label: 'Overview' },
            { value: 'contacts', label: 'Contacts' },
            { value: 'sites', label: 'Sites' },
            ...(can('plugin-scopes.read-scopes') ? [{ value: 'plugins', label: 'Plugins' }] : []),
            ...pluginTabs(),
          ]}
          value={state.tab}
          onChange={(tab) => setState({ tab: tab as typeof state.tab })}
        />
      </div>
      <Show
        when={state.tab === 'plugins'}
        fallback={
          <div class="p-4 empty:hidden">
            <Switch>
              <Match when={state.tab === 'overview'}>
                <Overview client={props.client} />
              </Match>
              <Match when={state.tab === 'contacts'}>
                <ClientContacts clientId={props.client.id} />
              </Match>
              <Match when={state.tab === 'sites'}>
                <ClientSites client={props.client} />
              </Match>
            </Switch>
          </div>
        }
      >
        <ClientPlugins clientId={props.client.id} clientName={props.client.name} />
      </Show>
      <PluginTab tab={state.tab} subject={subject()} />
    </>
  );
}

const NEXT: Readonly<Record<Client['state'], readonly { to: Client['state']; label: string }[]>> = {
  prospect: [{ to: 'active', label: 'Make active' }],
  active: [{ to: 'suspended', label: 'Suspend' }],
  suspended: [
    { to: 'active', label: 'Make active' },
    { to: 'archived', label: 'Archive' },
  ],
  archived: [{ to: 'active', label: 'Make active' }],
};

function Overview(props: { client: Client }): JSX.Element {
  const { can, session } = useSession();
  const [isBusy, setBusy] = createSignal(false);
  const change = async (to: Client['state']): Promise<void> => {
    const { id, version } = props.client;
    setBusy(true);
    try {
      await api.tenancy.updateClient.mutate({ clientId: id, version, state: to });
      await invalidateTopic('tenancy.client', id);
      showDone(`${props.client.name} is ${CLIENT_STATES[to].word.toLowerCase()} now`);
    } catch (error) {
      showProblem('The state was not changed', toProblem(error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="flex max-w-160 flex-col gap-5">
      <DescriptionList
        items={[
          { term: 'Time zone', value: props.client.timeZone },
          { term: 'Mail domains', value: <MailDomains client={props.client} /> },
          { term: 'Since', value: <RelativeTime iso={props.client.createdAt} /> },
        ]}
      />
      <Show
        when={!props.client.isInternal}
        fallback={
          <p class="text-muted">
            This is your own company: machines and networks that serve several clients belong here.
          </p>
        }
      >
        <Show when={can('tenancy.manage-clients')}>
          <div class="flex gap-2">
            {NEXT[props.client.state].map((next) => (
              <Button isBusy={isBusy()} onClick={() => void change(next.to)}>
                {next.label}
              </Button>
            ))}
          </div>
        </Show>
        <Show when={can('branding.manage-brand')}>
          <section aria-label="The look of its portal">
            <h2 class="mb-3 font-semibold">The look of its portal</h2>
            <BrandLook clientId={props.client.id} name={session().msp.name} hue={session().msp.accentHue} />
          </section>
        </Show>
        {/* Last, since it comes later and nothing may move for it. */}
        <ClientBlocks clientId={props.client.id} />
      </Show>
    </div>
  );
}
