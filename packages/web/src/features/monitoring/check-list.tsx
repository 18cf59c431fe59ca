import Plus from 'lucide-solid/icons/plus';
import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { registerActions } from '#web/app/actions/actions.ts';
import { api } from '#web/app/api/api.ts';
import { toProblem } from '#web/app/problem/problem.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useSession } from '#web/app/session/session.tsx';
import { SEVERITIES } from '#web/features/alerts/alert-words.ts';
import { Button } from '#web/ui/button/button.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { ScreenHead } from '#web/ui/screen-head/screen-head.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { SwitchToggle } from '#web/ui/switch-toggle/switch-toggle.tsx';
import { showProblem } from '#web/ui/toast/toast-store.ts';
import { CheckDialog } from './check-dialog.tsx';
import { duration, ruleOf, type Check } from './check-words.ts';

/** The checks that watch all machines. */
export function CheckList(): JSX.Element {
  const { can } = useSession();
  const [editing, setEditing] = createSignal<Check | 'new'>();
  const checks = createRecordQuery({
    key: () => ['check', 'list', 'all'],
    fetch: (signal) => api.monitoring.listChecks.query({}, { signal }),
  });
  const canManage = (): boolean => can('monitoring.manage-checks');
  registerActions({
    id: 'monitoring.new-check',
    name: 'New check',
    group: 'Checks',
    shortcut: 'c',
    isEnabled: canManage,
    run: () => setEditing('new'),
  });
  return (
    <>
      <ScreenHead
        title="Checks"
        actions={
          <Show when={canManage()}>
            <Button kind="primary" icon={Plus} shortcut="c" onClick={() => setEditing('new')}>
              New check
            </Button>
          </Show>
        }
      />
      <div class="min-h-0 flex-1 overflow-y-auto">
        <Show when={checks.problem()}>
          {(problem) => (
            <ErrorState title="The checks could not be loaded" problem={problem()} onRetry={checks.retry} />
          )}
        </Show>
        <Show when={checks.isLoading()}>
          <div class="p-4">
            <SkeletonText lines={6} />
          </div>
        </Show>
        <ul aria-label="Checks">
          <For each={checks.value()}>
            {(check) => <CheckRow check={check} canManage={canManage()} onEdit={() => setEditing(check)} />}
          </For>
        </ul>
      </div>
      <Show when={editing()}>
        {(check) => (
          <CheckDialog
            check={check() === 'new' ? undefined : (check() as Check)}
            onClose={() => setEditing(undefined)}
          />
        )}
      </Show>
    </>
  );
}

function CheckRow(props: { check: Check; canManage: boolean; onEdit: () => void }): JSX.Element {
  const setEnabled = (isEnabled: boolean): void => {
    const { id, version } = props.check;
    api.monitoring.updateCheck
      .mutate({ checkId: id as never, version, isEnabled })
      .catch((error: unknown) => showProblem(toProblem(error).message))
      .finally(() => void invalidateTopic('check'));
  };
  return (
    <li class="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-4 py-2.5">
      <div class="min-w-0 flex-1">
        <p class="font-medium">{props.check.name}</p>
        <p class="text-muted">
          {ruleOf(props.check)}
          <Show when={props.check.kind === 'threshold' && props.check.recoverThreshold !== props.check.threshold}>
            , recovers at {props.check.recoverThreshold.toLocaleString()}
          </Show>
          <Show when={props.check.overrides.length > 0}>
            {' '}
            · {props.check.overrides.length} {props.check.overrides.length === 1 ? 'exception' : 'exceptions'}
          </Show>
        </p>
      </div>
      <StatusPill state={SEVERITIES[props.check.severity].state} hasMark>
        {SEVERITIES[props.check.severity].word}
      </StatusPill>
      <span class="w-16 text-muted tabular-nums">{duration(props.check.forSeconds)}</span>
      <Show when={props.canManage} fallback={<span class="text-muted">{props.check.isEnabled ? 'On' : 'Off'}</span>}>
        <SwitchToggle label={props.check.isEnabled ? 'On' : 'Off'} isOn={props.check.isEnabled} onChange={setEnabled} />
        <Button size="small" onClick={() => props.onEdit()} aria-label={`Change ${props.check.name}`}>
          Change
        </Button>
      </Show>
    </li>
  );
}
