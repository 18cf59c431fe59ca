import { createSignal, onCleanup, onMount } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { toProblem } from '#web/app/problem/problem.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { showDone, showProblem } from '#web/ui/toast/toast-store.ts';
import { minutesText } from './ticket-words.ts';

/** The reader's running timer. */
export function createTimer() {
  return createRecordQuery({
    key: () => ['timer', 'one', 'mine'],
    fetch: (signal) => api.time.currentTimer.query({}, { signal }),
  });
}

/** The time now, second by second, while somebody looks. */
export function createSeconds(): () => number {
  const [now, setNow] = createSignal(0);
  onMount(() => {
    const tick = (): void => void setNow(Temporal.Now.instant().epochMilliseconds);
    tick();
    const timer = setInterval(tick, 1000);
    onCleanup(() => clearInterval(timer));
  });
  return now;
}

async function afterTimer(): Promise<void> {
  await Promise.all([invalidateTopic('timer'), invalidateTopic('time-entry')]);
}

/** Starts the timer on a ticket; what ran on another is paused. */
export async function startTimer(ticketId: string): Promise<void> {
  try {
    await api.time.startTimer.mutate({ ticketId: ticketId as never });
    await afterTimer();
  } catch (error) {
    showProblem('The timer did not start', toProblem(error).message);
  }
}

/** Stops the timer and logs its time, or throws it away. */
export async function stopTimer(options: { isDiscarded?: boolean; idleMinutes?: number } = {}): Promise<void> {
  try {
    const { workedMinutes } = await api.time.stopTimer.mutate(options);
    showDone(options.isDiscarded === true ? 'The time was thrown away' : `Logged ${minutesText(workedMinutes)}`);
    await afterTimer();
  } catch (error) {
    showProblem('The timer did not stop', toProblem(error).message);
  }
}
