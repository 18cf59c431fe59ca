import type { Json, LimitRule } from '@bailiwick/sdk';
import type { FailureName } from '@bailiwick/plugin-runtime';
import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import { idSchema, type ClientId, type Id, type MspId } from '#kernel/id';
import type { PluginId } from '#modules/plugins';

export type ConnectionId = Id<'plugin-connection'>;
export type PluginIssueId = Id<'plugin-issue'>;
export const connectionIdSchema = idSchema('plugin-connection');
export const pluginIssueIdSchema = idSchema('plugin-issue');

export const CONNECTION_STATES = ['active', 'paused', 'broken'] as const;
/** `paused`: by a person. `broken`: the vendor refuses its credential or its configuration; nothing is tried until a person repairs it. */
export type ConnectionState = (typeof CONNECTION_STATES)[number];

/** Something that this connection may reach because an administrator said so: an origin of its configuration, or a host on a private network. */
export interface Approval {
  readonly kind: 'origin' | 'network';
  /** `https://monitor.lan:8443`, or a host or CIDR block. */
  readonly value: string;
  readonly by: string;
  readonly at: string;
}

/** `error`: something does not work; `warning`: it soon will not, or not wholly; `info`: worth knowing. */
export type IssueSeverity = 'info' | 'warning' | 'error';

export const ISSUE_REPAIRS = [
  're-enter-credential',
  'authorize-again',
  'edit-connection',
  'approve-host',
  'accept-deletion',
  'consent-to-update',
  'map-scopes',
] as const;
/** What a person can do about an issue from where it is shown. */
export type IssueRepair = (typeof ISSUE_REPAIRS)[number];

type Config = Readonly<Record<string, Json>>;

export interface PluginHostTables {
  plugin_connection: {
    msp_id: MspId;
    id: ConnectionId;
    client_id: ClientId | null;
    plugin_id: PluginId;
    type: string;
    name: string;
    config: JSONColumnType<Config, string, string>;
    state: ConnectionState | 'removed';
    state_reason: string | null;
    approvals: ColumnType<Approval[], string | undefined, string>;
    limits: ColumnType<LimitRule[] | null, string | null, string | null>;
    account: string | null;
    warnings: ColumnType<string[], string | undefined, string>;
    checked_at: Temporal.Instant | null;
    version: Generated<number>;
    created_by: string;
    created_at: Temporal.Instant;
  };
  plugin_connection_secret: {
    msp_id: MspId;
    id: string;
    client_id: ClientId | null;
    connection_id: ConnectionId;
    kind: 'field' | 'token';
    name: string;
    sealed: Buffer;
    expires_at: Temporal.Instant | null;
    updated_at: Temporal.Instant;
  };
  plugin_authorization: {
    msp_id: MspId;
    id: string;
    client_id: ClientId | null;
    connection_id: ConnectionId;
    state_hash: string;
    actor_id: string;
    sealed_verifier: Buffer;
    expires_at: Temporal.Instant;
  };
  plugin_state: {
    msp_id: MspId;
    client_id: ClientId | null;
    connection_id: ConnectionId;
    scope: string;
    key: string;
    value: JSONColumnType<{ json: Json }, string, string>;
    size_bytes: number;
    updated_at: Temporal.Instant;
  };
  plugin_issue: {
    msp_id: MspId;
    id: PluginIssueId;
    client_id: ClientId | null;
    connection_id: ConnectionId;
    remote_scope_id: string | null;
    key: string;
    severity: IssueSeverity;
    title: string;
    remedy: string | null;
    learn_more: string | null;
    repair: IssueRepair | null;
    data: JSONColumnType<Config, string, string>;
    raised_at: Temporal.Instant;
    seen_at: Temporal.Instant;
    closed_at: Temporal.Instant | null;
  };
  plugin_health: {
    msp_id: MspId;
    client_id: ClientId | null;
    connection_id: ConnectionId;
    kind: string;
    succeeded_at: Temporal.Instant | null;
    failed_at: Temporal.Instant | null;
    failure: FailureName | null;
    failure_message: string | null;
    failures_in_row: number;
    calls: number;
    failures: number;
  };
  plugin_log: {
    msp_id: MspId;
    id: string;
    client_id: ClientId | null;
    connection_id: ConnectionId;
    at: Temporal.Instant;
    scope: string;
    call: string;
    level: 'debug' | 'info' | 'warn';
    message: string;
    fields: JSONColumnType<Config, string, never>;
  };
}
