import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineCommand, defineQuery } from '#kernel/operation';
import { changeTimeInput, removeTimeInput, type ChangeTime } from './change-time.ts';
import { logTimeInput, type LogTime } from './log-time.ts';
import { ticketTimeInput, ticketTimeView, timesheetInput, timesheetView, type TimeQueries } from './time-queries.ts';
import { currentTimerView, startTimerInput, stoppedTimerView, stopTimerInput, type Timer } from './timer.ts';

interface Needs {
  readonly time: TimeQueries;
  readonly logTime: LogTime;
  readonly changeTime: ChangeTime;
  readonly timer: Timer;
}

const LOG = 'time.log-time';
const READ = 'time.read-time';
const CHANGE = 'time.change-time';

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
      output: z.object({ entryId: idSchema('time-entry'), workedMinutes: z.int(), billableMinutes: z.int() }),
      rest: { method: 'POST', path: '/tickets/{ticketId}/time', summary: 'Log time' },
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
    currentTimer: defineQuery({
      name: 'time.get-current-timer',
      permission: LOG,
      input: z.object({}),
      output: currentTimerView,
      rest: { method: 'GET', path: '/timer', summary: 'One’s own running timer' },
      run: async (scope) => ({ timer: await needs.timer.current(scope) }),
    }),
    startTimer: defineCommand({
      name: 'time.start-timer',
      permission: LOG,
      input: startTimerInput,
      output: stoppedTimerView.extend({ startedAt: z.iso.datetime() }),
      rest: { method: 'POST', path: '/timer/start', summary: 'Start the timer, or switch it to another ticket' },
      run: (scope, input) => needs.timer.start(scope, input),
    }),
    stopTimer: defineCommand({
      name: 'time.stop-timer',
      permission: LOG,
      input: stopTimerInput,
      output: stoppedTimerView,
      rest: { method: 'POST', path: '/timer/stop', summary: 'Stop the timer and log its time' },
      run: (scope, input) => needs.timer.stop(scope, input),
    }),
  };
}
