import type { Generated, GeneratedAlways, JSONColumnType } from 'kysely';
import type { ClientId, Id, MspId } from '#kernel/id';
import type { SiteId } from '#modules/tenancy';
import type { ConnectionId } from '#modules/plugin-host';
import type { Mapping, Presence, RemoteScopeId, ScopeState } from './remote-scope.ts';
import type { Evidence, Hint, KeyKind } from './evidence.ts';

type Json<Value> = JSONColumnType<Value & object, string | undefined, string>;
export type ScopeKeyId = Id<'plugin-scope-key'>;
export type MappingEventKind =
  | 'found'
  | 'renamed'
  | 'suggested'
  | 'conflict'
  | 'mapped'
  | 'unmapped'
  | 'ignored'
  | 'restored'
  | 'declined'
  | 'lost'
  | 'returned'
  | 'expired'
  | 'switched';

export interface PluginScopeTables {
  plugin_scope: {
    msp_id: MspId;
    id: RemoteScopeId;
    connection_id: ConnectionId;
    client_id: ClientId | null;
    site_id: SiteId | null;
    external_id: string;
    name: string;
    kind: string;
    parent_external_id: string | null;
    valid_until: Temporal.Instant | null;
    is_accessible: Generated<boolean>;
    hints: Json<readonly Hint[]>;
    mapping: Generated<Mapping>;
    presence: Generated<Presence>;
    state: GeneratedAlways<ScopeState>;
    candidate_ids: Generated<ClientId[]>;
    declined_ids: Generated<ClientId[]>;
    evidence: Json<readonly Evidence[]>;
    is_automatic: Generated<boolean>;
    reads_enabled: Generated<boolean>;
    actions_enabled: Generated<boolean>;
    name_sort: GeneratedAlways<string>;
    first_seen_at: Temporal.Instant;
    last_seen_at: Temporal.Instant;
    decided_at: Temporal.Instant | null;
    decided_by: string | null;
    version: Generated<number>;
  };
  plugin_scope_mapping_event: {
    msp_id: MspId;
    id: Id<'plugin-scope-mapping-event'>;
    scope_id: RemoteScopeId;
    client_id: ClientId | null;
    at: Temporal.Instant;
    kind: MappingEventKind;
    actor_label: string;
    reason: string;
    evidence: Json<readonly Evidence[]>;
  };
  plugin_scope_key: {
    msp_id: MspId;
    id: ScopeKeyId;
    client_id: ClientId;
    kind: KeyKind;
    namespace: string;
    value: string;
    learned_from: RemoteScopeId | null;
    created_at: Temporal.Instant;
    created_by: string;
  };
  plugin_scope_discovery: {
    msp_id: MspId;
    connection_id: ConnectionId;
    client_id: ClientId | null;
    state: 'waiting' | 'running' | 'done' | 'refused' | 'failed';
    started_at: Temporal.Instant | null;
    finished_at: Temporal.Instant | null;
    succeeded_at: Temporal.Instant | null;
    message: Generated<string>;
    counts: Json<DiscoveryCounts>;
  };
}

/** What one discovery found. */
export interface DiscoveryCounts {
  readonly listed: number;
  readonly added: number;
  readonly returned: number;
  readonly lost: number;
  readonly mapped: number;
  readonly suggested: number;
  readonly conflicts: number;
}
