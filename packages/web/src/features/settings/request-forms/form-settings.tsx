import ClipboardList from 'lucide-solid/icons/clipboard-list';
import Plus from 'lucide-solid/icons/plus';
import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { SettingsSection } from '../settings-section.tsx';
import { EditForm } from './edit-form.tsx';
import { createRequestForms, type FormParts, type RequestForm } from './form-source.ts';

/** What contacts can ask for in the portal beside the two plain kinds. */
export function RequestFormSettings(): JSX.Element {
  const { can } = useSession();
  const parts = createRequestForms();
  const [editing, setEditing] = createSignal<RequestForm | 'new'>();
  const mayManage = () => can('request-forms.manage-forms');
  const add = () => (
    <Button kind="primary" icon={Plus} onClick={() => setEditing('new')}>
      New form
    </Button>
  );
  return (
    <>
      <SettingsSection
        title="Portal forms"
        lead="What contacts choose from when they ask for help. A form asks for its custom fields and files the ticket under its category."
        query={parts}
        action={<Show when={mayManage() && (parts.value()?.forms.length ?? 0) > 0}>{add()}</Show>}
      >
        {({ forms, categories }) => (
          <Show
            when={forms.length > 0}
            fallback={
              <EmptyState icon={ClipboardList} title="No forms yet" action={<Show when={mayManage()}>{add()}</Show>}>
                Contacts can say what is wrong and what they need. A form for “New colleague” or “New laptop” asks for
                what you always have to ask for.
              </EmptyState>
            }
          >
            <ul class="divide-y divide-line">
              <For each={forms}>
                {(form) => (
                  <Row
                    form={form}
                    category={categories.find(({ id }) => id === form.categoryId)?.name}
                    onEdit={mayManage() ? () => setEditing(form) : undefined}
                  />
                )}
              </For>
            </ul>
          </Show>
        )}
      </SettingsSection>
      <EditForm form={editing()} parts={parts.value() as FormParts | undefined} onClose={() => setEditing()} />
    </>
  );
}

function Row(props: {
  form: RequestForm;
  category: string | undefined;
  onEdit: (() => void) | undefined;
}): JSX.Element {
  const count = () => props.form.fields.length;
  return (
    <li class="flex flex-wrap items-center gap-x-3 gap-y-1 py-3">
      <div class="min-w-0 flex-1 basis-60">
        <span class="font-medium">{props.form.name}</span>
        <p class="text-muted">
          {props.form.type === 'incident' ? 'Incident' : 'Request'}
          {props.category === undefined ? '' : `, ${props.category}`},{' '}
          {count() === 0 ? 'no extra fields' : count() === 1 ? '1 extra field' : `${count()} extra fields`}
        </p>
      </div>
      <Show when={!props.form.isActive}>
        <StatusPill state="neutral">Retired</StatusPill>
      </Show>
      <Show when={props.onEdit}>{(edit) => <Button onClick={() => edit()()}>Change</Button>}</Show>
    </li>
  );
}
