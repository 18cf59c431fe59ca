import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { Field } from '#web/ui/field/field.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { changeTicket, createAssignees } from '../ticket-source.ts';
import { ticketLabel, type TicketDetail } from '../ticket-words.ts';
import { METHODS } from './assignment-words.ts';
import { createSkills, createTeams } from './record-source.ts';
import { DialogEnd } from './ticket-dialog.tsx';

type Method = (typeof METHODS)[number]['value'];

/** Asks which team takes a ticket, and how its person is found. */
export function AssignForm(props: { ticket: TicketDetail; onClose: () => void }): JSX.Element {
  const [teams, skills, assignees] = [createTeams(), createSkills(), createAssignees()];
  const active = () => (teams.value() ?? []).filter((team) => team.isActive);
  const [chosenTeam, setTeam] = createSignal<string>(props.ticket.teamId ?? '');
  const [method, setMethod] = createSignal<Method>('round-robin');
  const [skillId, setSkill] = createSignal('');
  const teamId = () => (chosenTeam() === '' ? (active()[0]?.id ?? '') : chosenTeam());
  const submit = createSubmit(async () => {
    const { id, number, version } = props.ticket;
    const back = { teamId: props.ticket.teamId, assigneeId: props.ticket.assigneeId };
    const assigned = await api['ticket-assignment'].assignTicket.mutate({
      ticketId: id,
      version,
      teamId: teamId() as never,
      method: method(),
      skillId: method() === 'skill' && skillId() !== '' ? (skillId() as never) : null,
    });
    // First, so that the keyboard is the ticket's again while everything is read anew.
    props.onClose();
    const name = assignees.value()?.items.find((one) => one.id === assigned.assigneeId)?.name ?? 'nobody yet';
    showDone(`${ticketLabel(number)} is with ${name}`, {
      detail: assigned.reason,
      undo: () => void changeTicket({ id, version: assigned.version }, back),
    });
    await invalidateTopic('ticket', id);
  });
  return (
    <Show
      when={teams.value() === undefined || active().length > 0}
      fallback={<p class="text-muted">There is no team yet. Make one under Settings, Teams.</p>}
    >
      <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
        <Field label="Team" error={submit.problem()?.fields['teamId']}>
          {(control) => (
            <Select
              {...control}
              value={teamId()}
              onChange={setTeam}
              options={active().map((team) => ({ value: team.id as string, label: team.name }))}
            />
          )}
        </Field>
        <Field label="Who of them" hint={METHODS.find((one) => one.value === method())?.hint}>
          {(control) => (
            <Select {...control} value={method()} onChange={(value) => setMethod(value as Method)} options={METHODS} />
          )}
        </Field>
        <Show when={method() === 'skill'}>
          <Field label="Skill" isRequired error={submit.problem()?.fields['skillId']}>
            {(control) => (
              <Select
                {...control}
                value={skillId()}
                onChange={setSkill}
                options={[
                  { value: '', label: 'Choose a skill' },
                  ...(skills.value() ?? []).map((skill) => ({ value: skill.id as string, label: skill.name })),
                ]}
              />
            )}
          </Field>
        </Show>
        <DialogEnd submit={submit} label="Assign" onClose={() => props.onClose()} />
      </form>
    </Show>
  );
}
