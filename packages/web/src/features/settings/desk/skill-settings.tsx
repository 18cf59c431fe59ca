import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { Button } from '#web/ui/button/button.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import type { TeamThings } from './desk-source.ts';

const LEVELS = ['does not know it', 'beginner', 'knows it', 'expert'];

/** What staff know, and how well. */
export function SkillSettings(props: { things: TeamThings; mayChange: boolean }): JSX.Element {
  const [name, setName] = createSignal('');
  const [skillId, setSkill] = createSignal('');
  const [staffId, setStaff] = createSignal('');
  const [level, setLevel] = createSignal('3');
  const make = createSubmit(async () => {
    await api.teams.createSkill.mutate({ name: name() });
    setName('');
    await invalidateTopic('desk');
  });
  const say = createSubmit(async () => {
    await api.teams.setSkillLevel.mutate({
      skillId: skillId() as never,
      staffId: staffId() as never,
      level: Number(level()),
    });
    await invalidateTopic('desk');
  });
  return (
    <section class="mt-6">
      <h3 class="font-semibold">Skills</h3>
      <p class="text-muted">Tickets that are given by skill go to whoever knows it best.</p>
      <FormProblem problem={make.problem() ?? say.problem()} />
      <ul class="mt-1 divide-y divide-line">
        <For each={props.things.skills} fallback={<li class="py-2.5 text-muted">There is no skill yet.</li>}>
          {(skill) => (
            <li class="py-2">
              {skill.name}
              <span class="block text-muted">
                {skill.people.length === 0
                  ? 'Nobody yet'
                  : skill.people.map((one) => `${one.name}, ${LEVELS[one.level]}`).join(' · ')}
              </span>
            </li>
          )}
        </For>
      </ul>
      <Show when={props.mayChange}>
        <form class="mt-2 flex flex-wrap items-center gap-2" onSubmit={make.onSubmit}>
          <span class="w-48">
            <Input
              aria-label="Name of a new skill"
              placeholder="New skill"
              maxLength={60}
              value={name()}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          </span>
          <Button type="submit" disabled={name().trim() === ''} isBusy={make.isBusy()}>
            Add skill
          </Button>
        </form>
        <Show when={props.things.skills.length > 0}>
          <form class="mt-2 flex flex-wrap items-center gap-2" onSubmit={say.onSubmit}>
            <Select
              class="w-48"
              aria-label="Person"
              value={staffId()}
              onChange={setStaff}
              options={[
                { value: '', label: 'Who' },
                ...props.things.staff.map(({ id, name: label }) => ({ value: id as string, label })),
              ]}
            />
            <Select
              class="w-48"
              aria-label="Skill"
              value={skillId()}
              onChange={setSkill}
              options={[
                { value: '', label: 'Which skill' },
                ...props.things.skills.map(({ id, name: label }) => ({ value: id as string, label })),
              ]}
            />
            <Select
              class="w-40"
              aria-label="How well"
              value={level()}
              onChange={setLevel}
              options={LEVELS.map((label, index) => ({ value: String(index), label }))}
            />
            <Button type="submit" disabled={staffId() === '' || skillId() === ''} isBusy={say.isBusy()}>
              Set
            </Button>
          </form>
        </Show>
      </Show>
    </section>
  );
}
