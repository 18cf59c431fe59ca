import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import type { SetStoreFunction } from 'solid-js/store';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { findClients } from '#web/app/scope/client-source.ts';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { ROLE_WORDS, type ReachKind, type StandardRole } from './staff-words.ts';

export interface GrantValues {
  standardRoles: StandardRole[];
  roleIds: string[];
  reach: ReachKind;
  clientIds: string[];
}

/** The reach of a form, as the server takes it. */
export function reachOf(
  values: GrantValues,
): { kind: 'all' } | { kind: 'only'; clientIds: string[] } | { kind: 'except'; clientIds: string[] } {
  if (values.reach === 'all') return { kind: 'all' };
  const clientIds = [...values.clientIds];
  return values.reach === 'only' ? { kind: 'only', clientIds } : { kind: 'except', clientIds };
}

/** Roles and reach of a member of staff. */
export function GrantFields(props: { values: GrantValues; set: SetStoreFunction<GrantValues> }): JSX.Element {
  const roles = createRecordQuery({
    key: () => ['identity.role', 'list'],
    fetch: (signal) => api.identity.listRoles.query({}, { signal }),
  });
  const clients = createRecordQuery({ key: () => ['tenancy.client', 'list', 'choices'], fetch: () => findClients('') });
  const toggle = <Value extends string>(list: readonly Value[], value: Value, isIn: boolean): Value[] =>
    isIn ? [...list, value] : list.filter((one) => one !== value);
  return (
    <>
      <fieldset>
        <legend class="mb-1 font-medium">Roles</legend>
        <div class="grid grid-cols-2 gap-x-4">
          <For each={Object.entries(ROLE_WORDS) as [StandardRole, string][]}>
            {([role, word]) => (
              <Checkbox
                label={word}
                isChecked={props.values.standardRoles.includes(role)}
                onChange={(isIn) => props.set('standardRoles', (list) => toggle(list, role, isIn))}
              />
            )}
          </For>
          <For each={roles.value()?.custom ?? []}>
            {(role) => (
              <Checkbox
                label={role.name}
                isChecked={props.values.roleIds.includes(role.id)}
                onChange={(isIn) => props.set('roleIds', (list) => toggle(list, role.id as string, isIn))}
              />
            )}
          </For>
        </div>
      </fieldset>
      <Field label="Clients">
        {(control) => (
          <Select
            {...control}
            value={props.values.reach}
            onChange={(reach) => props.set('reach', reach as ReachKind)}
            options={[
              { value: 'all', label: 'All clients' },
              { value: 'only', label: 'Only these' },
              { value: 'except', label: 'All except these' },
            ]}
          />
        )}
      </Field>
      <Show when={props.values.reach !== 'all'}>
        <fieldset>
          <legend class="sr-only">Which clients</legend>
          <div class="grid max-h-48 grid-cols-2 gap-x-4 overflow-y-auto rounded-control border border-line p-3">
            <For each={clients.value() ?? []}>
              {(client) => (
                <Checkbox
                  label={client.name}
                  isChecked={props.values.clientIds.includes(client.id)}
                  onChange={(isIn) => props.set('clientIds', (list) => toggle(list, client.id, isIn))}
                />
              )}
            </For>
          </div>
        </fieldset>
      </Show>
    </>
  );
}
