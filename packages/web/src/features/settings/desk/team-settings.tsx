import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import Plus from 'lucide-solid/icons/plus';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { SettingsSection } from '../settings-section.tsx';
import { AbsenceSettings } from './absence-settings.tsx';
import { createTeamSettings, type Team, type TeamThings } from './desk-source.ts';
import { RuleSettings } from './rule-settings.tsx';
import { SkillSettings } from './skill-settings.tsx';
import { TeamForm } from './team-form.tsx';

/** Who works together, who knows what, who is away, and whose new tickets are whose. */
export function TeamSettings(): JSX.Element {
  const { can } = useSession();
  const things = createTeamSettings();
  const [edited, setEdited] = createSignal<Team | 'new'>();
  const mayChange = (): boolean => can('teams.manage-teams');
  return (
    <>
      <SettingsSection
        title="Teams"
        lead="A ticket can be given to a team, which finds its person: in turn, by load or by skill."
        query={things}
        action={
          <Show when={mayChange()}>
            <Button icon={Plus} onClick={() => setEdited('new')}>
              New team
            </Button>
          </Show>
        }
      >
        {(value) => (
          <>
            <TeamList things={value} mayChange={mayChange()} onEdit={setEdited} />
            <Dialog
              isOpen={edited() !== undefined}
              onOpenChange={(isOpen) => {
                if (!isOpen) setEdited(undefined);
              }}
              title={edited() === 'new' ? 'New team' : 'Team'}
            >
              <Show when={edited()} keyed>
                {(team) => (
                  <TeamForm
                    team={team === 'new' ? undefined : team}
                    staff={value.staff}
                    onClose={() => setEdited(undefined)}
                  />
                )}
              </Show>
            </Dialog>
            <AbsenceSettings things={value} />
            <SkillSettings things={value} mayChange={mayChange()} />
          </>
        )}
      </SettingsSection>
      <Show when={can('ticket-assignment.manage-rules')}>
        <RuleSettings />
      </Show>
    </>
  );
}

function TeamList(props: { things: TeamThings; mayChange: boolean; onEdit: (team: Team) => void }): JSX.Element {
  const namesOf = (team: Team): string =>
    team.members
      .map(({ name, isLead, isAway }) => `${name}${isLead ? ' (lead)' : ''}${isAway ? ' (away)' : ''}`)
      .join(', ');
  return (
    <ul class="divide-y divide-line">
      <For each={props.things.teams} fallback={<li class="py-2.5 text-muted">There is no team yet.</li>}>
        {(team) => (
          <li class="flex items-center gap-4 py-2">
            <span class="min-w-0 flex-1">
              <span class="font-medium" classList={{ 'text-muted line-through': !team.isActive }}>
                {team.name}
              </span>
              <span class="block text-muted">{team.members.length === 0 ? 'Nobody yet' : namesOf(team)}</span>
            </span>
            <Show when={props.mayChange}>
              <Button size="small" aria-label={`Edit ${team.name}`} onClick={() => props.onEdit(team)}>
                Edit
              </Button>
            </Show>
          </li>
        )}
      </For>
    </ul>
  );
}
