import Plus from 'lucide-solid/icons/plus';
import X from 'lucide-solid/icons/x';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import type { SetStoreFunction } from 'solid-js/store';
import { Button } from '#web/ui/button/button.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { IconButton } from '#web/ui/icon-button/icon-button.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { Textarea } from '#web/ui/textarea/textarea.tsx';
import { emptyAction, type ActionDraft, type RuleDraft } from './rule-draft.ts';
import type { RuleNames } from './rule-source.ts';
import { ACTION_OPTIONS, settingOf } from './rule-words.ts';
import { ValuePicker } from './value-picker.tsx';

/** What a rule does, in its order. */
export function ActionFields(props: {
  draft: RuleDraft;
  set: SetStoreFunction<RuleDraft>;
  names: RuleNames;
  errors: Readonly<Record<string, string>>;
}): JSX.Element {
  const errorOf = (index: number): string | undefined =>
    Object.entries(props.errors).find(([path]) => path.startsWith(`definition.actions.${index}.`))?.[1];
  return (
    <div class="flex flex-col gap-2">
      <ol class="flex flex-col gap-3">
        <For each={props.draft.actions}>
          {(action, index) => (
            <li>
              <div class="flex flex-wrap items-start gap-2">
                <ActionRow
                  action={action}
                  names={props.names}
                  onChange={(change) => props.set('actions', index(), change)}
                />
                <IconButton
                  icon={X}
                  label={`Remove action ${index() + 1}`}
                  onClick={() => props.set('actions', (all) => all.filter((_, place) => place !== index()))}
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
      </ol>
      <Button
        size="small"
        class="self-start"
        icon={Plus}
        onClick={() => props.set('actions', props.draft.actions.length, emptyAction())}
      >
        Add an action
      </Button>
      <Show when={props.errors['definition.actions']}>
        {(error) => (
          <p role="alert" class="text-small text-critical-text">
            {error()}
          </p>
        )}
      </Show>
    </div>
  );
}

/** What may be left empty: a ticket can be taken out of a queue, but not out of its status. */
const MAY_BE_NONE = new Set(['set-queue', 'set-team', 'set-category', 'assign']);

function ActionRow(props: {
  action: ActionDraft;
  names: RuleNames;
  onChange: (change: Partial<ActionDraft>) => void;
}): JSX.Element {
  const options = () => settingOf({ do: props.action.do }, props.names)[0];
  return (
    <>
      <Select
        class="w-52"
        aria-label="Action"
        value={props.action.do}
        options={ACTION_OPTIONS}
        onChange={(kind) => props.onChange({ do: kind, value: '' })}
      />
      <Show
        when={options()}
        fallback={
          <div class="flex min-w-56 flex-1 flex-col gap-2">
            <Show when={props.action.do === 'notify'}>
              <ValuePicker
                label="Who"
                options={props.names.assignee}
                values={props.action.staffIds}
                onChange={(staffIds) => props.onChange({ staffIds })}
              />
              <Checkbox
                label="The assignee"
                isChecked={props.action.assignee}
                onChange={(assignee) => props.onChange({ assignee })}
              />
            </Show>
            <Textarea
              aria-label="Text"
              placeholder="{{ticket.number}} of {{client.name}}…"
              value={props.action.text}
              onInput={(event) => props.onChange({ text: event.currentTarget.value })}
            />
          </div>
        }
      >
        {(list) => (
          <Select
            class="w-52"
            aria-label="To"
            value={props.action.value}
            options={[{ value: '', label: MAY_BE_NONE.has(props.action.do) ? 'None' : 'Choose…' }, ...list()]}
            onChange={(value) => props.onChange({ value })}
          />
        )}
      </Show>
    </>
  );
}
