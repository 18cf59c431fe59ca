import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import type { Problem } from '#web/app/problem/problem.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { Input } from '#web/ui/input/input.tsx';

export interface Named {
  readonly name: string;
  readonly folder: string;
  readonly isShared: boolean;
}

/** What a text is called, where it stands, and whose it is. */
export function NameFields(props: {
  named: Named;
  onChange: (named: Named) => void;
  isNew: boolean;
  problem: Problem | undefined;
}): JSX.Element {
  const { can } = useSession();
  const set = (change: Partial<Named>): void => props.onChange({ ...props.named, ...change });
  return (
    <>
      <div class="grid gap-4 sm:grid-cols-2">
        <Field label="Name" isRequired error={props.problem?.fields['name']}>
          {(control) => (
            <Input
              {...control}
              maxlength={100}
              value={props.named.name}
              onInput={(event) => set({ name: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field label="Folder" error={props.problem?.fields['folder']}>
          {(control) => (
            <Input
              {...control}
              maxlength={100}
              value={props.named.folder}
              onInput={(event) => set({ folder: event.currentTarget.value })}
            />
          )}
        </Field>
      </div>
      <Show when={props.isNew && can('replies.share-texts')}>
        <Checkbox
          label="For all colleagues"
          isChecked={props.named.isShared}
          onChange={(isShared) => set({ isShared })}
        />
      </Show>
    </>
  );
}
