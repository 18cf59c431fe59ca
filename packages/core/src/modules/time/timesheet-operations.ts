import { z } from 'zod';
import { defineCommand, defineQuery } from '#kernel/operation';
import type { TimesheetQueries } from './timesheet-queries.ts';
import { listWeeksInput, weekInput, weekListView, weekView } from './timesheet-view.ts';
import { decideWeekInput, ownWeekInput, sheetStateView, workingDayInput, type Timesheets } from './timesheets.ts';

interface Needs {
  readonly weeks: TimesheetQueries;
  readonly timesheets: Timesheets;
}

const LOG = 'time.log-time';

/** What the outside may ask of weeks of work. */
export function timesheetOperations(needs: Needs) {
  return {
    getWeek: defineQuery({
      name: 'time.get-week',
      permission: 'time.read-time',
      input: weekInput,
      output: weekView,
      rest: {
        method: 'GET',
        path: '/timesheets/week',
        summary: 'A week of work with gaps, overlaps and what is missing',
      },
      run: (scope, input) => needs.weeks.week(scope, input),
    }),
    listWeeks: defineQuery({
      name: 'time.list-weeks',
      permission: 'time.read-time',
      input: listWeeksInput,
      output: weekListView,
      rest: { method: 'GET', path: '/timesheets', summary: 'Everybody’s sums of a week, and whether it is approved' },
      run: (scope, input) => needs.weeks.weeks(scope, input),
    }),
    submitWeek: defineCommand({
      name: 'time.submit-week',
      permission: LOG,
      input: ownWeekInput,
      output: sheetStateView,
      rest: { method: 'POST', path: '/timesheets/submit', summary: 'Hand in one’s own week' },
      run: (scope, input) => needs.timesheets.submit(scope, input),
    }),
    withdrawWeek: defineCommand({
      name: 'time.withdraw-week',
      permission: LOG,
      input: ownWeekInput,
      output: sheetStateView,
      rest: { method: 'POST', path: '/timesheets/withdraw', summary: 'Take back a week that is not approved yet' },
      run: (scope, input) => needs.timesheets.withdraw(scope, input),
    }),
    decideWeek: defineCommand({
      name: 'time.decide-week',
      permission: 'time.approve-time',
      input: decideWeekInput,
      output: sheetStateView,
      rest: {
        method: 'POST',
        path: '/timesheets/{timesheetId}/decisions',
        summary: 'Approve or return somebody’s week, or open an approved one again',
      },
      run: (scope, input) => needs.timesheets.decide(scope, input),
    }),
    setWorkingDay: defineCommand({
      name: 'time.set-working-day',
      permission: LOG,
      input: workingDayInput,
      output: z.object({ timeZone: z.string() }),
      rest: {
        method: 'PUT',
        path: '/timesheets/working-day',
        summary: 'Set one’s own time zone and length of a working day',
      },
      run: (scope, input) => needs.timesheets.setWorkingDay(scope, input),
    }),
  };
}
