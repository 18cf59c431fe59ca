import type { api } from '#web/app/api/api.ts';
import type { State } from '#web/ui/status-pill/status-pill.tsx';

export type Client = Awaited<ReturnType<typeof api.tenancy.getClient.query>>;
export type Site = Awaited<ReturnType<typeof api.tenancy.listSites.query>>['items'][number];
export type Contact = Awaited<ReturnType<typeof api.tenancy.listContacts.query>>['items'][number];

export const CLIENT_STATES: Readonly<Record<Client['state'], { word: string; state: State }>> = {
  prospect: { word: 'Prospect', state: 'info' },
  active: { word: 'Active', state: 'ok' },
  suspended: { word: 'Suspended', state: 'warning' },
  archived: { word: 'Archived', state: 'paused' },
};

export const PORTAL_ROLES: Readonly<Record<Contact['portalRole'], string>> = {
  none: 'No access',
  member: 'Member',
  manager: 'Manager: all tickets and invoices',
};

/** The zones that this browser knows, for a choice. */
export function timeZoneOptions(): { value: string; label: string }[] {
  return Intl.supportedValuesOf('timeZone').map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }));
}
