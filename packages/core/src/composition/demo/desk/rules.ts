import type { z } from 'zod';
import { newId, type Id } from '#kernel/id';
import { deskRulesModule } from '#modules/desk-rules';
import type { TicketId } from '#modules/tickets';
import type { Stage, StagedStaff } from '../stage.ts';
import { act, doJob } from './act.ts';
import type { StagedDesk } from './catalogue.ts';

/** Northgate has rules since so many days. */
const RULES_SINCE_DAYS = 20;

function rulesSince({ clock }: Pick<Stage, 'clock'>): Temporal.Instant {
  return clock.present.subtract({ hours: 24 * RULES_SINCE_DAYS });
}

type NewRule = Parameters<typeof saveRule>[2];

function saveRule(
  { container }: Stage,
  boss: StagedStaff,
  rule: z.input<ReturnType<typeof deskRulesModule.operations>['createRule']['input']>,
) {
  return act(deskRulesModule.operations(container).createRule, boss.scope, rule);
}

/** A few rules: three that run, and one that its author still tries out. */
export async function loadRules(stage: Stage, staff: readonly StagedStaff[], desk: StagedDesk): Promise<void> {
  const [boss, lead] = staff;
  const starters = desk.checklists.get('New starter');
  if (boss === undefined || lead === undefined || starters === undefined)
    throw new RangeError('The desk has nobody to make rules.');
  const rules = [...rulesOfWords(desk, starters), ...rulesOfTime(desk, lead)];
  await stage.clock.at(rulesSince(stage), async () => {
    for (const rule of rules) await saveRule(stage, boss, rule);
  });
}

function rulesOfWords(desk: StagedDesk, starters: Id<'checklist-template'>): NewRule[] {
  const words = (field: 'subject' | 'subject-or-body', ...values: string[]) => ({
    groups: [{ match: 'all' as const, conditions: [{ field, op: 'has-any' as const, values }] }],
  });
  return [
    {
      name: 'New colleagues: bring the list along',
      isActive: true,
      definition: {
        when: { kind: 'opened' },
        if: words('subject', 'starter', 'new colleague'),
        actions: [
          { do: 'add-checklist', templateId: starters },
          { do: 'set-team', teamId: desk.teams.firstLine },
        ],
      },
    },
    {
      name: 'Suspicious mail comes before all else',
      isActive: true,
      definition: {
        when: { kind: 'opened' },
        if: words('subject-or-body', 'suspicious', 'phishing', 'parcel'),
        actions: [
          { do: 'set-priority', priority: 2 },
          { do: 'add-note', text: 'Do not open the links. Search all mailboxes for the sender first, then block it.' },
        ],
      },
    },
  ];
}

function rulesOfTime(desk: StagedDesk, lead: StagedStaff): NewRule[] {
  return [
    {
      name: 'Nights and week-ends: tell who is on call',
      isActive: true,
      definition: {
        when: { kind: 'opened' },
        if: {
          groups: [
            {
              match: 'all',
              conditions: [
                { field: 'hours', op: 'outside', value: desk.officeHoursId },
                { field: 'priority', op: 'is', values: [1, 2] },
              ],
            },
          ],
        },
        actions: [{ do: 'notify', staffIds: [lead.staffId], text: 'Opened outside office hours, and it is urgent.' }],
      },
    },
    {
      name: 'Waiting for three days: ask again',
      definition: {
        when: { kind: 'time', since: 'staff-reply', minutes: 3 * 24 * 60 },
        if: { groups: [{ match: 'all', conditions: [{ field: 'status', op: 'is', values: ['waiting-client'] }] }] },
        actions: [{ do: 'run-macro', macroId: desk.macroId }],
      },
    },
  ];
}

/** Asks the rules about a ticket that was opened just now; before there were rules, nothing happens. */
export async function askRules(stage: Stage, ticketId: TicketId): Promise<void> {
  const { container, clock, system } = stage;
  if (Temporal.Instant.compare(clock.now(), rulesSince(stage)) < 0) return;
  await doJob(deskRulesModule, container, system, {
    job: 'desk-rules.run-rules',
    payload: { ticketId, version: 1, occurrence: newId(), event: { kind: 'opened' } },
  });
}
