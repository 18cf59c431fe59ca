import Zap from 'lucide-solid/icons/zap';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { createUrlState, optionalField } from '#web/app/routing/url-state.ts';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ActionButtons } from './action-buttons.tsx';
import { RunList } from './run-list.tsx';

/** What can be done on a whole connection, and what was done through it. */
export function ConnectionActions(props: { connectionId: string }): JSX.Element {
  const [state, setState] = createUrlState({ run: optionalField() });
  const actions = createRecordQuery({
    key: () => ['plugin-connection', 'one', props.connectionId, 'actions'],
    fetch: (signal) => api['plugin-actions'].listActions.query({ connectionId: props.connectionId }, { signal }),
  });
  return (
    <>
      <Show when={(actions.value()?.length ?? 0) > 0}>
        <div class="border-b border-line p-4">
          <ActionButtons actions={actions.value() ?? []} />
        </div>
      </Show>
      <RunList
        filter={{ connectionId: props.connectionId }}
        openId={state.run}
        onOpen={(run) => setState({ run }, state.run === undefined ? 'push' : 'replace')}
        onClose={() => setState({ run: undefined })}
        onOtherRun={(run) => setState({ run })}
        empty={
          <EmptyState icon={Zap} title="Nothing was done through this connection yet">
            Actions are offered on the records that it brings: open a device, a user or an alert. They must be switched
            on for the client first, under Scopes.
          </EmptyState>
        }
      />
    </>
  );
}
