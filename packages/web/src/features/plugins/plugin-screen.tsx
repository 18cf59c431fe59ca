import Upload from 'lucide-solid/icons/upload';
import { useNavigate } from '@solidjs/router';
import { Match, Show, Switch, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { problemFromResponse, toProblem } from '#web/app/problem/problem.ts';
import { choiceField, createUrlState } from '#web/app/routing/url-state.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { ScreenHead } from '#web/ui/screen-head/screen-head.tsx';
import { Tabs } from '#web/ui/tabs/tabs.tsx';
import { showProblem } from '#web/ui/toast/toast-store.ts';
import { Catalogue } from './catalogue.tsx';
import { ConnectionList } from './connection-list.tsx';
import { InstallDialog } from './install-dialog.tsx';
import { IssueList } from './issue-list.tsx';
import { PluginList } from './plugin-list.tsx';

const VIEWS = ['connections', 'issues', 'installed', 'catalogue'] as const;

/** Where plugins are installed and connected, and what of them needs a person. */
export function PluginScreen(): JSX.Element {
  const { can } = useSession();
  const go = useNavigate();
  const [state, setState] = createUrlState({ view: choiceField(VIEWS, 'connections') });
  const [packageId, setPackageId] = createSignal<string>();
  const issues = createRecordQuery({
    key: () => ['plugin-connection', 'list', 'issue-count'],
    fetch: (signal) => api['plugin-host'].listIssues.query({ limit: 100 }, { signal }),
  });
  return (
    <>
      <ScreenHead
        title="Plugins"
        actions={
          <Show when={can('plugins.manage-plugins')}>
            <UploadButton onReceived={setPackageId} />
          </Show>
        }
      >
        <Tabs
          label="Views"
          value={state.view}
          onChange={(view) => setState({ view: view as (typeof VIEWS)[number] })}
          items={[
            { value: 'connections', label: 'Connections' },
            { value: 'issues', label: 'Issues', count: issues.value()?.items.length },
            { value: 'installed', label: 'Installed' },
            { value: 'catalogue', label: 'Catalogue' },
          ]}
        />
      </ScreenHead>
      <Switch>
        <Match when={state.view === 'connections'}>
          <ConnectionList onCatalogue={() => setState({ view: 'catalogue' })} />
        </Match>
        <Match when={state.view === 'issues'}>
          <IssueList />
        </Match>
        <Match when={state.view === 'installed'}>
          <PluginList onCatalogue={() => setState({ view: 'catalogue' })} />
        </Match>
        <Match when={state.view === 'catalogue'}>
          <Catalogue onTake={setPackageId} />
        </Match>
      </Switch>
      <InstallDialog
        packageId={packageId()}
        onClose={() => setPackageId(undefined)}
        onDone={(pluginId) => {
          setPackageId(undefined);
          go(`/plugins/${pluginId}`);
        }}
      />
    </>
  );
}

/** Sends a packed plugin; nothing of it runs before it is consented to. */
function UploadButton(props: { onReceived: (packageId: string) => void }): JSX.Element {
  let picker: HTMLInputElement | undefined;
  const [isBusy, setBusy] = createSignal(false);
  const send = async (file: File): Promise<void> => {
    setBusy(true);
    try {
      const response = await fetch('/api/v1/plugin-packages', {
        method: 'POST',
        body: file,
        headers: {
          'content-type': 'application/octet-stream',
          'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name.toWellFormed())}`,
        },
      });
      if (!response.ok) throw await problemFromResponse(response);
      props.onReceived(((await response.json()) as { packageId: string }).packageId);
    } catch (error) {
      const problem = toProblem(error);
      showProblem(
        `${file.name} was not accepted`,
        problem.code === 'plugins.not-a-bundle'
          ? 'This file is no packed plugin (.bailiwick-plugin).'
          : problem.message,
      );
    } finally {
      setBusy(false);
    }
  };
  return (
    <div>
      <input
        ref={picker}
        type="file"
        class="hidden"
        accept=".bailiwick-plugin"
        aria-label="Packed plugin"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file !== undefined) void send(file);
        }}
      />
      <Button isBusy={isBusy()} onClick={() => picker?.click()}>
        <Upload size={14} /> Upload a plugin
      </Button>
    </div>
  );
}
