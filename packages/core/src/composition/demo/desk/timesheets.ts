import { ticketsModule } from '#modules/tickets';
import { timeModule } from '#modules/time';
import { eachOf, type Stage, type StagedStaff } from '../stage.ts';
import { act } from './act.ts';

const ZONE = 'Europe/London';
const WEEKS = 4;
/** What is done beside the tickets of the story, most days: from when, how long, what. */
const BLOCKS = [
  {
    hour: 9,
    minutes: [190, 290],
    chance: 0.95,
    workType: 'maintenance',
    note: 'Morning round: backups, alerts, updates that failed',
  },
  { hour: 14, minutes: [60, 150], chance: 0.3, workType: 'remote', note: 'Calls and follow-ups' },
] as const;

/** Four weeks of work of everybody: days filled up, weeks handed in, most of them approved, one returned, the present one open. */
export async function loadTimesheets(stage: Stage, staff: readonly StagedStaff[]): Promise<void> {
  const { container, clock } = stage;
  const [boss, lead] = staff;
  if (boss === undefined || lead === undefined) throw new RangeError('Nobody is there to approve.');
  const time = timeModule.operations(container);
  const { items: tickets } = await act(ticketsModule.operations(container).listTickets, boss.scope, {
    tab: 'all',
    sort: 'opened',
    limit: 200,
  });
  const today = clock.present.toZonedDateTimeISO(ZONE).toPlainDate();
  const monday = today.subtract({ days: today.dayOfWeek - 1 });
  const random = stage.random.fork('timesheets');
  const works = staff.flatMap((worker) =>
    Array.from({ length: WEEKS * 5 }, (_, index) => monday.add({ days: (index % 5) - 7 * Math.floor(index / 5) }))
      .filter((day) => Temporal.PlainDate.compare(day, today) < 0)
      .flatMap((day) =>
        BLOCKS.map((block) => ({ worker, day, ...block, minutes: random.int(block.minutes[0], block.minutes[1]) })),
      )
      .filter(({ chance }) => random.chance(chance)),
  );
  await eachOf(stage, 'hours beside tickets', works, async ({ worker, day, hour, minutes, workType, note }, index) => {
    const startedAt = day.toZonedDateTime({ timeZone: ZONE, plainTime: { hour } }).toInstant();
    const known = tickets.filter(({ openedAt }) => Temporal.Instant.compare(openedAt, startedAt) < 0);
    const ticket = known[(index * 7) % Math.max(1, known.length)];
    if (ticket === undefined) return;
    await clock.at(startedAt.add({ minutes }), () =>
      act(time.logTime, worker.scope, {
        ticketId: ticket.id,
        workType,
        startedAt: startedAt.toString(),
        minutes,
        note,
      }),
    );
  });
  for (const [place, worker] of staff.entries())
    for (let weeksAgo = WEEKS - 1; weeksAgo > 0; weeksAgo -= 1)
      await loadWeek(stage, { boss: worker === boss ? lead : boss, worker }, monday.subtract({ days: 7 * weeksAgo }), {
        // The last week lies with the manager still; one of them went back.
        decision: weeksAgo > 1 ? 'approve' : place === 2 ? 'return' : null,
      });
}

async function loadWeek(
  { container, clock }: Stage,
  { boss, worker }: { boss: StagedStaff; worker: StagedStaff },
  weekStart: Temporal.PlainDate,
  { decision }: { decision: 'approve' | 'return' | null },
): Promise<void> {
  const time = timeModule.operations(container);
  const handedInAt = weekStart.add({ days: 4 }).toZonedDateTime({ timeZone: ZONE, plainTime: '17:40' }).toInstant();
  const { timesheetId, version } = await clock.at(handedInAt, () =>
    act(time.submitWeek, worker.scope, { weekStart: weekStart.toString(), version: 0 }),
  );
  if (decision === null) return;
  const note = decision === 'return' ? 'Wednesday afternoon is missing: where were you?' : '';
  const decidedAt = earlier(handedInAt.add({ hours: 64 }), clock.present);
  await clock.at(decidedAt, () => act(time.decideWeek, boss.scope, { timesheetId, version, decision, note }));
}

function earlier(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(a, b) < 0 ? a : b;
}
