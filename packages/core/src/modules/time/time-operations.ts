import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineCommand, defineQuery } from '#kernel/operation';
import { changeTimeInput, removeTimeInput, type ChangeTime } from './change-time.ts';
import { logClientTimeInput, logTimeInput, type LogTime } from './log-time.ts';
import { ticketTimeInput, ticketTimeView, timesheetInput, timesheetView, type TimeQueries } from './time-queries.ts';
import { overlapView } from './overlaps.ts';
import { previewClientTimeInput, previewTimeInput, previewTimeView, type PreviewTime } from './preview-time.ts';
import { rateExampleInput, rateExampleView, type RateExample } from './rate-example.ts';
import { reverseTimeInput, type ReverseTime } from './reverse-time.ts';
import { timerOperations } from './timer-operations.ts';
import type { Timer } from './timer.ts';
import { timesheetOperations } from './timesheet-operations.ts';
import type { TimesheetQueries } from './timesheet-queries.ts';
import type { Timesheets } from './timesheets.ts';

interface Needs {
  readonly time: TimeQueries;
  readonly logTime: LogTime;
  readonly changeTime: ChangeTime;
  readonly timer: Timer;
  readonly reverseTime: ReverseTime;
  readonly preview: PreviewTime;
  readonly example: RateExample;
  readonly weeks: TimesheetQueries;
  readonly timesheets: Timesheets;
}

const LOG = 'time.log-time';
const READ = 'time.read-time';
const CHANGE = 'time.change-time';

const loggedView = z.object({
  entryId: idSchema('time-entry'),
  workedMinutes: z.int(),
  billableMinutes: z.int(),
  /** Other work of the same person at the same time: logged all the same, and worth a look. */
  overlaps: z.array(overlapView),
});

/** What the outside may ask of this module. */
export function timeOperations(needs: Needs) {
  return {
    listTicketTime: defineQuery({
      name: 'time.list-ticket-time',
      permission: READ,
      input: ticketTimeInput,
      output: ticketTimeView,
      rest: { method: 'GET', path: '/tickets/{ticketId}/time', summary: 'Time on a ticket' },
      run: (scope, input) => needs.time.ofTicket(scope, input.ticketId),
    }),
    timesheet: defineQuery({
      name: 'time.get-timesheet',
      permission: READ,
      input: timesheetInput,
      output: timesheetView,
      rest: { method: 'GET', path: '/timesheet', summary: 'What somebody worked, day by day' },
      run: (scope, input) => needs.time.timesheet(scope, input),
    }),
    logTime: defineCommand({
      name: 'time.log-time',
      permission: LOG,
      input: logTimeInput,
      output: loggedView,
      rest: { method: 'POST', path: '/tickets/{ticketId}/time', summary: 'Log time' },
      run: (scope, input) => needs.logTime.run(scope, input),
    }),
    logClientTime: defineCommand({
      name: 'time.log-client-time',
      permission: LOG,
      input: logClientTimeInput,
      output: loggedView,
      rest: {
        method: 'POST',
        path: '/clients/{clientId}/time',
        summary: 'Log time for a client that is on no ticket; the MSP itself is one of them',
      },
      run: (scope, input) => needs.logTime.run(scope, input),
    }),
    changeTime: defineCommand({
      name: 'time.change-entry',
      permission: CHANGE,
      input: changeTimeInput,
      output: z.object({ version: z.int() }),
      rest: { method: 'PATCH', path: '/time/{entryId}', summary: 'Correct a time entry' },
      run: (scope, input) => needs.changeTime.run(scope, input),
    }),
    removeTime: defineCommand({
      name: 'time.remove-entry',
      permission: CHANGE,
      input: removeTimeInput,
      output: z.object({ removed: z.literal(true) }),
      rest: { method: 'POST', path: '/time/{entryId}/remove', summary: 'Remove a time entry' },
      run: (scope, input) => needs.changeTime.remove(scope, input),
    }),
    reverseTime: defineCommand({
      name: 'time.reverse-entry',
      permission: 'time.reverse-time',
      input: reverseTimeInput,
      output: z.object({ entryId: idSchema('time-entry') }),
      rest: { method: 'POST', path: '/time/{entryId}/reverse', summary: 'Take back invoiced time by its negative' },
      run: (scope, input) => needs.reverseTime.run(scope, input),
    }),
    previewTime: defineQuery({
      name: 'time.preview-time',
      permission: LOG,
      input: previewTimeInput,
      output: previewTimeView,
      rest: { method: 'GET', path: '/tickets/{ticketId}/time-preview', summary: 'What logging would come to, and why' },
      run: (scope, input) => needs.preview.run(scope, input),
    }),
    previewClientTime: defineQuery({
      name: 'time.preview-client-time',
      permission: LOG,
      input: previewClientTimeInput,
      output: previewTimeView,
      rest: {
        method: 'GET',
        path: '/clients/{clientId}/time-preview',
        summary: 'What logging for a client without a ticket would come to, and why',
      },
      run: (scope, input) => needs.preview.run(scope, input),
    }),
    rateExample: defineQuery({
      name: 'time.rate-example',
      permission: READ,
      input: rateExampleInput,
      output: rateExampleView,
      rest: {
        method: 'POST',
        path: '/time-examples',
        summary: 'What a piece of work would come to by the lines of a contract that is being written',
      },
      run: (scope, input) => needs.example.run(scope, input),
    }),
    ...timerOperations(needs.timer),
    ...timesheetOperations(needs),
  };
}
