import Plus from 'lucide-solid/icons/plus';
import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { SettingsSection } from '../settings-section.tsx';
import { createCategories, createRules, createTeamSettings, typesText, type Rule } from './desk-source.ts';
import { RuleForm } from './rule-form.tsx';

const METHODS = {
  'round-robin': 'in turn',
  'least-load': 'least load',
  skill: 'by skill',
  manual: 'the team decides',
} as const;

/** The rules that give new tickets to teams. */
export function RuleSettings(): JSX.Element {
  const [rules, things, categories] = [createRules(), createTeamSettings(), createCategories()];
  const [edited, setEdited] = createSignal<Rule | 'new'>();
  const describe = (rule: Rule): string => {
    const team = things.value()?.teams.find((one) => one.id === rule.teamId)?.name ?? 'a team';
    const filed = rule.categoryIds.map((id) => categories.value()?.find((one) => one.id === id)?.path ?? '…');
    const queues = rule.queueIds.map((id) => rules.value()?.queues.find((one) => one.id === id)?.name ?? '…');
    const count = rule.clientIds.length;
    const when = [
      typesText(rule.ticketTypes),
      ...filed,
      ...queues,
      ...(count === 0 ? [] : [`${count} ${count === 1 ? 'client' : 'clients'}`]),
    ];
    return `${when.join(', ')} → ${team}, ${METHODS[rule.method]}`;
  };
  return (
    <SettingsSection
      title="Assignment rules"
      lead="A new ticket that nobody has goes to the team of the first rule that is for it, the lowest number first."
      query={rules}
      action={
        <Button
          icon={Plus}
          disabled={(things.value()?.teams.length ?? 0) === 0}
          title={(things.value()?.teams.length ?? 0) === 0 ? 'Make a team first' : undefined}
          onClick={() => setEdited('new')}
        >
          New rule
        </Button>
      }
    >
      {(value) => (
        <>
          <ul class="divide-y divide-line">
            <For each={value.rules} fallback={<li class="py-2.5 text-muted">There is no rule: people assign.</li>}>
              {(rule) => (
                <li class="flex items-center gap-4 py-2">
                  <span class="w-8 text-right text-muted tabular-nums">{rule.place}</span>
                  <span class="min-w-0 flex-1">
                    <span classList={{ 'text-muted line-through': !rule.isActive }}>{rule.name}</span>
                    <span class="block text-muted">{describe(rule)}</span>
                  </span>
                  <Button size="small" aria-label={`Edit ${rule.name}`} onClick={() => setEdited(rule)}>
                    Edit
                  </Button>
                </li>
              )}
            </For>
          </ul>
          <Dialog
            isOpen={edited() !== undefined}
            onOpenChange={(isOpen) => {
              if (!isOpen) setEdited(undefined);
            }}
            title={edited() === 'new' ? 'New assignment rule' : 'Assignment rule'}
          >
            <Show when={edited()} keyed>
              {(rule) => (
                <RuleForm
                  rule={rule === 'new' ? undefined : rule}
                  things={things.value()}
                  categories={categories.value() ?? []}
                  queues={value.queues}
                  onClose={() => setEdited(undefined)}
                />
              )}
            </Show>
          </Dialog>
        </>
      )}
    </SettingsSection>
  );
}
