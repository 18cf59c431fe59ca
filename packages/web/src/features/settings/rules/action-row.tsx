import { Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { Textarea } from '#web/ui/textarea/textarea.tsx';
import { FoundPicker } from './found-picker.tsx';
import { emptyAction, type ActionDraft } from './rule-draft.ts';
import type { RuleNames } from './rule-source.ts';
import { ACTION_OPTIONS, METHOD_OPTIONS, MODE_OPTIONS, settingOf } from './rule-words.ts';
import { ValuePicker } from './value-picker.tsx';

interface RowProps {
  action: ActionDraft;
  names: RuleNames;
  onChange: (change: Partial<ActionDraft>) => void;
}

/** What may be left empty: a ticket can be taken out of a queue, but not out of its status. */
const MAY_BE_NONE = new Set(['set-queue', 'set-team', 'set-category', 'assign']);

/** One thing that a rule does, with all that it needs. */
export function ActionRow(props: RowProps): JSX.Element {
  const options = () => settingOf({ do: props.action.do }, props.names)[0];
  return (
    <>
      <Select
        class="w-52"
        aria-label="Action"
        value={props.action.do}
        options={ACTION_OPTIONS}
        onChange={(kind) =>
          props.onChange({ ...emptyAction(), do: kind, amount: kind === 'start-approval' ? '' : '1' })
        }
      />
      <Switch
        fallback={
          <div class="flex min-w-56 flex-1 flex-col gap-2">
            <Show when={props.action.do === 'notify'}>
              <People action={props.action} names={props.names} onChange={props.onChange} />
              <Checkbox
                label="The assignee"
                isChecked={props.action.assignee}
                onChange={(assignee) => props.onChange({ assignee })}
              />
            </Show>
            <Words {...props} />
          </div>
        }
      >
        <Match when={props.action.do === 'snooze'}>
          <SnoozeFields {...props} />
        </Match>
        <Match when={props.action.do === 'add-watcher'}>
          <Input
            class="min-w-56 flex-1"
            type="email"
            aria-label="Mail address"
            placeholder="ada@example.com"
            value={props.action.value}
            onInput={(event) => props.onChange({ value: event.currentTarget.value })}
          />
        </Match>
        <Match when={props.action.do === 'start-approval'}>
          <ApprovalFields {...props} />
        </Match>
        <Match when={options()}>
          {(list) => (
            <Select
              class="w-52"
              aria-label="To"
              value={props.action.value}
              options={[{ value: '', label: MAY_BE_NONE.has(props.action.do) ? 'None' : 'Choose…' }, ...list()]}
              onChange={(value) => props.onChange({ value })}
            />
          )}
        </Match>
      </Switch>
      <Show when={props.action.do === 'assign-by'}>
        <TurnFields {...props} />
      </Show>
    </>
  );
}

function People(props: RowProps): JSX.Element {
  return (
    <ValuePicker
      label="Who"
      options={props.names.assignee}
      values={props.action.staffIds}
      onChange={(staffIds) => props.onChange({ staffIds })}
    />
  );
}

/** A text with a list of what it can ask for. */
function Words(props: RowProps): JSX.Element {
  const write = (text: string): void => props.onChange({ text });
  return (
    <>
      <Textarea
        aria-label="Text"
        placeholder="{{ticket.number}} of {{client.name}}…"
        value={props.action.text}
        onInput={(event) => write(event.currentTarget.value)}
      />
      <Select
        class="w-56"
        aria-label="Put in a placeholder"
        value=""
        options={[{ value: '', label: 'Put in a placeholder…' }, ...props.names.placeholders]}
        onChange={(name) => {
          if (name !== '') write(`${props.action.text}{{${name}}}`);
        }}
      />
    </>
  );
}

function TurnFields(props: RowProps): JSX.Element {
  return (
    <>
      <Select
        class="w-44"
        aria-label="How somebody is found"
        value={props.action.method}
        options={METHOD_OPTIONS}
        onChange={(method) => props.onChange({ method })}
      />
      <Show when={props.action.method === 'skill'}>
        <Select
          class="w-44"
          aria-label="Skill"
          value={props.action.skillId}
          options={[{ value: '', label: 'Choose a skill…' }, ...props.names.skill]}
          onChange={(skillId) => props.onChange({ skillId })}
        />
      </Show>
    </>
  );
}

function SnoozeFields(props: RowProps): JSX.Element {
  return (
    <div class="flex min-w-56 flex-1 flex-wrap items-center gap-2">
      <Input
        class="w-20"
        inputmode="decimal"
        aria-label="For how long; empty waits for a reply"
        placeholder="–"
        value={props.action.amount}
        onInput={(event) => props.onChange({ amount: event.currentTarget.value })}
      />
      <Select
        class="w-28"
        aria-label="Unit"
        value={props.action.unit}
        options={['minutes', 'hours', 'days'].map((value) => ({ value, label: value }))}
        onChange={(unit) => props.onChange({ unit })}
      />
      <Checkbox
        label="The client’s reply wakes it"
        isChecked={props.action.untilReply}
        onChange={(untilReply) => props.onChange({ untilReply })}
      />
    </div>
  );
}

function ApprovalFields(props: RowProps): JSX.Element {
  return (
    <div class="flex min-w-56 flex-1 flex-col gap-2">
      <Input
        aria-label="What is to be approved"
        placeholder="A new laptop"
        maxLength={200}
        value={props.action.subject}
        onInput={(event) => props.onChange({ subject: event.currentTarget.value })}
      />
      <div class="flex flex-wrap items-center gap-x-4 gap-y-1">
        <Checkbox
          label="The ticket’s contact"
          isChecked={props.action.asksContact}
          onChange={(asksContact) => props.onChange({ asksContact })}
        />
        <Checkbox
          label="Who approves for the client"
          isChecked={props.action.asksApprovers}
          onChange={(asksApprovers) => props.onChange({ asksApprovers })}
        />
      </div>
      <FoundPicker
        kind="contact"
        label="Contacts"
        names={props.names.contact}
        values={props.action.contactIds}
        onChange={(contactIds) => props.onChange({ contactIds })}
      />
      <div class="flex flex-wrap items-center gap-2">
        <People action={props.action} names={props.names} onChange={props.onChange} />
        <Select
          class="w-44"
          aria-label="Whose answer counts"
          value={props.action.mode}
          options={MODE_OPTIONS}
          onChange={(mode) => props.onChange({ mode })}
        />
        <Input
          class="w-28"
          inputmode="numeric"
          aria-label="Days to answer; empty is for ever"
          placeholder="days to answer"
          value={props.action.amount}
          onInput={(event) => props.onChange({ amount: event.currentTarget.value })}
        />
      </div>
      <Textarea
        aria-label="More about it"
        placeholder="More about it"
        value={props.action.text}
        onInput={(event) => props.onChange({ text: event.currentTarget.value })}
      />
    </div>
  );
}
