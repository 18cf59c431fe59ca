import Zap from 'lucide-solid/icons/zap';
import { Match, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { choiceField, createUrlState, optionalField } from '#web/app/routing/url-state.ts';
import { useScope } from '#web/app/scope/scope.ts';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ScreenHead } from '#web/ui/screen-head/screen-head.tsx';
import { Tabs } from '#web/ui/tabs/tabs.tsx';
import type { RunState } from './action-words.ts';
import { PolicyEditor } from './policy-editor.tsx';
import { RunList } from './run-list.tsx';

const VIEWS = ['waiting', 'running', 'over', 'planned', 'policy'] as const;
type ListView = Exclude<(typeof VIEWS)[number], 'policy'>;

const STATES: Readonly<Record<ListView, readonly RunState[]>> = {
  waiting: ['waiting', 'unknown'],
  running: ['approved', 'running'],
  over: ['done', 'partly-done', 'failed', 'stale', 'rejected', 'cancelled', 'expired'],
  planned: ['planned'],
};

const EMPTY: Readonly<Record<ListView, { readonly title: string; readonly text: string }>> = {
  waiting: {
    title: 'Nothing waits for a decision',
    text: 'Actions that the policy wants a second pair of eyes on stand here until somebody approves or refuses them.',
  },
  running: { title: 'Nothing runs now', text: 'Actions stand here while the vendor is asked.' },
  over: {
    title: 'Nothing was done yet',
    text: 'Plugins offer actions on their records: open a device, a user or an alert that a plugin brought.',
  },
  planned: { title: 'No open plans', text: 'Plans that nobody asked to have done stand here for a day.' },
};

/** What is done at vendors through plugins: what waits for a decision, what runs, what came of it, and the policy. */
export function RunScreen(): JSX.Element {
  const scope = useScope();
  const [state, setState] = createUrlState({ view: choiceField(VIEWS, 'waiting'), run: optionalField() });
  return (
    <>
      <ScreenHead title="Actions">
        <Tabs
          label="Views"
          value={state.view}
          onChange={(view) => setState({ view: view as (typeof VIEWS)[number], run: undefined })}
          items={[
            { value: 'waiting', label: 'To decide' },
            { value: 'running', label: 'Running' },
            { value: 'over', label: 'Over' },
            { value: 'planned', label: 'Only planned' },
            { value: 'policy', label: 'Policy' },
          ]}
        />
      </ScreenHead>
      <Switch>
        <Match when={state.view === 'policy'}>
          <PolicyEditor />
        </Match>
        <Match when={state.view !== 'policy' ? state.view : undefined} keyed>
          {(view) => (
            <div class="flex min-h-0 flex-1">
              <RunList
                filter={{
                  states: [...STATES[view]],
                  ...(scope.clientId === undefined ? {} : { clientId: scope.clientId }),
                }}
                openId={state.run}
                onOpen={(run) => setState({ run }, state.run === undefined ? 'push' : 'replace')}
                onClose={() => setState({ run: undefined })}
                onOtherRun={(run) => setState({ view: 'planned', run })}
                empty={
                  <EmptyState icon={Zap} title={EMPTY[view].title}>
                    {EMPTY[view].text}
                  </EmptyState>
                }
              />
            </div>
          )}
        </Match>
      </Switch>
    </>
  );
}
