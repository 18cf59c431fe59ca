import Plus from 'lucide-solid/icons/plus';
import X from 'lucide-solid/icons/x';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import type { SetStoreFunction } from 'solid-js/store';
import { Button } from '#web/ui/button/button.tsx';
import { IconButton } from '#web/ui/icon-button/icon-button.tsx';
import { ActionRow } from './action-row.tsx';
import { emptyAction, type RuleDraft } from './rule-draft.ts';
import type { RuleNames } from './rule-source.ts';

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
