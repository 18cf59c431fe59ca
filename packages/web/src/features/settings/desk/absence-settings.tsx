import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import type { TeamThings } from './desk-source.ts';

/** Who is away, and until when. */
export function AbsenceSettings(props: { things: TeamThings }): JSX.Element {
  const { can } = useSession();
  const zone = Temporal.Now.timeZoneId();
  const mayChange = (): boolean => can('teams.manage-absences');
  const [staffId, setStaff] = createSignal('');
  const [until, setUntil] = createSignal('');
  const [back, setBack] = createSignal('');
  const add = createSubmit(async () => {
    const endsAt = until() === '' ? null : Temporal.PlainDateTime.from(until()).toZonedDateTime(zone).toInstant();
    await api.teams.addAbsence.mutate({
      staffId: staffId() as never,
      startsAt: Temporal.Now.instant().toString(),
      endsAt: endsAt?.toString() ?? null,
    });
    setStaff('');
    setUntil('');
    await invalidateTopic('desk');
  });
  const end = createSubmit(async () => {
    await api.teams.endAbsence.mutate({ absenceId: back() as never });
    await invalidateTopic('desk');
  });
  const untilText = (endsAt: string | null): string =>
    endsAt === null
      ? 'until further notice'
      : `until ${Temporal.Instant.from(endsAt).toZonedDateTimeISO(zone).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}`;
  return (
    <section class="mt-6">
      <h3 class="font-semibold">Away</h3>
      <p class="text-muted">No ticket goes to them by itself.</p>
      <FormProblem problem={add.problem() ?? end.problem()} />
      <ul class="mt-1 divide-y divide-line">
        <For each={props.things.absences} fallback={<li class="py-2.5 text-muted">Everybody is there.</li>}>
          {(absence) => (
            <li class="flex items-center gap-4 py-2">
              <span class="min-w-0 flex-1">{absence.name}</span>
              <span class="text-muted">{untilText(absence.endsAt)}</span>
              <Show when={mayChange()}>
                <Button
                  size="small"
                  onClick={() => {
                    setBack(absence.id);
                    end.run();
                  }}
                >
                  Is back
                </Button>
              </Show>
            </li>
          )}
        </For>
      </ul>
      <Show when={mayChange()}>
        <form class="mt-2 flex flex-wrap items-center gap-2" onSubmit={add.onSubmit}>
          <Select
            class="w-48"
            aria-label="Who is away"
            value={staffId()}
            onChange={setStaff}
            options={[
              { value: '', label: 'Who is away' },
              ...props.things.staff.map(({ id, name }) => ({ value: id as string, label: name })),
            ]}
          />
          <span class="w-56">
            <Input
              type="datetime-local"
              aria-label={`Until, in ${zone}; empty is until further notice`}
              value={until()}
              onInput={(event) => setUntil(event.currentTarget.value)}
            />
          </span>
          <Button type="submit" disabled={staffId() === ''} isBusy={add.isBusy()}>
            Is away
          </Button>
        </form>
      </Show>
    </section>
  );
}
