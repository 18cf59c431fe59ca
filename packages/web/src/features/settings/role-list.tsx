import Plus from 'lucide-solid/icons/plus';
import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { SettingsSection } from './settings-section.tsx';
import { ROLE_WORDS } from './staff-words.ts';

type Roles = Awaited<ReturnType<typeof api.identity.listRoles.query>>;
type Role = Roles['custom'][number];

/** Roles that every MSP has, and the MSP's own. */
export function RoleList(): JSX.Element {
  const { can } = useSession();
  const [editing, setEditing] = createSignal<Role | 'new'>();
  const roles = createRecordQuery({
    key: () => ['identity.role', 'list'],
    fetch: (signal) => api.identity.listRoles.query({}, { signal }),
  });
  return (
    <>
      <SettingsSection
        title="Roles"
        lead="A role is a set of permissions. Somebody may have several; what any of them allows is allowed."
        query={roles}
        action={
          <Show when={can('identity.manage-roles')}>
            <Button kind="primary" icon={Plus} onClick={() => setEditing('new')}>
              New role
            </Button>
          </Show>
        }
      >
        {(value) => (
          <ul class="divide-y divide-line">
            <For each={value.custom}>
              {(role) => (
                <li class="flex items-center gap-4 py-2.5">
                  <div class="min-w-0 flex-1">
                    <div class="font-medium">{role.name}</div>
                    <div class="text-muted">{role.permissions.length} permissions</div>
                  </div>
                  <Show when={can('identity.manage-roles')}>
                    <Button size="small" onClick={() => setEditing(role)}>
                      Change
                    </Button>
                  </Show>
                </li>
              )}
            </For>
            <For each={value.standard}>
              {(role) => (
                <li class="py-2.5">
                  <div class="font-medium">{ROLE_WORDS[role.name]}</div>
                  <div class="text-muted">{role.permissions.length} permissions · comes with Bailiwick</div>
                </li>
              )}
            </For>
          </ul>
        )}
      </SettingsSection>
      <Dialog
        isOpen={editing() !== undefined}
        onOpenChange={(isOpen) => {
          if (!isOpen) setEditing(undefined);
        }}
        title={editing() === 'new' ? 'New role' : 'Change role'}
        width="wide"
      >
        <Show when={editing()} keyed>
          {(role) => (
            <RoleForm
              role={role === 'new' ? undefined : role}
              permissions={roles.value()?.permissions ?? []}
              onClose={() => setEditing(undefined)}
            />
          )}
        </Show>
      </Dialog>
    </>
  );
}

function RoleForm(props: {
  role: Role | undefined;
  permissions: Roles['permissions'];
  onClose: () => void;
}): JSX.Element {
  const { can } = useSession();
  const [name, setName] = createSignal(props.role?.name ?? '');
  const [chosen, setChosen] = createSignal<ReadonlySet<string>>(new Set(props.role?.permissions));
  const submit = createSubmit(async () => {
    const fields = { name: name(), permissions: [...chosen()] };
    if (props.role === undefined) await api.identity.createRole.mutate(fields);
    else await api.identity.updateRole.mutate({ roleId: props.role.id, version: props.role.version, ...fields });
    await invalidateTopic('identity.role');
    props.onClose();
  });
  const toggle = (permission: string, isIn: boolean): void => {
    const next = new Set(chosen());
    if (isIn) next.add(permission);
    else next.delete(permission);
    setChosen(next);
  };
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
      <FormProblem problem={submit.problem()} />
      <Field label="Name" isRequired error={submit.problem()?.fields['name']}>
        {(control) => (
          <Input
            {...control}
            required
            autofocus
            maxLength={80}
            value={name()}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        )}
      </Field>
      <fieldset>
        <legend class="mb-1 font-medium">Permissions</legend>
        <div class="grid max-h-90 grid-cols-2 gap-x-4 overflow-y-auto rounded-control border border-line p-3 max-md:grid-cols-1">
          <For each={props.permissions}>
            {(permission) => (
              <Checkbox
                label={permission.title}
                isChecked={chosen().has(permission.name)}
                isDisabled={!can(permission.name)}
                onChange={(isIn) => toggle(permission.name, isIn)}
              />
            )}
          </For>
        </div>
      </fieldset>
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onClose()}>Cancel</Button>
        <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
          Save
        </Button>
      </div>
    </form>
  );
}
