import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '#web/app/api/app-router.ts';
import { minutesText } from '#web/features/tickets/ticket-words.ts';

type Outputs = inferRouterOutputs<AppRouter>['reporting'];
export type DeskReport = Outputs['getDeskReport'];
export type Figures = DeskReport['total'];
export type TimeReport = Outputs['getTimeReport'];
export type OlaReport = Outputs['getOlaReport'];

export const REPORTS = [
  ['sla-response', 'SLA: first answer'],
  ['sla-update', 'SLA: later answers'],
  ['sla-resolution', 'SLA: resolution'],
  ['first-response', 'First response'],
  ['resolution-time', 'Resolution'],
  ['backlog-age', 'Backlog age'],
  ['reopened', 'Reopened'],
  ['one-touch', 'One touch'],
  ['ola', 'OLA by team'],
  ['time', 'Time'],
] as const;
export type ReportName = (typeof REPORTS)[number][0];

export interface Range {
  readonly from: string;
  readonly to: string;
  readonly zone: string;
  readonly clientId: string | undefined;
}

/** `83.3 %`; a dash where nothing is counted. */
export function rateText(rate: number | null): string {
  return rate === null ? '–' : `${(rate * 100).toLocaleString(undefined, { maximumFractionDigits: 1 })} %`;
}

/** Seconds as hours and minutes; answers as they are. */
export function valueText(report: string, value: number | null): string {
  if (value === null) return '–';
  if (report === 'one-touch') return value.toLocaleString(undefined, { maximumFractionDigits: 1 });
  const days = value / 86_400;
  return days >= 3
    ? `${days.toLocaleString(undefined, { maximumFractionDigits: 1 })} days`
    : minutesText(Math.round(value / 60));
}

/** A month until today, in the reader's zone. */
export function lastDays(days: number): { from: string; to: string } {
  const today = Temporal.Now.plainDateISO();
  return { from: today.subtract({ days: days - 1 }).toString(), to: today.toString() };
}
