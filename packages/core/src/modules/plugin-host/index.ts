/**
 * Connections to vendors: their configuration and sealed secrets, calls into the plugins' sandboxes, what needs a person, health and diagnostics.
 * Owns: `plugin_connection`, `plugin_connection_secret`, `plugin_authorization`, `plugin_state`, `plugin_issue`, `plugin_health`, `plugin_log`.
 * Publishes: `plugin-host.connection-ready`, `plugin-host.connection-changed`, `plugin-host.connection-removed`.
 */
export { pluginHostModule } from './plugin-host-module.ts';
export { AuthorizeConnection } from './authorize-connection.ts';
export type { ConnectionCleaner } from './connection-cleaner.ts';
export { ConnectionCleanerToken } from './connection-cleaner-token.ts';
export { ConnectionIssues, type ConnectionIssue } from './connection-issue-store.ts';
export { ConnectionQueries, type Connection } from './connection-queries.ts';
export { DeliveryVerifier } from './delivery-verifier.ts';
export { PluginCalls, type CallTarget } from './plugin-calls.ts';
export { MakePluginScopeToken } from './make-plugin-scope-token.ts';
export type { MakePluginScope } from './plugin-host-needs.ts';
export { PluginRunner } from './plugin-runner.ts';
export { connectionChanged, connectionReady, connectionRemoved } from './plugin-host-events.ts';
export {
  connectionIdSchema,
  type ConnectionId,
  type ConnectionState,
  type IssueRepair,
  type IssueSeverity,
} from './plugin-host-table.ts';
