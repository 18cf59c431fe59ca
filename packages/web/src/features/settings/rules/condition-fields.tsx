import Plus from 'lucide-solid/icons/plus';
import X from 'lucide-solid/icons/x';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import type { SetStoreFunction } from 'solid-js/store';
import { Button } from '#web/ui/button/button.tsx';
import { IconButton } from '#web/ui/icon-button/icon-button.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { ConditionRow } from './condition-row.tsx';
import { emptyCondition, emptyGroup, type RuleDraft } from './rule-draft.ts';
import type { RuleNames } from './rule-source.ts';

const MAX_GROUPS = 10;
const MATCHES = [
  { value: 'all', label: 'all of these hold' },
  { value: 'any', label: 'one of these holds' },
];

/** Which tickets a rule is about: groups of conditions, each of which wants all or one of its own, and all or one of which are wanted. */
export function ConditionFields(props: {
  draft: RuleDraft;
  set: SetStoreFunction<RuleDraft>;
  names: RuleNames;
  errors: Readonly<Record<string, string>>;
}): JSX.Element {
  const groups = () => props.draft.groups;
  const add = (): void =>
    props.set('groups', groups().length, emptyGroup(groups()[0]?.match === 'all' ? 'any' : 'all'));
  return (
    <div class="flex flex-col gap-2">
      <Show
        when={groups().length > 0}
        fallback={<p class="text-muted">Every ticket. Add a condition to make it some.</p>}
      >
        <Show when={groups().length > 1}>
          <Select
            class="w-64"
            aria-label="How groups go together"
            value={props.draft.match}
            options={[
              { value: 'all', label: 'every group below holds' },
              { value: 'any', label: 'one of the groups below holds' },
            ]}
            onChange={(match) => props.set('match', match as 'all')}
          />
        </Show>
        <For each={groups()}>
          {(_, index) => (
            <Group draft={props.draft} set={props.set} names={props.names} errors={props.errors} place={index()} />
          )}
        </For>
      </Show>
      <div class="flex flex-wrap gap-2">
        <Show when={groups().length === 0}>
          <Button size="small" icon={Plus} onClick={() => props.set('groups', 0, emptyGroup('all'))}>
            Add a condition
          </Button>
        </Show>
        <Show when={groups().length > 0 && groups().length < MAX_GROUPS}>
          <Button size="small" icon={Plus} onClick={add}>
            Add a group
          </Button>
        </Show>
      </div>
    </div>
  );
}

function Group(props: {
  draft: RuleDraft;
  set: SetStoreFunction<RuleDraft>;
  names: RuleNames;
  errors: Readonly<Record<string, string>>;
  place: number;
}): JSX.Element {
  const group = () => props.draft.groups[props.place];
  const isOne = (): boolean => props.draft.groups.length === 1;
  const conditions = () => group()?.conditions ?? [];
  const path = (index: number): string => `definition.if.groups.${props.place}.conditions.${index}.`;
  const errorOf = (index: number): string | undefined =>
    Object.entries(props.errors).find(([at]) => at.startsWith(path(index)))?.[1];
  const remove = (index: number): void => {
    if (conditions().length === 1) props.set('groups', (all) => all.filter((__, place) => place !== props.place));
    else props.set('groups', props.place, 'conditions', (all) => all.filter((__, place) => place !== index));
  };
  return (
    <fieldset class={isOne() ? 'flex flex-col gap-2' : 'flex flex-col gap-2 rounded-control border border-line p-3'}>
      <legend class="sr-only">Group {props.place + 1}</legend>
      <Show when={conditions().length > 1 || !isOne()}>
        <div class="flex items-center gap-2">
          <Select
            class="w-56"
            aria-label={`How conditions of group ${props.place + 1} go together`}
            value={group()?.match ?? 'all'}
            options={MATCHES}
            onChange={(match) => props.set('groups', props.place, 'match', match as 'all')}
          />
          <Show when={!isOne()}>
            <span class="flex-1" />
            <IconButton
              icon={X}
              label={`Remove group ${props.place + 1}`}
              onClick={() => props.set('groups', (all) => all.filter((__, place) => place !== props.place))}
            />
          </Show>
        </div>
      </Show>
      <ul class="flex flex-col gap-2">
        <For each={conditions()}>
          {(condition, index) => (
            <li>
              <div class="flex flex-wrap items-center gap-2">
                <ConditionRow
                  condition={condition}
                  names={props.names}
                  onChange={(change) => props.set('groups', props.place, 'conditions', index(), change)}
                />
                <IconButton icon={X} label={`Remove condition ${index() + 1}`} onClick={() => remove(index())} />
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
      <Button
        size="small"
        class="self-start"
        icon={Plus}
        onClick={() => props.set('groups', props.place, 'conditions', conditions().length, emptyCondition())}
      >
        Add a condition
      </Button>
    </fieldset>
  );
}
