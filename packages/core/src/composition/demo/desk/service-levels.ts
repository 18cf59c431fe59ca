import type { Id } from '#kernel/id';
import { slaModule } from '#modules/sla';
import { beginningOf, type Stage, type StagedClient, type StagedStaff } from '../stage.ts';
import { act } from './act.ts';

/** Calendars and policies of the desk, as the rest of the story needs them. */
export interface StagedLevels {
  readonly officeHoursId: Id<'sla-calendar'>;
  readonly olaId: Id<'sla-policy'>;
}

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri'];
/** By priority: the answer, each later answer, the end. */
const STANDARD = [
  ['PT30M', 'PT2H', 'PT4H'],
  ['PT2H', 'PT4H', 'PT8H'],
  ['PT4H', 'PT8H', 'PT24H'],
  ['PT8H', 'PT16H', 'PT40H'],
] as const;
const GOLD = [
  ['PT15M', 'PT1H', 'PT2H'],
  ['PT1H', 'PT2H', 'PT6H'],
  ['PT2H', 'PT4H', 'PT12H'],
  ['PT4H', 'PT8H', 'PT24H'],
] as const;
const WITH_TEAM = ['PT2H', 'PT4H', 'PT8H', 'PT16H'] as const;

/** What Northgate promises: office hours with the bank holidays of England, hours of Stuttgart, two policies of which the first client has the better, and an OLA between its own teams. */
export async function loadServiceLevels(
  stage: Stage,
  clients: readonly StagedClient[],
  staff: readonly StagedStaff[],
): Promise<StagedLevels> {
  const { container, clock } = stage;
  const [boss, lead] = staff;
  if (boss === undefined || lead === undefined) throw new RangeError('The desk has no lead.');
  const sla = slaModule.operations(container);
  return clock.at(beginningOf(clock), async () => {
    const { calendarId, stuttgart } = await loadCalendars(stage, boss);
    const policy = (name: string, budgets: typeof STANDARD | typeof GOLD, hours: typeof calendarId) =>
      act(sla.createPolicy, boss.scope, {
        name,
        pauseStatuses: ['waiting-client', 'waiting-vendor'],
        targets: budgets.map(([response, update, resolution], index) => ({
          priority: index + 1,
          response,
          update,
          resolution,
          // What stands still is looked at around the clock.
          calendarId: index === 0 ? null : hours,
        })),
        warnings: [
          { percent: 75, notify: ['assignee'] },
          { percent: 100, notify: ['assignee', 'lead'] },
        ],
        leadIds: [lead.staffId],
        onCallIds: [lead.staffId],
      });
    const { policyId: standard } = await policy('Standard', STANDARD, calendarId);
    const { policyId: gold } = await policy('Gold', GOLD, calendarId);
    const { policyId: plants } = await policy('Plants in Germany', STANDARD, stuttgart);
    const { policyId: olaId } = await act(sla.createPolicy, boss.scope, {
      name: 'With a team',
      kind: 'ola',
      pauseStatuses: ['waiting-client', 'waiting-vendor'],
      targets: WITH_TEAM.map((resolution, index) => ({ priority: index + 1, resolution, calendarId })),
      warnings: [{ percent: 100, notify: ['lead'] }],
      leadIds: [lead.staffId],
    });
    const choose = (clientId: StagedClient['clientId'] | null, policyId: typeof standard) =>
      act(sla.setChoice, boss.scope, { clientId, policyId });
    await choose(null, standard);
    for (const { clientId, plan } of clients) {
      if (plan.shortCode === 'HARTLEY' || plan.shortCode === 'HARBOR') await choose(clientId, gold);
      if (plan.shortCode === 'MUELLER') await choose(clientId, plants);
    }
    // What is planned months ahead, or looked into at leisure, is nobody's hurry.
    for (const ticketType of ['task', 'problem'])
      await act(sla.setChoice, boss.scope, { ticketType, policyId: 'none' });
    return { officeHoursId: calendarId, olaId };
  });
}

async function loadCalendars({ container, clock }: Stage, boss: StagedStaff) {
  const { createCalendar } = slaModule.operations(container);
  const { calendarId } = await act(createCalendar, boss.scope, {
    name: 'Office hours',
    zone: 'Europe/London',
    windows: [
      { days: [...WEEKDAYS], from: '08:00', to: '18:00' },
      { days: ['sat'], from: '09:00', to: '13:00' },
    ],
    holidays: holidaysOf(clock.present),
  });
  const { calendarId: stuttgart } = await act(createCalendar, boss.scope, {
    name: 'Stuttgart, with a break at noon',
    zone: 'Europe/Berlin',
    windows: [
      { days: [...WEEKDAYS], from: '07:30', to: '12:00' },
      { days: [...WEEKDAYS], from: '13:00', to: '16:30' },
    ],
    holidays: ['01-01', '05-01', '10-03', '12-25', '12-26'].map((day) => ({ date: `2024-${day}`, yearly: true })),
  });
  return { calendarId, stuttgart };
}

/** The bank holidays of England that follow a rule, Easter left out, of the last year, this one and the next. */
function holidaysOf(present: Temporal.Instant): { date: string; yearly: boolean }[] {
  const { year } = present.toZonedDateTimeISO('Europe/London');
  const mondays = [year - 1, year, year + 1].flatMap((one) => [
    firstMonday(Temporal.PlainDate.from({ year: one, month: 5, day: 1 })),
    firstMonday(Temporal.PlainDate.from({ year: one, month: 5, day: 25 })),
    firstMonday(Temporal.PlainDate.from({ year: one, month: 8, day: 25 })),
  ]);
  return [
    ...['01-01', '12-25', '12-26'].map((day) => ({ date: `2024-${day}`, yearly: true })),
    ...mondays.map((day) => ({ date: day.toString(), yearly: false })),
  ];
}

function firstMonday(from: Temporal.PlainDate): Temporal.PlainDate {
  return from.add({ days: (8 - from.dayOfWeek) % 7 });
}
