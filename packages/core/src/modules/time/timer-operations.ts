import { z } from 'zod';
import { defineCommand, defineQuery } from '#kernel/operation';
import {
  currentTimerView,
  startTimerInput,
  stoppedTimerView,
  stopTimerInput,
  timerListView,
  type Timer,
} from './timer.ts';

const LOG = 'time.log-time';

/** What the outside may ask of one's own timers. */
export function timerOperations(timer: Timer) {
  return {
    currentTimer: defineQuery({
      name: 'time.get-current-timer',
      permission: LOG,
      input: z.object({}),
      output: currentTimerView,
      rest: { method: 'GET', path: '/timer', summary: 'One’s own running timer' },
      run: async (scope) => ({ timer: await timer.current(scope) }),
    }),
    listTimers: defineQuery({
      name: 'time.list-timers',
      permission: LOG,
      input: z.object({}),
      output: timerListView,
      rest: { method: 'GET', path: '/timers', summary: 'One’s own timers, the running one first' },
      run: async (scope) => ({ items: await timer.list(scope) }),
    }),
    startTimer: defineCommand({
      name: 'time.start-timer',
      permission: LOG,
      input: startTimerInput,
      output: z.object({ startedAt: z.iso.datetime() }),
      rest: { method: 'POST', path: '/timer/start', summary: 'Start a timer or go on with it; what runs is paused' },
      run: (scope, input) => timer.start(scope, input),
    }),
    pauseTimer: defineCommand({
      name: 'time.pause-timer',
      permission: LOG,
      input: z.object({}),
      output: z.object({ paused: z.literal(true) }),
      rest: { method: 'POST', path: '/timer/pause', summary: 'Pause the running timer' },
      run: (scope) => timer.pause(scope),
    }),
    stopTimer: defineCommand({
      name: 'time.stop-timer',
      permission: LOG,
      input: stopTimerInput,
      output: stoppedTimerView,
      rest: { method: 'POST', path: '/timer/stop', summary: 'Stop a timer and log its time' },
      run: (scope, input) => timer.stop(scope, input),
    }),
  };
}
