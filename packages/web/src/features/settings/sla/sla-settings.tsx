import Hourglass from 'lucide-solid/icons/hourglass';
import Plus from 'lucide-solid/icons/plus';
import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { SettingsSection } from '../settings-section.tsx';
import { budgetText } from './budget-text.ts';
import { EditCalendar } from './edit-calendar.tsx';
import { EditPolicy } from './edit-policy.tsx';
import { SlaChoices } from './sla-choices.tsx';
import { TeamChoices } from './team-choices.tsx';
import { WhatIf } from './what-if.tsx';
import { createSlaRules, refreshRules, type Calendar, type Policy, type SlaRules } from './sla-source.ts';

/** What the MSP promises, by which hours, and to whom. */
export function SlaSettings(): JSX.Element {
  const rules = createSlaRules();
  return (
    <SettingsSection
      title="SLA"
      lead="Policies promise an answer and an end for each priority; calendars say which hours count. Open tickets follow a change; a verdict that was given stays."
      query={rules}
    >
      {(value) => (
        <Show when={value.policies.length + value.calendars.length > 0} fallback={<NoRules />}>
          <Rules rules={value} />
        </Show>
      )}
    </SettingsSection>
  );
}

function NoRules(): JSX.Element {
  const { can } = useSession();
  const make = createSubmit(async () => {
    await api.sla.makeDefault.mutate({ zone: Temporal.Now.timeZoneId() });
    await refreshRules();
    showDone('Every ticket has the policy Standard now');
  });
  return (
    <>
      <FormProblem problem={make.problem()} />
      <EmptyState
        icon={Hourglass}
        title="Nothing is promised yet"
        action={
          <Show when={can('sla.manage-rules')}>
            <Button kind="primary" isBusy={make.isBusy()} onClick={make.run}>
              Start with the standard policy
            </Button>
          </Show>
        }
      >
        Makes office hours (Monday to Friday, 9 to 17 in {Temporal.Now.timeZoneId()}) and a policy for all four
        priorities, and gives it to every ticket. All of it can be changed afterwards.
      </EmptyState>
    </>
  );
}

function Rules(props: { rules: SlaRules }): JSX.Element {
  const { can } = useSession();
  const [policy, setPolicy] = createSignal<Policy | 'new' | 'new-ola'>();
  const [calendar, setCalendar] = createSignal<Calendar | 'new'>();
  const mayChange = () => can('sla.manage-rules');
  let wanted: { policyId: Policy['id'] } | { calendarId: Calendar['id'] } | undefined;
  const retiring = createSubmit(async () => {
    if (wanted === undefined) return;
    if ('policyId' in wanted) await api.sla.retirePolicy.mutate(wanted);
    else await api.sla.retireCalendar.mutate(wanted);
    await refreshRules();
    showDone('Retired. Verdicts that were given by it stay.');
  });
  const retire = (what: NonNullable<typeof wanted>): void => {
    wanted = what;
    retiring.run();
  };
  return (
    <div class="flex flex-col gap-8">
      <FormProblem problem={retiring.problem()} />
      <Part title="Policies" onAdd={mayChange() ? () => setPolicy('new') : undefined} add="New policy">
        <For each={props.rules.policies} fallback={<li class="py-2.5 text-muted">No policy yet.</li>}>
          {(one) => (
            <Item
              name={one.name}
              text={policyText(one)}
              onChange={mayChange() ? () => setPolicy(one) : undefined}
              onRetire={mayChange() ? () => retire({ policyId: one.id }) : undefined}
            />
          )}
        </For>
      </Part>
      <SlaChoices rules={props.rules} mayChange={mayChange()} />
      <Part
        title="OLAs between teams"
        lead="How long a ticket may be with a team, by priority. Clients see nothing of it, and it moves no ticket in the queue."
        onAdd={mayChange() ? () => setPolicy('new-ola') : undefined}
        add="New OLA"
      >
        <For each={props.rules.olas} fallback={<li class="py-2.5 text-muted">No OLA yet.</li>}>
          {(one) => (
            <Item
              name={one.name}
              text={olaText(one)}
              onChange={mayChange() ? () => setPolicy(one) : undefined}
              onRetire={mayChange() ? () => retire({ policyId: one.id }) : undefined}
            />
          )}
        </For>
      </Part>
      <Show when={props.rules.olas.length > 0}>
        <TeamChoices rules={props.rules} mayChange={mayChange()} />
      </Show>
      <Part title="Business calendars" onAdd={mayChange() ? () => setCalendar('new') : undefined} add="New calendar">
        <For
          each={props.rules.calendars}
          fallback={<li class="py-2.5 text-muted">No calendar yet: policies count round the clock.</li>}
        >
          {(one) => (
            <Item
              name={one.name}
              text={calendarText(one)}
              onChange={mayChange() ? () => setCalendar(one) : undefined}
              onRetire={mayChange() ? () => retire({ calendarId: one.id }) : undefined}
            />
          )}
        </For>
      </Part>
      <Show when={can('what-if.run-policies') && props.rules.policies.length > 0}>
        <WhatIf policies={props.rules.policies} />
      </Show>
      <EditPolicy policy={policy()} calendars={props.rules.calendars} onClose={() => setPolicy()} />
      <EditCalendar calendar={calendar()} onClose={() => setCalendar()} />
    </div>
  );
}

