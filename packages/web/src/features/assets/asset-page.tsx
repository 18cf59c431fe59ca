import { A, useParams } from '@solidjs/router';
import ArrowLeft from 'lucide-solid/icons/arrow-left';
import Pencil from 'lucide-solid/icons/pencil';
import { Match, Show, Switch, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { registerActions } from '#web/app/actions/actions.ts';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { createTitle } from '#web/app/routing/titled-screen.tsx';
import { createUrlState } from '#web/app/routing/url-state.ts';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button, buttonClass } from '#web/ui/button/button.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { Tabs } from '#web/ui/tabs/tabs.tsx';
import { MetricCharts } from '#web/features/monitoring/metric-charts.tsx';
import { AssetUpdates } from '#web/features/patching/asset-updates.tsx';
import { createPluginTabs, PluginTab, tabField } from '#web/features/plugin-views/plugin-tab.tsx';
import { AssetSources } from '#web/features/plugins/places/asset-sources.tsx';
import { ArchiveAssetButton } from './archive-asset-button.tsx';
import { AssetAgent } from './asset-agent.tsx';
import { AssetHistory } from './asset-history.tsx';
import { AssetOverview } from './asset-overview.tsx';
import { AssetServices } from './asset-services.tsx';
import { AssetSoftware } from './asset-software.tsx';
import { AssetState } from './asset-state.tsx';
import { KINDS, type AssetDetail } from './asset-words.ts';
import { EditAsset } from './edit-asset.tsx';

const TABS = ['overview', 'metrics', 'software', 'services', 'updates', 'agent', 'plugins', 'history'] as const;

/** One asset with all that is known of it. */
export function AssetPage(): JSX.Element {
  const params = useParams<{ assetId: string }>();
  const scoped = useScopedHref();
  const asset = createRecordQuery({
    key: () => ['asset', 'one', params.assetId],
    fetch: (signal) => api.assets.getAsset.query({ assetId: params.assetId as never }, { signal }),
  });
  createTitle(() => asset.value()?.name);
  return (
    <div class="flex min-h-0 flex-1 flex-col overflow-y-auto">
      <div class="px-4 pt-3">
        <A class={`${buttonClass({ kind: 'quiet', size: 'small' })} -ml-2`} href={scoped('/assets')}>
          <ArrowLeft size={13} /> Assets
        </A>
      </div>
      <Show when={asset.problem()}>
        {(problem) => <ErrorState title="The asset could not be loaded" problem={problem()} onRetry={asset.retry} />}
      </Show>
      <Show
        when={asset.value()}
        fallback={
          <Show when={asset.problem() === undefined}>
            <div class="max-w-160 p-4">
              <SkeletonText lines={6} />
            </div>
          </Show>
        }
      >
        {(value) => <Loaded asset={value()} />}
      </Show>
    </div>
  );
}

function Loaded(props: { asset: AssetDetail }): JSX.Element {
  const { can } = useSession();
  const [isEditing, setEditing] = createSignal(false);
  const [state, setState] = createUrlState({ tab: tabField(TABS, 'overview') });
  const canManage = (): boolean => can('assets.manage-assets');
  registerActions({
    id: 'assets.edit-asset',
    name: 'Edit this asset',
    group: 'Assets',
    shortcut: 'e',
    isEnabled: canManage,
    run: () => setEditing(true),
  });
  const subject = () => ({ assetId: props.asset.id });
  const pluginTabs = createPluginTabs(subject);
  const tabs = () => [
    { value: 'overview', label: 'Overview' },
    ...(can('monitoring.read-metrics') ? [{ value: 'metrics', label: 'Metrics' }] : []),
    { value: 'software', label: 'Software', count: props.asset.softwareCount },
    { value: 'services', label: 'Services', count: props.asset.serviceCount },
    ...(can('patching.read-updates') ? [{ value: 'updates', label: 'Updates' }] : []),
    ...(can('endpoints.read-agents') ? [{ value: 'agent', label: 'Agent' }] : []),
    ...(can('plugin-sync.read-records') ? [{ value: 'plugins', label: 'Plugins' }] : []),
    ...pluginTabs(),
    { value: 'history', label: 'History' },
  ];
  return (
    <>
      <header class="flex flex-wrap items-start gap-x-6 gap-y-2 px-4 pt-1 pb-3">
        <div class="min-w-0 flex-1">
          <h1 class="text-display font-semibold tracking-tight break-words">{props.asset.name}</h1>
          <p class="mb-2 text-muted">
            {[KINDS[props.asset.kind], props.asset.model, props.asset.operatingSystem]
              .filter((part) => part !== '')
              .join(' · ')}
          </p>
          <AssetState asset={props.asset} />
        </div>
        <Show when={canManage()}>
          <div class="flex gap-2">
            <Button icon={Pencil} shortcut="e" onClick={() => setEditing(true)}>
              Edit
            </Button>
            <ArchiveAssetButton asset={props.asset} />
          </div>
        </Show>
      </header>
      <div class="flex border-b border-line px-2">
        <Tabs
          label="Sections"
          items={tabs()}
          value={state.tab}
          onChange={(tab) => setState({ tab: tab as typeof state.tab })}
        />
      </div>
      <Switch>
        <Match when={state.tab === 'overview'}>
          <AssetOverview asset={props.asset} />
        </Match>
        <Match when={state.tab === 'metrics'}>
          <MetricCharts assetId={props.asset.id} assetName={props.asset.name} />
        </Match>
        <Match when={state.tab === 'software'}>
          <AssetSoftware asset={props.asset} />
        </Match>
        <Match when={state.tab === 'services'}>
          <AssetServices asset={props.asset} />
        </Match>
        <Match when={state.tab === 'updates'}>
          <AssetUpdates assetId={props.asset.id} assetName={props.asset.name} />
        </Match>
        <Match when={state.tab === 'agent'}>
          <AssetAgent assetId={props.asset.id} assetName={props.asset.name} />
        </Match>
        <Match when={state.tab === 'plugins'}>
          <AssetSources assetId={props.asset.id} />
        </Match>
        <Match when={state.tab === 'history'}>
          <AssetHistory asset={props.asset} />
        </Match>
      </Switch>
      <PluginTab tab={state.tab} subject={subject()} />
      <EditAsset asset={props.asset} isOpen={isEditing()} onOpenChange={setEditing} />
    </>
  );
}
