import { createSignal, onCleanup, onMount } from 'solid-js';
import type { inferRouterOutputs } from '@trpc/server';
import { api } from '#web/app/api/api.ts';
import type { AppRouter } from '#web/app/api/app-router.ts';
import { toProblem } from '#web/app/problem/problem.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { showDone, showProblem } from '#web/ui/toast/toast-store.ts';
import { ticketLabel } from './ticket-words.ts';

export type Timer = inferRouterOutputs<AppRouter>['time']['listTimers']['items'][number];

/** The reader's running timer. */
export function createTimer() {
  return createRecordQuery({
    key: () => ['timer', 'one', 'mine'],
    fetch: (signal) => api.time.currentTimer.query({}, { signal }),
  });
}

/** The reader's timers: the running one first, then those that are paused. */
export function createTimers() {
  return createRecordQuery({
    key: () => ['timer', 'list', 'mine'],
    fetch: (signal) => api.time.listTimers.query({}, { signal }),
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

/** What a timer measured until a moment, in whole seconds. */
export function secondsOf(timer: Timer, nowMs: number): number {
  if (timer.startedAt === null || nowMs === 0) return timer.secondsBefore;
  const since = nowMs - Temporal.Instant.from(timer.startedAt).epochMilliseconds;
  return timer.secondsBefore + Math.max(0, Math.floor(since / 1000));
}

/** `04:12`, `1:04:12`. */
export function clockText(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const rest = [Math.floor((seconds % 3600) / 60), seconds % 60].map((part) => String(part).padStart(2, '0'));
  return hours === 0 ? rest.join(':') : `${hours}:${rest.join(':')}`;
}

const [stopping, setStopping] = createSignal<Timer>();
/** The timer whose time is about to be logged; the pill in the top bar shows the dialog. */
export const stoppingTimer = stopping;
export function askToStop(timer: Timer | undefined): void {
  setStopping(timer);
}

/** What changed of timers is read again. */
export async function afterTimer(): Promise<void> {
  await Promise.all([invalidateTopic('timer'), invalidateTopic('time-entry')]);
}

/** What a timer is on: its ticket, or its client where it is on none. */
export function workOfTimer(timer: Timer): TimedWork {
  return timer.ticketId === null ? { clientId: timer.clientId } : { ticketId: timer.ticketId };
}

/** `T-12`, or the client's name. */
export function timerLabel(timer: Timer): string {
  return timer.ticketNumber === null ? timer.clientName : ticketLabel(timer.ticketNumber);
}

/** What a timer can be on. */
export type TimedWork = { readonly ticketId: NonNullable<Timer['ticketId']> } | { readonly clientId: string };

/** Starts the timer on a ticket or for a client, or goes on with it; what ran on another is paused. */
export async function startTimer(work: TimedWork): Promise<void> {
  try {
    await api.time.startTimer.mutate(work);
    await afterTimer();
  } catch (error) {
    showProblem('The timer did not start', toProblem(error).message);
  }
}

/** Pauses what runs. */
export async function pauseTimer(): Promise<void> {
  try {
    await api.time.pauseTimer.mutate({});
    await afterTimer();
  } catch (error) {
    showProblem('The timer did not pause', toProblem(error).message);
  }
}

/** Throws away what a timer measured. */
export async function discardTimer(work: TimedWork): Promise<void> {
  try {
    await api.time.stopTimer.mutate({ ...work, isDiscarded: true });
    showDone('The time was thrown away');
    await afterTimer();
  } catch (error) {
    showProblem('The timer did not stop', toProblem(error).message);
  }
}
