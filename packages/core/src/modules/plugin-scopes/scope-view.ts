import { z } from 'zod';
import { clientIdSchema, idSchema } from '#kernel/id';
import { connectionIdSchema } from '#modules/plugin-host';
import { KEY_KINDS } from './evidence.ts';
import { MAPPINGS, remoteScopeIdSchema, SCOPE_STATES } from './remote-scope.ts';
import type { ScopeRow } from './scope-store.ts';

const namedClient = z.object({ clientId: clientIdSchema, name: z.string() });
const evidenceView = z.object({
  clientId: clientIdSchema,
  kind: z.enum(['owner', ...KEY_KINDS, 'device-serial', 'email', 'name']),
  detail: z.string(),
});

/** A scope as it leaves the server. */
export const scopeView = z.object({
  id: remoteScopeIdSchema,
  connectionId: connectionIdSchema,
  connectionName: z.string(),
  plugin: z.string(),
  externalId: z.string(),
  name: z.string(),
  kind: z.string(),
  parentExternalId: z.string().nullable(),
  /** What was decided, or whether the vendor stopped listing it. */
  state: z.enum(SCOPE_STATES),
  /** What was decided, whatever the vendor lists. */
  mapping: z.enum(MAPPINGS),
  isAccessible: z.boolean(),
  validUntil: z.iso.datetime().nullable(),
  client: namedClient.nullable(),
  siteId: idSchema('site').nullable(),
  /** Clients that the evidence speaks for while nobody has decided: one where suggested, several in a conflict. */
  candidates: z.array(namedClient),
  evidence: z.array(evidenceView),
  readsEnabled: z.boolean(),
  actionsEnabled: z.boolean(),
  firstSeenAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
  decidedAt: z.iso.datetime().nullable(),
  decidedBy: z.string().nullable(),
  version: z.int(),
});
export type ScopeView = z.input<typeof scopeView>;

/** One step of a scope's history. */
export const mappingEventView = z.object({
  at: z.iso.datetime(),
  kind: z.enum([
    'found',
    'renamed',
    'suggested',
    'conflict',
    'mapped',
    'unmapped',
    'ignored',
    'restored',
    'declined',
    'lost',
    'returned',
    'expired',
    'switched',
  ]),
  client: namedClient.nullable(),
  by: z.string(),
  reason: z.string(),
  evidence: z.array(evidenceView),
});

export const scopeWithHistoryView = scopeView.extend({
  /** What the vendor told of it, without the devices. */
  hints: z.array(z.object({ kind: z.string(), value: z.string() })),
  deviceCount: z.int(),
  /** The latest first, at most 200. */
  history: z.array(mappingEventView),
});

/** How many scopes are in each state. */
export const scopeCountsView = z.object({
  total: z.int(),
  byState: z.record(z.enum(SCOPE_STATES), z.int()),
});

/** How the latest discovery of a connection went; null where there was none. */
export const discoveryView = z
  .object({
    state: z.enum(['waiting', 'running', 'done', 'refused', 'failed']),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
    succeededAt: z.iso.datetime().nullable(),
    message: z.string(),
    counts: z
      .object({
        listed: z.int(),
        added: z.int(),
        returned: z.int(),
        lost: z.int(),
        mapped: z.int(),
        suggested: z.int(),
        conflicts: z.int(),
      })
      .nullable(),
  })
  .nullable();

/** What a row's ids are called. */
export interface ScopeNames {
  readonly clients: ReadonlyMap<string, string>;
  readonly connections: ReadonlyMap<string, { readonly name: string; readonly plugin: string }>;
}

export function toScopeView(row: Omit<ScopeRow, 'hints'>, names: ScopeNames): ScopeView {
  const connection = names.connections.get(row.connection_id);
  return {
    id: row.id,
    connectionId: row.connection_id,
    connectionName: connection?.name ?? '',
    plugin: connection?.plugin ?? '',
    externalId: row.external_id,
    name: row.name,
    kind: row.kind,
    parentExternalId: row.parent_external_id,
    state: row.state,
    mapping: row.mapping,
    isAccessible: row.is_accessible,
    validUntil: row.valid_until?.toString() ?? null,
    client: row.client_id === null ? null : toNamed(row.client_id, names),
    siteId: row.site_id,
    candidates: row.candidate_ids.map((clientId) => toNamed(clientId, names)),
    evidence: [...row.evidence],
    readsEnabled: row.reads_enabled,
    actionsEnabled: row.actions_enabled,
    firstSeenAt: row.first_seen_at.toString(),
    lastSeenAt: row.last_seen_at.toString(),
    decidedAt: row.decided_at?.toString() ?? null,
    decidedBy: row.decided_by,
    version: row.version,
  };
}

export function toNamed(clientId: z.input<typeof clientIdSchema>, names: Pick<ScopeNames, 'clients'>) {
  return { clientId, name: names.clients.get(clientId) ?? '' };
}
