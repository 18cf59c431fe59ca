import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '#web/app/api/app-router.ts';
import type { State } from '#web/ui/status-pill/status-pill.tsx';

type Outputs = inferRouterOutputs<AppRouter>['patching'];
export type PendingUpdate = Outputs['listPendingUpdates']['items'][number];
export type PatchStatus = Outputs['listPatchStatus']['items'][number];
export type AssetUpdate = Outputs['getAssetUpdates']['updates'][number];
export type Install = Outputs['listInstalls']['items'][number];
export type InstallPlan = Outputs['previewInstall'];
export type Decision = AssetUpdate['decision'];

export const DECISIONS: Readonly<Record<Decision, { word: string; state: State }>> = {
  approve: { word: 'Approved', state: 'ok' },
  reject: { word: 'Rejected', state: 'critical' },
  defer: { word: 'Deferred', state: 'paused' },
  undecided: { word: 'Undecided', state: 'unknown' },
};

export const LEVELS: Readonly<Record<AssetUpdate['level'], string>> = {
  asset: 'for this machine',
  client: 'for the client',
  msp: 'for all clients',
  automatic: 'nobody decided',
};

export const INSTALL_STATES: Readonly<Record<Install['state'], { word: string; state: State }>> = {
  queued: { word: 'Waits for the machine', state: 'info' },
  running: { word: 'Running', state: 'info' },
  succeeded: { word: 'Installed', state: 'ok' },
  failed: { word: 'Failed', state: 'critical' },
  'timed-out': { word: 'Timed out', state: 'critical' },
  refused: { word: 'Refused by the machine', state: 'warning' },
  interrupted: { word: 'Interrupted', state: 'warning' },
  expired: { word: 'Expired', state: 'unknown' },
  cancelled: { word: 'Taken back', state: 'neutral' },
};

/** `1 machine`, `3 machines`: every number that is confirmed says what it counts. */
export function count(value: number, noun: string): string {
  return `${value.toLocaleString()} ${noun}${value === 1 ? '' : 's'}`;
}
