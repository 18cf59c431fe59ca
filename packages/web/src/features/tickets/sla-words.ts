import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '#web/app/api/app-router.ts';
import type { State } from '#web/ui/status-pill/status-pill.tsx';
import { minutesText } from './ticket-words.ts';

export type TicketSla = NonNullable<inferRouterOutputs<AppRouter>['tickets']['getTicketSla']['sla']>;
export type SlaClock = TicketSla['response'];
export type SlaSpan = SlaClock['spans'][number];

/** Below this part of its budget a clock is shown as pressing. */
const PRESSING = 0.25;

const REASONS: Readonly<Record<string, string>> = {
  'business-hours': 'Business hours',
  '24x7': 'Round the clock',
  'outside-hours': 'Outside business hours',
  holiday: 'Holiday',
  paused: 'Paused by its status',
  'no-target': 'Nothing was promised',
  resolved: 'Resolved',
};

/** Why a span counted, or did not. */
export function reasonText(reason: string): string {
  return REASONS[reason] ?? reason;
}

/** `26 h 30 min` of `PT26H30M`, without its sign; hours are not made days, for a day of a calendar is no 24 hours. */
export function lengthText(iso: string): string {
  const minutes = Math.floor(Math.abs(Temporal.Duration.from(iso).total('minutes')));
  return minutes === 0 ? 'less than 1 min' : minutesText(minutes);
}

/** How a clock stands, as a word and what its colour says. */
export function clockWords(clock: SlaClock): { readonly word: string; readonly state: State } {
  switch (clock.state) {
    case 'none':
      return { word: 'Nothing promised', state: 'neutral' };
    case 'paused':
      return { word: 'Paused', state: 'paused' };
    case 'met':
      return { word: 'Met', state: 'ok' };
    case 'breached':
      return { word: clock.metAt === null ? 'Overdue' : 'Late', state: 'critical' };
    case 'running':
      return isPressing(clock) ? { word: 'Due soon', state: 'warning' } : { word: 'Running', state: 'info' };
  }
}

function isPressing({ consumed, remaining }: SlaClock): boolean {
  if (consumed === null || remaining === null) return false;
  const left = Temporal.Duration.from(remaining).total('seconds');
  return left < PRESSING * (left + Temporal.Duration.from(consumed).total('seconds'));
}
