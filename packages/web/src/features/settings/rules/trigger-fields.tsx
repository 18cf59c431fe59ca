import { Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import type { SetStoreFunction } from 'solid-js/store';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import type { RuleDraft } from './rule-draft.ts';
import {
  BASIS_OPTIONS,
  DAY_OPTIONS,
  FIELD_OPTIONS,
  PRIORITY_OPTIONS,
  SOURCE_OPTIONS,
  STATUS_OPTIONS,
  TRIGGER_OPTIONS,
  TYPE_OPTIONS,
} from './rule-words.ts';
import { ValuePicker } from './value-picker.tsx';

const TOLD = { status: STATUS_OPTIONS, priority: PRIORITY_OPTIONS, type: TYPE_OPTIONS } as const;

/** When a rule looks at a ticket. */
export function TriggerFields(props: { draft: RuleDraft; set: SetStoreFunction<RuleDraft> }): JSX.Element {
  const told = () => TOLD[props.draft.field as keyof typeof TOLD];
  return (
    <div class="flex flex-wrap items-center gap-2">
      <Select
        class="w-56"
        aria-label="When"
        value={props.draft.kind}
        options={TRIGGER_OPTIONS}
        onChange={(kind) => props.set('kind', kind)}
      />
      <Switch>
        <Match when={props.draft.kind === 'opened'}>
          <ValuePicker
            label="Came by"
            none="however it came"
            options={SOURCE_OPTIONS}
            values={props.draft.sources}
            onChange={(sources) => props.set('sources', sources)}
          />
        </Match>
        <Match when={props.draft.kind === 'changed'}>
          <Select
            class="w-36"
            aria-label="What changes"
            value={props.draft.field}
            options={FIELD_OPTIONS}
            onChange={(field) => props.set({ field, from: [], to: [] })}
          />
          <Show when={told()}>
            {(options) => (
              <>
                <span class="text-muted">from</span>
                <ValuePicker
                  label="From"
                  none="anything"
                  options={options()}
                  values={props.draft.from}
                  onChange={(from) => props.set('from', from)}
                />
                <span class="text-muted">to</span>
                <ValuePicker
                  label="To"
                  none="anything"
                  options={options()}
                  values={props.draft.to}
                  onChange={(to) => props.set('to', to)}
                />
              </>
            )}
          </Show>
        </Match>
        <Match when={props.draft.kind === 'commented'}>
          <Select
            class="w-36"
            aria-label="Who writes"
            value={props.draft.by}
            options={[
              { value: 'client', label: 'the client' },
              { value: 'staff', label: 'staff' },
              { value: 'anyone', label: 'anybody' },
            ]}
            onChange={(by) => props.set('by', by)}
          />
          <Select
            class="w-44"
            aria-label="What is written"
            value={props.draft.visibility}
            options={[
              { value: 'any', label: 'anything' },
              { value: 'public', label: 'a public reply' },
              { value: 'internal', label: 'an internal note' },
            ]}
            onChange={(visibility) => props.set('visibility', visibility)}
          />
        </Match>
        <Match when={props.draft.kind === 'time'}>
          <Input
            class="w-20"
            inputmode="decimal"
            aria-label="How long"
            value={props.draft.amount}
            onInput={(event) => props.set('amount', event.currentTarget.value)}
          />
          <Select
            class="w-28"
            aria-label="Unit"
            value={props.draft.unit}
            options={['minutes', 'hours', 'days'].map((value) => ({ value, label: value }))}
            onChange={(unit) => props.set('unit', unit)}
          />
          <Select
            class="w-72"
            aria-label="Since"
            value={props.draft.since}
            options={BASIS_OPTIONS}
            onChange={(since) => props.set('since', since)}
          />
        </Match>
        <Match when={props.draft.kind === 'schedule'}>
          <Input
            class="w-24"
            type="time"
            aria-label="Time of day"
            value={props.draft.at}
            onInput={(event) => props.set('at', event.currentTarget.value)}
          />
          <ValuePicker
            label="Days"
            options={DAY_OPTIONS}
            values={props.draft.days}
            onChange={(days) => props.set('days', days)}
          />
          <Input
            class="w-44"
            aria-label="Time zone"
            value={props.draft.zone}
            onInput={(event) => props.set('zone', event.currentTarget.value)}
          />
        </Match>
      </Switch>
    </div>
  );
}
