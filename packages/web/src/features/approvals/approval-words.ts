import type { api } from '#web/app/api/api.ts';

export type Approval = Awaited<ReturnType<typeof api.approvals.listTicketApprovals.query>>['items'][number];

/** An approval's states in words. */
export const APPROVAL_WORDS = {
  pending: { label: 'Waits', state: 'info' },
  approved: { label: 'Approved', state: 'ok' },
  refused: { label: 'Refused', state: 'critical' },
  expired: { label: 'Not answered', state: 'warning' },
  withdrawn: { label: 'Withdrawn', state: 'neutral' },
} as const;
