import type { api } from '#web/app/api/api.ts';

export type Staff = Awaited<ReturnType<typeof api.identity.listStaff.query>>['items'][number];
export type StandardRole = Staff['standardRoles'][number];
export type ReachKind = Staff['reach']['kind'];

export const ROLE_WORDS: Readonly<Record<StandardRole, string>> = {
  administrator: 'Administrator',
  manager: 'Manager',
  technician: 'Technician',
  billing: 'Billing',
  'read-only': 'Read only',
};
