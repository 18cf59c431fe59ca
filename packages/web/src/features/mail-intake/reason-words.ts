import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '#web/app/api/app-router.ts';
import type { State } from '#web/ui/status-pill/status-pill.tsx';

type Outputs = inferRouterOutputs<AppRouter>['mail-intake'];
export type Quarantined = Outputs['listQuarantine']['items'][number];
export type QuarantinedDetail = Outputs['getQuarantined'];

const REASONS: Readonly<Record<string, { readonly label: string; readonly state: State }>> = {
  'unknown-sender': { label: 'Unknown sender', state: 'neutral' },
  'several-clients': { label: 'Several clients', state: 'info' },
  'other-client': { label: 'Another client’s ticket', state: 'warning' },
  spoofed: { label: 'Sender not proven', state: 'critical' },
  'own-address': { label: 'Says it is us', state: 'critical' },
  'no-sender': { label: 'No sender', state: 'neutral' },
  'too-large': { label: 'Too large to read', state: 'warning' },
  'archived-client': { label: 'Archived client', state: 'neutral' },
};

/** Why a mail waits, in two words. */
export function reasonOf(mail: { readonly reason: string }): { label: string; state: State } {
  return REASONS[mail.reason] ?? { label: 'Could not be handled', state: 'warning' };
}

/** A mail that nobody may be taken for the sender of: it becomes a note. */
export function isDoubtful(mail: { readonly reason: string }): boolean {
  return mail.reason === 'spoofed' || mail.reason === 'own-address';
}

export function senderText(mail: { readonly name: string | null; readonly address: string | null }): string {
  if (mail.address === null) return 'Nobody named';
  return mail.name === null ? mail.address : `${mail.name} <${mail.address}>`;
}
