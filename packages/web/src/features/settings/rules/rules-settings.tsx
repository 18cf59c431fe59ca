import ArrowDown from 'lucide-solid/icons/arrow-down';
import ArrowUp from 'lucide-solid/icons/arrow-up';
import Trash from 'lucide-solid/icons/trash';
import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createUrlState, textField } from '#web/app/routing/url-state.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { IconButton } from '#web/ui/icon-button/icon-button.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { SwitchToggle } from '#web/ui/switch-toggle/switch-toggle.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { SettingsSection } from '../settings-section.tsx';
import { EditRule } from './edit-rule.tsx';
import { RuleLog } from './rule-log.tsx';
import { createRuleNames, createRules, refreshRules, type Rule, type RuleNames } from './rule-source.ts';
import { actionText, conditionText, triggerText } from './rule-words.ts';

/** The rules of the service desk in their order, and what they did. */
export function RulesSettings(): JSX.Element {
  const { can } = useSession();
  const rules = createRules();
  const names = createRuleNames();
  const [state, setState] = createUrlState({ rule: textField('') });
  const [edited, setEdited] = createSignal<Rule | 'new'>();
  const mayChange = () => can('desk-rules.manage-rules');
  return (
    <SettingsSection
      title="Rules"
      lead="When something happens to a ticket, or time has passed, and it is of a kind, then something is done. Asked from top to bottom."
      query={names}
      action={
        <Show when={mayChange()}>
          <Button kind="primary" onClick={() => setEdited('new')}>
            New rule
          </Button>
        </Show>
      }
    >
      {(known) => (
        <>
          <RuleList
            rules={rules.value() ?? []}
            isLoading={rules.isLoading()}
            names={known}
            mayChange={mayChange()}
            onEdit={setEdited}
            onLog={(rule) => setState({ rule: rule.id })}
          />
          <RuleLog
            rules={rules.value() ?? []}
            names={known}
            ruleId={state.rule}
            onRule={(rule) => setState({ rule })}
          />
          <EditRule rule={edited()} names={known} onClose={() => setEdited(undefined)} />
        </>
      )}
    </SettingsSection>
  );
}

function RuleList(props: {
  rules: readonly Rule[];
  isLoading: boolean;
  names: RuleNames;
  mayChange: boolean;
  onEdit: (rule: Rule) => void;
  onLog: (rule: Rule) => void;
}): JSX.Element {
  const [doing, setDoing] = createSignal<() => Promise<unknown>>(async () => undefined);
  const submit = createSubmit(async () => {
    await doing()();
    await refreshRules();
  });
  const act = (work: () => Promise<unknown>): void => {
    setDoing(() => work);
    submit.run();
  };
  const move = (rule: Rule, step: number): void => {
    const ids = props.rules.map(({ id }) => id);
    const from = ids.indexOf(rule.id);
    const [taken] = ids.splice(from, 1);
    if (taken === undefined) return;
    ids.splice(from + step, 0, taken);
    act(() => api['desk-rules'].orderRules.mutate({ ruleIds: ids }));
  };
  const remove = (rule: Rule): void =>
    act(async () => {
      await api['desk-rules'].removeRule.mutate({ ruleId: rule.id, version: rule.version });
      showDone(`${rule.name} was removed. What it did stays in the log.`);
    });
  return (
    <>
      <FormProblem problem={submit.problem()} />
      <ol class="divide-y divide-line">
        <For
          each={props.rules}
          fallback={
            <Show when={!props.isLoading}>
              <li class="py-4 text-muted">
                There is no rule yet. A first one could send what clients call urgent to a queue, or close what was
                silent for two weeks.
              </li>
            </Show>
          }
        >
          {(rule, index) => (
            <li class="flex flex-wrap items-start gap-x-4 gap-y-2 py-3">
              <div class="min-w-60 flex-1">
                <button
                  type="button"
                  class="text-left font-medium hover:underline disabled:no-underline"
                  disabled={!props.mayChange}
                  onClick={() => props.onEdit(rule)}
                >
                  {index() + 1}. {rule.name}
                </button>
                <p class="text-muted">{inWords(rule, props.names)}</p>
                <Show when={rule.offReason}>
                  {(reason) => <p class="mt-1 text-warning-text">Switched off: {reason()}</p>}
                </Show>
                <Show when={rule.lastRanAt}>
                  {(at) => (
                    <button
                      type="button"
                      class="text-small text-muted hover:underline"
                      onClick={() => props.onLog(rule)}
                    >
                      Last ran <RelativeTime iso={at()} />
                    </button>
                  )}
                </Show>
              </div>
              <Show when={props.mayChange}>
                <div class="flex items-center gap-1">
                  <SwitchToggle
                    label={rule.isActive ? 'On' : 'Off'}
                    isOn={rule.isActive}
                    onChange={(isActive) =>
                      act(() =>
                        api['desk-rules'].setRuleActive.mutate({ ruleId: rule.id, version: rule.version, isActive }),
                      )
                    }
                  />
                  <IconButton
                    icon={ArrowUp}
                    label={`Ask ${rule.name} earlier`}
                    isDisabled={index() === 0}
                    onClick={() => move(rule, -1)}
                  />
                  <IconButton
                    icon={ArrowDown}
                    label={`Ask ${rule.name} later`}
                    isDisabled={index() === props.rules.length - 1}
                    onClick={() => move(rule, 1)}
                  />
                  <IconButton icon={Trash} label={`Remove ${rule.name}`} onClick={() => remove(rule)} />
                </div>
              </Show>
            </li>
          )}
        </For>
      </ol>
    </>
  );
}

/** The rule as one sentence. */
function inWords({ definition, stops }: Rule, names: RuleNames): string {
  const groups = (definition.if?.groups ?? []).map((group) =>
    group.conditions.map((one) => conditionText(one, names)).join(group.match === 'any' ? ' or ' : ' and '),
  );
  const glue = definition.if?.match === 'any' ? ', or ' : ', and ';
  const about = groups.length === 0 ? '' : `, if ${groups.join(glue)}`;
  const what = definition.actions.map((one) => actionText(one, names)).join('; ');
  return `When ${triggerText(definition.when)}${about}: ${what}.${stops ? ' Then no later rule.' : ''}`;
}
