import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '#web/app/api/app-router.ts';
import type { State } from '#web/ui/status-pill/status-pill.tsx';

type Outputs = inferRouterOutputs<AppRouter>['alerts'];
export type Alert = Outputs['listAlerts']['items'][number];
export type AlertDetail = Outputs['getAlert'];
export type Severity = Alert['severity'];

export const SEVERITIES: Readonly<Record<Severity, { word: string; state: State }>> = {
  critical: { word: 'Critical', state: 'critical' },
  warning: { word: 'Warning', state: 'warning' },
  info: { word: 'Information', state: 'info' },
};

export const STATES: Readonly<Record<Alert['state'], { word: string; state: State }>> = {
  open: { word: 'Open', state: 'critical' },
  acknowledged: { word: 'Acknowledged', state: 'paused' },
  recovered: { word: 'Recovered', state: 'ok' },
};

export const EVENTS: Readonly<Record<AlertDetail['timeline'][number]['kind'], { word: string; state: State }>> = {
  raised: { word: 'Opened', state: 'critical' },
  repeated: { word: 'Seen again', state: 'warning' },
  acknowledged: { word: 'Acknowledged', state: 'paused' },
  recovered: { word: 'Recovered', state: 'ok' },
};
