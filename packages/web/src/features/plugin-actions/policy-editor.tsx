import ArrowDown from 'lucide-solid/icons/arrow-down';
import ArrowUp from 'lucide-solid/icons/arrow-up';
import Pencil from 'lucide-solid/icons/pencil';
import Plus from 'lucide-solid/icons/plus';
import Trash from 'lucide-solid/icons/trash';
import { For, Match, Show, Switch, createEffect, createSignal, on, untrack } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { IconButton } from '#web/ui/icon-button/icon-button.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { StatusPill, type State } from '#web/ui/status-pill/status-pill.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { HoursForm } from './hours-form.tsx';
import {
  conditionInWords,
  hiddenRules,
  hoursInWords,
  movedRule,
  NEW_RULE,
  verdictInWords,
  type Policy,
  type Rule,
} from './policy-words.ts';
import { RuleDialog } from './rule-dialog.tsx';

const VERDICT_STATES: Readonly<Record<Rule['verdict'], State>> = {
  run: 'ok',
  'approve-1': 'info',
  'approve-2': 'warning',
  deny: 'critical',
};

/** Which actions run at once, which need approval and which are denied: rules from top to bottom, the first that fits decides. */
export function PolicyEditor(): JSX.Element {
  const policy = createRecordQuery<Policy>({
    key: () => ['plugin-action-policy', 'one'],
    fetch: (signal) => api['plugin-actions'].getPolicy.query({}, { signal }),
  });
  return (
    <div class="flex min-h-0 flex-1 flex-col">
      <Switch>
        <Match when={policy.problem()}>
          {(problem) => (
            <ErrorState title="The policy could not be loaded" problem={problem()} onRetry={policy.retry} />
          )}
        </Match>
        <Match when={policy.value()}>{(value) => <Loaded policy={value()} />}</Match>
        <Match when={policy.isLoading()}>
          <div class="p-4">
            <SkeletonText lines={8} />
          </div>
        </Match>
      </Switch>
    </div>
  );
}

