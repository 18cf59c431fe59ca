import { Match, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { choiceField, createUrlState } from '#web/app/routing/url-state.ts';
import { ScreenHead } from '#web/ui/screen-head/screen-head.tsx';
import { Tabs } from '#web/ui/tabs/tabs.tsx';
import { InstallList } from './install-list.tsx';
import { MachineList } from './machine-list.tsx';
import { UpdateList } from './update-list.tsx';

const VIEWS = ['updates', 'machines', 'installs'] as const;

/** What waits, by update and by machine, and what came of installing it. */
export function PatchingScreen(): JSX.Element {
  const [state, setState] = createUrlState({ view: choiceField(VIEWS, 'updates') });
  return (
    <>
      <ScreenHead title="Patching">
        <Tabs
          label="Views"
          value={state.view}
          onChange={(view) => setState({ view: view as (typeof VIEWS)[number] }, 'push')}
          items={[
            { value: 'updates', label: 'By update' },
            { value: 'machines', label: 'By machine' },
            { value: 'installs', label: 'Installations' },
          ]}
        />
      </ScreenHead>
      <Switch>
        <Match when={state.view === 'updates'}>
          <UpdateList />
        </Match>
        <Match when={state.view === 'machines'}>
          <MachineList />
        </Match>
        <Match when={state.view === 'installs'}>
          <InstallList />
        </Match>
      </Switch>
    </>
  );
}
