import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { Button } from '#web/ui/button/button.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { refreshRules, type SlaRules, type TeamChoice } from './sla-source.ts';

/** Which OLA holds for which team; a team's own choice comes before that of every team. */
export function TeamChoices(props: { rules: SlaRules; mayChange: boolean }): JSX.Element {
  const teams = createRecordQuery({
    key: () => ['teams', 'list', 'choices'],
    fetch: async (signal) => (await api.teams.listTeams.query({}, { signal })).items,
  });
  const [teamId, setTeamId] = createSignal('');
  const [policyId, setPolicyId] = createSignal('');
  const set = async (team: string | null, chosen: string): Promise<void> => {
    await api.sla.setTeamChoice.mutate({ teamId: team as never, policyId: chosen as never });
    await refreshRules();
  };
  const add = createSubmit(() => set(teamId() === '' ? null : teamId(), policyId() === '' ? 'none' : policyId()));
  let removed: TeamChoice | undefined;
  const remove = createSubmit(async () => {
    if (removed !== undefined) await set(removed.teamId, 'inherit');
  });
  const olaName = (id: string | null): string =>
    id === null ? 'No OLA' : (props.rules.olas.find((one) => one.id === id)?.name ?? 'An OLA');
  const nameOf = ({ teamId: team, teamName }: TeamChoice): string =>
    team === null ? 'Every other team' : (teamName ?? 'A team');
  return (
    <section>
      <h3 class="font-semibold">Which OLA holds</h3>
      <p class="text-muted">A team’s own choice before that of every team. It counts from the moment it is made.</p>
      <FormProblem problem={add.problem() ?? remove.problem()} />
      <ul class="mt-1 divide-y divide-line">
        <For
          each={props.rules.teamChoices}
          fallback={<li class="py-2.5 text-muted">No team has an OLA. Choose one below.</li>}
        >
          {(choice) => (
            <li class="flex items-center gap-4 py-2">
              <span class="min-w-0 flex-1">{nameOf(choice)}</span>
              <span class="font-medium">{olaName(choice.policyId)}</span>
              <Show when={props.mayChange}>
                <Button
                  size="small"
                  aria-label={`Take away: ${nameOf(choice)}`}
                  onClick={() => {
                    removed = choice;
                    remove.run();
                  }}
                >
                  Take away
                </Button>
              </Show>
            </li>
          )}
        </For>
      </ul>
      <Show when={props.mayChange}>
        <form class="mt-2 flex flex-wrap items-center gap-2" onSubmit={add.onSubmit}>
          <Select
            class="w-48"
            aria-label="Team"
            value={teamId()}
            onChange={setTeamId}
            options={[
              { value: '', label: 'Every other team' },
              ...(teams.value() ?? []).map(({ id, name }) => ({ value: id as string, label: name })),
            ]}
          />
          <Select
            class="w-48"
            aria-label="OLA"
            value={policyId()}
            onChange={setPolicyId}
            options={[
              { value: '', label: 'No OLA' },
              ...props.rules.olas.map(({ id, name }) => ({ value: id as string, label: name })),
            ]}
          />
          <Button type="submit" isBusy={add.isBusy()}>
            Choose
          </Button>
        </form>
      </Show>
    </section>
  );
}