function Loaded(props: { policy: Policy }): JSX.Element {
  const { can } = useSession();
  const mayChange = () => can('plugin-actions.manage-policy');
  const [rules, setRules] = createSignal<readonly Rule[]>([]);
  const [hours, setHours] = createSignal(untrack(() => props.policy.workingHours));
  const [editing, setEditing] = createSignal<number>();
  createEffect(
    on(
      () => props.policy.version,
      () => {
        setRules(props.policy.rules);
        setHours(props.policy.workingHours);
      },
    ),
  );
  const isChanged = () =>
    JSON.stringify([rules(), hours()]) !== JSON.stringify([props.policy.rules, props.policy.workingHours]);
  const hidden = () => hiddenRules(rules());
  const save = createSubmit(async () => {
    const { version } = props.policy;
    await api['plugin-actions'].updatePolicy.mutate({ rules: [...rules()], workingHours: hours(), version });
    await invalidateTopic('plugin-action-policy');
    showDone('The policy holds from now on');
  });
  const keep = (rule: Rule): void => {
    const index = editing();
    if (index === undefined) return;
    setRules(index < rules().length ? rules().with(index, rule) : [...rules(), rule]);
    setEditing(undefined);
  };
  return (
    <>
      <div class="min-h-0 flex-1 overflow-y-auto p-4">
        <div class="flex max-w-220 flex-col gap-6">
          <section class="flex flex-col gap-3">
            <div class="flex flex-wrap items-center gap-3">
              <div class="min-w-0 flex-1">
                <h2 class="text-title font-semibold">Who may do what</h2>
                <p class="text-muted">
                  From top to bottom, the first rule that fits decides. What no rule speaks of is denied. Nobody
                  approves what they asked for themselves.
                  {props.policy.isOwn ? '' : ' These are the rules that hold until you change one.'}
                </p>
              </div>
              <Show when={mayChange()}>
                <Button icon={Plus} onClick={() => setEditing(rules().length)}>
                  Add a rule
                </Button>
              </Show>
            </div>
            <ol class="flex flex-col divide-y divide-line rounded-card border border-line bg-surface">
              <For each={rules()}>
                {(rule, index) => (
                  <RuleRow
                    rule={rule}
                    place={index() + 1}
                    count={rules().length}
                    isHidden={hidden().includes(index())}
                    mayChange={mayChange()}
                    onEdit={() => setEditing(index())}
                    onMove={(step) => setRules(movedRule(rules(), index(), step))}
                    onRemove={() => setRules(rules().filter((_, at) => at !== index()))}
                  />
                )}
              </For>
              <li class="flex items-center gap-3 px-4 py-2.5 text-muted">
                <span class="w-6 shrink-0" />
                <span class="flex-1">Anything else</span>
                <StatusPill state="critical">is denied</StatusPill>
              </li>
            </ol>
          </section>
          <section class="flex flex-col gap-3">
            <div>
              <h2 class="text-title font-semibold">Working hours</h2>
              <p class="text-muted">{hoursInWords(hours())}, in the time zone of your company.</p>
            </div>
            <Show when={mayChange()}>
              <HoursForm hours={hours()} onChange={setHours} errors={save.problem()?.fields ?? {}} />
            </Show>
          </section>
        </div>
      </div>
      <Show when={mayChange()}>
        <div class="flex flex-wrap items-center gap-3 border-t border-line px-4 py-3">
          <Button kind="primary" isBusy={save.isBusy()} disabled={!isChanged()} onClick={save.run}>
            Save the policy
          </Button>
          <Show when={isChanged()}>
            <Button
              onClick={() => {
                setRules(props.policy.rules);
                setHours(props.policy.workingHours);
              }}
            >
              Discard
            </Button>
            <span class="text-muted" role="status">
              Not saved yet.
            </span>
          </Show>
          <FormProblem problem={save.problem()} />
        </div>
      </Show>
      <RuleDialog
        rule={editing() === undefined ? undefined : (rules()[editing() ?? 0] ?? NEW_RULE)}
        onKeep={keep}
        onClose={() => setEditing(undefined)}
      />
    </>
  );
}

function RuleRow(props: {
  rule: Rule;
  place: number;
  count: number;
  isHidden: boolean;
  mayChange: boolean;
  onEdit: () => void;
  onMove: (step: -1 | 1) => void;
  onRemove: () => void;
}): JSX.Element {
  return (
    <li class="flex items-start gap-3 px-4 py-2.5 max-md:flex-wrap">
      <span class="w-6 shrink-0 text-right text-faint tabular-nums">{props.place}</span>
      <div class="min-w-0 flex-1">
        <p class="break-words">{conditionInWords(props.rule)}</p>
        <p class="break-words text-muted">{props.rule.note}</p>
        <Show when={props.isHidden}>
          <p class="text-warning-text">It never decides: a rule above fits everything that it fits.</p>
        </Show>
      </div>
      <div class="flex items-center gap-2 max-md:basis-full max-md:pl-9">
        <StatusPill state={VERDICT_STATES[props.rule.verdict]}>{verdictInWords(props.rule)}</StatusPill>
        <Show when={props.mayChange}>
          <div class="ml-auto flex">
            <IconButton
              icon={ArrowUp}
              label={`Rule ${props.place} up`}
              isDisabled={props.place === 1}
              onClick={() => props.onMove(-1)}
            />
            <IconButton
              icon={ArrowDown}
              label={`Rule ${props.place} down`}
              isDisabled={props.place === props.count}
              onClick={() => props.onMove(1)}
            />
            <IconButton icon={Pencil} label={`Change rule ${props.place}`} onClick={() => props.onEdit()} />
            <IconButton icon={Trash} label={`Remove rule ${props.place}`} onClick={() => props.onRemove()} />
          </div>
        </Show>
      </div>
    </li>
  );
}
