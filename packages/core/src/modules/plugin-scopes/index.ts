/**
 * The partitions of vendors' accounts: found, matched with clients by evidence, and switched on client by client.
 * Owns: all tables whose names begin with `plugin_scope`.
 * Publishes: `plugin-scopes.scopes-found`, `plugin-scopes.scope-mapped`, `plugin-scopes.scope-unmapped`.
 */
export { pluginScopesModule } from './plugin-scopes-module.ts';
export {
  remoteScopeIdSchema,
  toBoundScope,
  type RemoteScope,
  type RemoteScopeId,
  type ScopeState,
  whyOff,
} from './remote-scope.ts';
export { scopeMapped, scopesFound, scopeUnmapped } from './scope-events.ts';
export { ScopeQueries } from './scope-queries.ts';
export type { PluginScopeTables } from './scope-table.ts';
