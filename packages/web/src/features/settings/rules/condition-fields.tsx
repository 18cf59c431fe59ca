import Plus from 'lucide-solid/icons/plus';
import X from 'lucide-solid/icons/x';
import { For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import type { SetStoreFunction } from 'solid-js/store';
import { Button } from '#web/ui/button/button.tsx';
import { IconButton } from '#web/ui/icon-button/icon-button.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { emptyCondition, type ConditionDraft, type RuleDraft } from './rule-draft.ts';
import type { RuleNames } from './rule-source.ts';
import { CONDITION_OPTIONS, isWords, isYesNo, operatorsOf, valuesOf } from './rule-words.ts';
import { ValuePicker } from './value-picker.tsx';

/** Which tickets a rule is about. */
export function ConditionFields(props: {
  draft: RuleDraft;
  set: SetStoreFunction<RuleDraft>;
  names: RuleNames;
  errors: Readonly<Record<string, string>>;
}): JSX.Element {
  const errorOf = (index: number): string | undefined =>
    Object.entries(props.errors).find(([path]) => path.startsWith(`definition.if.groups.0.conditions.${index}.`))?.[1];
  return (
    <div class="flex flex-col gap-2">
      <Show
        when={props.draft.conditions.length > 0}
        fallback={<p class="text-muted">Every ticket. Add a condition to make it some.</p>}
      >
        <Show when={props.draft.conditions.length > 1}>
          <Select
            class="w-56"
            aria-label="How conditions go together"
            value={props.draft.match}
            options={[
              { value: 'all', label: 'all of these hold' },
              { value: 'any', label: 'one of these holds' },
            ]}
            onChange={(match) => props.set('match', match as 'all')}
          />
        </Show>
        <ul class="flex flex-col gap-2">
          <For each={props.draft.conditions}>
            {(condition, index) => (
              <li>
                <div class="flex flex-wrap items-center gap-2">
                  <ConditionRow
                    condition={condition}
                    names={props.names}
                    onChange={(change) => props.set('conditions', index(), change)}
                  />
                  <IconButton
                    icon={X}
                    label={`Remove condition ${index() + 1}`}
                    onClick={() => props.set('conditions', (all) => all.filter((_, place) => place !== index()))}
                  />
                </div>
                <Show when={errorOf(index())}>
                  {(error) => (
                    <p role="alert" class="text-small text-critical-text">
                      {error()}
                    </p>
                  )}
                </Show>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Button
        size="small"
        class="self-start"
        icon={Plus}
        onClick={() => props.set('conditions', props.draft.conditions.length, emptyCondition())}
      >
        Add a condition
      </Button>
    </div>
  );
}

function ConditionRow(props: {
  condition: ConditionDraft;
  names: RuleNames;
  onChange: (change: Partial<ConditionDraft>) => void;
}): JSX.Element {
  const field = () => props.condition.field;
  return (
    <>
      <Select
        class="w-52"
        aria-label="Field"
        value={field()}
        options={CONDITION_OPTIONS}
        onChange={(next) =>
          props.onChange({ field: next, op: operatorsOf(next)[0]?.value ?? 'is', values: [], words: '' })
        }
      />
      <Select
        class="w-32"
        aria-label="Operator"
        value={props.condition.op}
        options={operatorsOf(field())}
        onChange={(op) => props.onChange({ op })}
      />
      <Switch
        fallback={
          <Show when={props.condition.op === 'is' || props.condition.op === 'is-not'}>
            <ValuePicker
              label="Values"
              options={valuesOf(field(), props.names)}
              values={props.condition.values}
              onChange={(values) => props.onChange({ values })}
            />
          </Show>
        }
      >
        <Match when={isYesNo(field())}>
          <Select
            class="w-24"
            aria-label="Yes or no"
            value={props.condition.isYes ? 'yes' : 'no'}
            options={['yes', 'no'].map((value) => ({ value, label: value }))}
            onChange={(answer) => props.onChange({ isYes: answer === 'yes' })}
          />
        </Match>
        <Match when={isWords(field())}>
          <Input
            class="min-w-48 flex-1"
            aria-label="Words"
            placeholder="vpn, password reset"
            value={props.condition.words}
            onInput={(event) => props.onChange({ words: event.currentTarget.value })}
          />
        </Match>
        <Match when={field() === 'hours'}>
          <Select
            class="w-44"
            aria-label="Calendar"
            value={props.condition.calendarId}
            options={[{ value: '', label: 'Choose…' }, ...props.names.hours]}
            onChange={(calendarId) => props.onChange({ calendarId })}
          />
        </Match>
      </Switch>
    </>
  );
}