function Part(props: {
  title: string;
  lead?: string;
  add: string;
  onAdd: (() => void) | undefined;
  children: JSX.Element;
}): JSX.Element {
  return (
    <section>
      <div class="flex items-center justify-between gap-4">
        <h3 class="font-semibold">{props.title}</h3>
        <Show when={props.onAdd}>
          {(add) => (
            <Button size="small" icon={Plus} onClick={() => add()()}>
              {props.add}
            </Button>
          )}
        </Show>
      </div>
      <Show when={props.lead}>{(lead) => <p class="text-muted">{lead()}</p>}</Show>
      <ul class="mt-1 divide-y divide-line">{props.children}</ul>
    </section>
  );
}

function Item(props: {
  name: string;
  text: string;
  onChange: (() => void) | undefined;
  onRetire: (() => void) | undefined;
}): JSX.Element {
  return (
    <li class="flex items-center gap-4 py-2.5">
      <div class="min-w-0 flex-1">
        <div class="font-medium">{props.name}</div>
        <div class="text-muted">{props.text}</div>
      </div>
      <Show when={props.onChange}>
        {(change) => (
          <Button size="small" onClick={() => change()()}>
            Change
          </Button>
        )}
      </Show>
      <Show when={props.onRetire}>
        {(retire) => (
          <Button size="small" aria-label={`Retire ${props.name}`} onClick={() => retire()()}>
            Retire
          </Button>
        )}
      </Show>
    </li>
  );
}

function policyText({ targets }: Policy): string {
  const promised = targets.map(
    ({ priority, response, resolution }) =>
      `P${priority} ${[response, resolution].map((one) => (one === null ? '–' : budgetText(one))).join(' / ')}`,
  );
  return promised.length === 0 ? 'Promises nothing' : `Answer / end: ${promised.join(', ')}`;
}

function olaText({ targets }: Policy): string {
  const promised = targets.flatMap(({ priority, resolution }) =>
    resolution === null ? [] : [`P${priority} ${budgetText(resolution)}`],
  );
  return promised.length === 0 ? 'Promises nothing' : `With the team at most: ${promised.join(', ')}`;
}

function calendarText({ zone, windows, holidays }: Calendar): string {
  const hours = windows.map(({ days, from, to }) => `${days.join(' ')} ${from}–${to}`).join(', ');
  const closed = holidays.length === 1 ? '1 holiday' : `${holidays.length} holidays`;
  return `${zone.replaceAll('_', ' ')} · ${hours === '' ? 'never open' : hours} · ${closed}`;
}
