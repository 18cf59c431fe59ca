import { newId } from '#kernel/id';
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

/** A few rules: three that run, and one that its author still tries out. */
export async function loadRules(stage: Stage, staff: readonly StagedStaff[], desk: StagedDesk): Promise<void> {
  const { container, clock } = stage;
  const [boss, lead] = staff;
  const starters = desk.checklists.get('New starter');
  if (boss === undefined || lead === undefined || starters === undefined)
    throw new RangeError('The desk has nobody to make rules.');
  const { createRule } = deskRulesModule.operations(container);
  await clock.at(rulesSince(stage), async () => {
    await act(createRule, boss.scope, {
      name: 'New colleagues: bring the list along',
      isActive: true,
      definition: {
        when: { kind: 'opened' },
        if: {
          groups: [
            { match: 'all', conditions: [{ field: 'subject', op: 'has-any', values: ['starter', 'new colleague'] }] },
          ],
        },
        actions: [
          { do: 'add-checklist', templateId: starters },
          { do: 'set-team', teamId: desk.teams.firstLine },
        ],
      },
    });
    await act(createRule, boss.scope, {
      name: 'Suspicious mail comes before all else',
      isActive: true,
      definition: {
        when: { kind: 'opened' },
        if: {
          groups: [
            {
              match: 'any',
              conditions: [{ field: 'subject-or-body', op: 'has-any', values: ['suspicious', 'phishing', 'parcel'] }],
            },
          ],
        },
        actions: [
          { do: 'set-priority', priority: 2 },
          { do: 'add-note', text: 'Do not open the links. Search all mailboxes for the sender first, then block it.' },
        ],
      },
    });
    await act(createRule, boss.scope, {
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
    });
    await act(createRule, boss.scope, {
      name: 'Waiting for three days: ask again',
      definition: {
        when: { kind: 'time', since: 'staff-reply', minutes: 3 * 24 * 60 },
        if: {
          groups: [{ match: 'all', conditions: [{ field: 'status', op: 'is', values: ['waiting-client'] }] }],
        },
        actions: [{ do: 'run-macro', macroId: desk.macroId }],
      },
    });
  });
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
