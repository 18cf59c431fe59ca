import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '#web/app/api/app-router.ts';
import type { State } from '#web/ui/status-pill/status-pill.tsx';

type Outputs = inferRouterOutputs<AppRouter>['plugin-actions'];
export type Action = Outputs['listActions'][number];
export type RunSummary = Outputs['listRuns']['items'][number];
export type RunDetail = Outputs['getRun'];
export type Plan = RunDetail['plan'];
export type RunState = RunSummary['state'];

export const RUN_STATES: Readonly<Record<RunState, { readonly word: string; readonly state: State }>> = {
  planned: { word: 'Only planned', state: 'neutral' },
  waiting: { word: 'Waits for approval', state: 'warning' },
  approved: { word: 'About to run', state: 'info' },
  running: { word: 'Running', state: 'info' },
  done: { word: 'Done', state: 'ok' },
  'partly-done': { word: 'Partly done', state: 'warning' },
  failed: { word: 'Failed', state: 'critical' },
  unknown: { word: 'Nobody knows', state: 'critical' },
  stale: { word: 'Plan out of date', state: 'warning' },
  rejected: { word: 'Refused', state: 'neutral' },
  cancelled: { word: 'Taken back', state: 'neutral' },
  expired: { word: 'Too old', state: 'neutral' },
};

export const EFFECTS: Readonly<Record<Action['effect'], string>> = {
  read: 'Reads',
  create: 'Creates',
  update: 'Changes',
  delete: 'Deletes',
  execute: 'Acts on machines',
};

export const DISRUPTIONS: Readonly<Record<Plan['disruption'], { readonly word: string; readonly state: State }>> = {
  none: { word: 'Nobody notices', state: 'ok' },
  brief: { word: 'Brief disruption', state: 'warning' },
  outage: { word: 'Outage', state: 'critical' },
};

/** States in which the platform still moves by itself. */
export function isMoving(state: RunState): boolean {
  return state === 'approved' || state === 'running';
}

/** States in which nothing more happens unless a person begins anew. */
export function isOver(state: RunState): boolean {
  return !isMoving(state) && state !== 'planned' && state !== 'waiting';
}

/** One change of a plan: "Mode: eco → fast", "Ticket 4 (new)". */
export function changeInWords(change: Plan['changes'][number]): string {
  if (change.from !== undefined && change.to !== undefined) return `${change.what}: ${change.from} → ${change.to}`;
  if (change.to !== undefined) return `${change.what}: ${change.to}`;
  return change.from === undefined ? change.what : `${change.what}: no longer ${change.from}`;
}

/** What the policy says, without whom it reaches: that stands above it. */
export function policyInWords(run: Pick<RunDetail, 'why' | 'blast'>): string {
  return run.why.replace(` It reaches ${run.blast.inWords}.`, '');
}

/** What still has to be agreed to before it is done, as the person who looks at it reads it. */
export function approvalInWords(
  run: Pick<RunDetail, 'state' | 'approvalsNeeded' | 'approvals' | 'requester'>,
  viewer: { readonly id: string; readonly canApprove: boolean },
): string {
  const given = run.approvals.filter(({ decision }) => decision === 'approve').length;
  const missing = Math.max(run.approvalsNeeded - given, 0);
  const count = missing === 1 ? 'one more person' : `${missing} more people`;
  const need = given === 0 && missing === 1 ? 'one other person' : given === 0 ? `${missing} other people` : count;
  if (run.state !== 'waiting') return '';
  if (run.requester.id === viewer.id) return `You asked for it. Now ${need} must approve: a manager or administrator.`;
  if (run.approvals.some(({ by }) => by.id === viewer.id)) return `You have decided. Now ${need} must approve.`;
  return viewer.canApprove
    ? `${run.requester.name} asks for it, and ${need} must approve. You may.`
    : `${run.requester.name} asks for it. Now ${need} must approve: a manager or administrator.`;
}

/** Whether this person's decision is waited for. */
export function isForViewer(
  run: Pick<RunDetail, 'state' | 'requester'> & { readonly approvals?: RunDetail['approvals'] },
  viewer: { readonly id: string; readonly canApprove: boolean },
): boolean {
  return (
    run.state === 'waiting' &&
    viewer.canApprove &&
    run.requester.id !== viewer.id &&
    run.approvals?.some(({ by }) => by.id === viewer.id) !== true
  );
}

/** Whether this person can do something about it: decide, or say what became of it. */
export function waitsForViewer(
  run: Pick<RunDetail, 'state' | 'requester'>,
  viewer: { readonly id: string; readonly canApprove: boolean; readonly canRun: boolean },
): boolean {
  return run.state === 'unknown' ? viewer.canRun : isForViewer(run, viewer);
}

/** Who planned it, and what did so for them where it was not a person at the console. */
export function requesterInWords({ requester, askedBy }: Pick<RunDetail, 'requester' | 'askedBy'>): string {
  if (askedBy === 'ai') return `An AI, with the key of ${requester.name}`;
  return askedBy === 'automation' ? `${requester.name} (a program)` : requester.name;
}
