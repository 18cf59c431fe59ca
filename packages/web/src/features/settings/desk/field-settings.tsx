import Plus from 'lucide-solid/icons/plus';
import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { SettingsSection } from '../settings-section.tsx';
import { createFields, typesText, type FieldDefinition } from './desk-source.ts';
import { FieldForm } from './field-form.tsx';
import { FIELD_TYPES } from './field-words.ts';

const REQUIRED = { never: '', open: 'asked to open', resolve: 'asked to resolve' } as const;

/** The custom fields of tickets. */
export function FieldSettings(): JSX.Element {
  const { can } = useSession();
  const fields = createFields();
  const [edited, setEdited] = createSignal<FieldDefinition | 'new'>();
  const mayChange = (): boolean => can('desk-fields.manage-fields');
  const describe = (field: FieldDefinition): string =>
    [
      FIELD_TYPES.find(({ value }) => value === field.type)?.label,
      typesText(field.ticketTypes),
      REQUIRED[field.requiredOn],
      field.isPublic ? 'contacts see it' : '',
      field.isActive ? '' : 'retired',
    ]
      .filter((part) => part !== '')
      .join(' · ');
  return (
    <SettingsSection
      title="Custom fields"
      lead="What you want to know of tickets beyond what every ticket has. Searches find their words."
      query={fields}
      action={
        <Show when={mayChange()}>
          <Button icon={Plus} onClick={() => setEdited('new')}>
            New field
          </Button>
        </Show>
      }
    >
      {(all) => (
        <>
          <ul class="divide-y divide-line">
            <For each={all} fallback={<li class="py-2.5 text-muted">There is no custom field yet.</li>}>
              {(field) => (
                <li class="flex items-center gap-4 py-2">
                  <span class="min-w-0 flex-1">
                    <span classList={{ 'text-muted line-through': !field.isActive }}>{field.name}</span>
                    <span class="block text-muted">{describe(field)}</span>
                  </span>
                  <Show when={mayChange()}>
                    <Button size="small" aria-label={`Edit ${field.name}`} onClick={() => setEdited(field)}>
                      Edit
                    </Button>
                  </Show>
                </li>
              )}
            </For>
          </ul>
          <Dialog
            isOpen={edited() !== undefined}
            onOpenChange={(isOpen) => {
              if (!isOpen) setEdited(undefined);
            }}
            title={edited() === 'new' ? 'New field' : 'Field'}
          >
            <Show when={edited()} keyed>
              {(field) => (
                <FieldForm field={field === 'new' ? undefined : field} onClose={() => setEdited(undefined)} />
              )}
            </Show>
          </Dialog>
        </>
      )}
    </SettingsSection>
  );
}
