import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import type { Team, TeamThings } from './desk-source.ts';

/** Makes a team, or changes who is in it. */
export function TeamForm(props: {
  team: Team | undefined;
  staff: TeamThings['staff'];
  onClose: () => void;
}): JSX.Element {
  const [name, setName] = createSignal(props.team?.name ?? '');
  const [isActive, setActive] = createSignal(props.team?.isActive ?? true);
  const [members, setMembers] = createSignal<ReadonlyMap<string, boolean>>(
    new Map((props.team?.members ?? []).map(({ staffId, isLead }): [string, boolean] => [staffId, isLead])),
  );
  const set = (id: string, lead: boolean | undefined): void => {
    const next = new Map(members());
    if (lead === undefined) next.delete(id);
    else next.set(id, lead);
    setMembers(next);
  };
  const submit = createSubmit(async () => {
    const input = {
      name: name(),
      members: [...members()].map(([staffId, isLead]) => ({ staffId: staffId as never, isLead })),
    };
    if (props.team === undefined) await api.teams.createTeam.mutate(input);
    else {
      const { id: teamId, version } = props.team;
      await api.teams.updateTeam.mutate({ ...input, teamId, version, isActive: isActive() });
    }
    await invalidateTopic('desk');
    showDone(`${name()} was saved`);
    props.onClose();
  });
  const errors = () => submit.problem()?.fields ?? {};
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
      <FormProblem problem={submit.problem()} fields={Object.keys(errors())} />
      <Field label="Name" isRequired error={errors()['name']}>
        {(control) => (
          <Input
            {...control}
            required
            maxLength={60}
            value={name()}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        )}
      </Field>
      <fieldset>
        <legend class="mb-1 font-medium">Members</legend>
        <ul class="flex max-h-80 flex-col gap-1 overflow-y-auto">
          <For each={props.staff}>
            {(person) => (
              <li class="flex items-center gap-6">
                <span class="min-w-0 flex-1">
                  <Checkbox
                    label={person.name}
                    isChecked={members().has(person.id)}
                    onChange={(isOn) => set(person.id, isOn ? false : undefined)}
                  />
                </span>
                <Show when={members().has(person.id)}>
                  <Checkbox
                    label="Lead"
                    isChecked={members().get(person.id) === true}
                    onChange={(isOn) => set(person.id, isOn)}
                  />
                </Show>
              </li>
            )}
          </For>
        </ul>
      </fieldset>
      <Show when={props.team !== undefined}>
        <Checkbox label="In use" isChecked={isActive()} onChange={setActive} />
      </Show>
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onClose()}>Cancel</Button>
        <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
          Save
        </Button>
      </div>
    </form>
  );
}
