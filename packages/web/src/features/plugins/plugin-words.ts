import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '#web/app/api/app-router.ts';
import type { State } from '#web/ui/status-pill/status-pill.tsx';

type Outputs = inferRouterOutputs<AppRouter>;
export type Plugin = Outputs['plugins']['listPlugins']['items'][number];
export type PluginDetail = Outputs['plugins']['getPlugin'];
export type CatalogueEntry = Outputs['plugins']['listCatalogue']['items'][number];
export type Preview = Outputs['plugins']['previewPlugin'];
export type Connection = Outputs['plugin-host']['listConnections']['items'][number];
export type ConnectionDetail = Outputs['plugin-host']['getConnection'];
export type ConnectionForm = ConnectionDetail['form'];
export type Issue = Outputs['plugin-host']['listIssues']['items'][number];
export type RemoteScope = Outputs['plugin-scopes']['listScopes']['items'][number];
export type PluginRecord = Outputs['plugin-sync']['listRecords']['items'][number];
export type Stream = Outputs['plugin-sync']['listStreams']['items'][number];
export type Run = Outputs['plugin-sync']['listRuns']['items'][number];

interface Word {
  readonly word: string;
  readonly state: State;
}

export const KINDS: Readonly<Record<string, string>> = {
  monitoring: 'Monitoring',
  cloud: 'Cloud',
  saas: 'SaaS',
  endpoint: 'Endpoints',
  backup: 'Backup',
  accounting: 'Accounting',
  notification: 'Notification',
  ai: 'AI',
};

export const HEALTH: Readonly<Record<Connection['health'], Word>> = {
  ok: { word: 'Works', state: 'ok' },
  warning: { word: 'Needs a look', state: 'warning' },
  error: { word: 'Needs repair', state: 'critical' },
  paused: { word: 'Paused', state: 'neutral' },
};

export const SCOPE_STATES: Readonly<Record<RemoteScope['state'], Word>> = {
  unmapped: { word: 'Not mapped', state: 'warning' },
  suggested: { word: 'Suggested', state: 'info' },
  mapped: { word: 'Mapped', state: 'ok' },
  ignored: { word: 'Ignored', state: 'neutral' },
  conflict: { word: 'Conflict', state: 'critical' },
  lost: { word: 'No longer listed', state: 'warning' },
  expired: { word: 'Access expired', state: 'critical' },
};

export const EVIDENCE: Readonly<Record<string, string>> = {
  owner: 'the account is theirs',
  tenantId: 'tenant id',
  'tenant-id': 'tenant id',
  domain: 'verified domain',
  'tax-id': 'tax id',
  'customer-number': 'customer number',
  'device-serial': 'devices',
  email: 'mail addresses',
  name: 'name',
};

export const OUTCOMES: Readonly<Record<Run['outcome'], Word>> = {
  running: { word: 'Running', state: 'info' },
  succeeded: { word: 'Done', state: 'ok' },
  'held-back': { word: 'Held back', state: 'warning' },
  failed: { word: 'Failed', state: 'critical' },
  stopped: { word: 'Goes on', state: 'neutral' },
};

/** The acceptance kit's verdict. */
export const TIERS: Readonly<Record<string, string>> = {
  none: 'Not tested',
  bronze: 'Bronze',
  silver: 'Silver',
  gold: 'Gold',
};

/** A name that a plugin's author gave, in words: `token-in-header` is "Token in header". What may be a vendor's own code, `eu-central-1`, stays. */
export function nameWords(name: string): string {
  if (!/^[a-z]{3,}(?:-[a-z]+)*$/.test(name)) return name;
  return capitalised(name.replaceAll('-', ' '));
}

/** One record's type in words: `cloudResource` is "Cloud resource". */
export function entityName(entity: string): string {
  return capitalised(wordsOf(entity));
}

/** A type of record in words: `cloudResource` is "Cloud resources". */
export function entityWords(entity: string): string {
  const words = wordsOf(entity);
  const plural = /(s|x|ch)$/.test(words)
    ? `${words}es`
    : words.endsWith('y')
      ? `${words.slice(0, -1)}ies`
      : `${words}s`;
  return capitalised(words === 'software' ? words : plural);
}

function wordsOf(entity: string): string {
  const name = entity.startsWith('x:') ? (entity.split('/').at(-1) ?? entity) : entity;
  return name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('-', ' ')
    .toLowerCase();
}

function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
