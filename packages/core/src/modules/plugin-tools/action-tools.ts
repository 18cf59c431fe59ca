import { createHash } from 'node:crypto';
import type { ActionEffect } from '@bailiwick/sdk';
import type { ActionDescription } from '@bailiwick/plugin-runtime';
import type { TenantScope } from '#kernel/tenant-scope';
import type { Connection, ConnectionQueries, MakePluginScope } from '#modules/plugin-host';
import type { ScopeQueries } from '#modules/plugin-scopes';
import { shapeJsonSchema, type JsonSchema } from './field-json-schema.ts';

/** What a tool says of its effects to whoever calls it. It authorises nothing. */
export interface ToolHints {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/** An action that somebody may plan somewhere. */
export interface ActionTool {
  /** `bailiwick_zabbix_acknowledge`: letters, digits, `-` and `_`, at most 56 of them, one for each action. */
  readonly name: string;
  readonly action: string;
  readonly label: string;
  readonly description: string;
  readonly grain: 'connection' | 'scope';
  /** Connections of the plugin through which it can be planned. */
  readonly connectionIds: ReadonlySet<string>;
  readonly inputSchema: JsonSchema;
  readonly hints: ToolHints;
}

interface Deps {
  readonly connections: ConnectionQueries;
  readonly scopes: ScopeQueries;
  readonly makePluginScope: MakePluginScope;
}

/** From the weakest to the strongest. */
const EFFECTS: readonly ActionEffect[] = ['read', 'create', 'update', 'delete', 'execute'];
/** What clients take as a name, less the word that tells planning from asking. */
const MAX_NAME = 56;

/** Lists the actions of plugins that are tools for somebody: granted, on a connection that works, switched on for at least one client in reach. */
export class ActionTools {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** In order of their names. */
  async list(scope: TenantScope): Promise<ActionTool[]> {
    const { connections, scopes, makePluginScope } = this.#deps;
    const withActions = new Set<string>(await scopes.connectionsWithActions(scope));
    // A client's scope may be one of the whole MSP's connection; the name of its plugin is no secret to who may act there.
    const all = await connections.list(makePluginScope(scope.mspId, { id: scope.actor.id, label: 'Bailiwick' }));
    const found = new Map<string, { action: ActionDescription; connection: Connection; ids: Set<string> }>();
    for (const connection of all)
      for (const action of actionsOf(connection)) {
        const isHere = action.grain === 'scope' ? withActions.has(connection.id) : scope.reach.kind === 'all';
        if (!isHere) continue;
        const name = toolName(connection.plugin, action.name);
        const entry = found.get(name) ?? { action, connection, ids: new Set() };
        entry.ids.add(connection.id);
        found.set(name, entry);
      }
    return [...found].map(([name, entry]) => toTool(name, entry)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }
}

function actionsOf(connection: Connection): readonly ActionDescription[] {
  if (!connection.isPluginEnabled || connection.state !== 'active') return [];
  const strongest = connection.capabilities.actions;
  if (strongest === undefined) return [];
  return connection.description.actions.filter(
    (action) =>
      action.connection === connection.type.name && EFFECTS.indexOf(action.effect) <= EFFECTS.indexOf(strongest),
  );
}

function toTool(
  name: string,
  { action, connection, ids }: { action: ActionDescription; connection: Connection; ids: ReadonlySet<string> },
): ActionTool {
  return {
    name,
    action: action.name,
    label: action.label,
    description: [`${action.label} (${connection.plugin}).`, action.help]
      .filter((part) => part !== undefined)
      .join(' '),
    grain: action.grain,
    connectionIds: ids,
    inputSchema: shapeJsonSchema(action.input),
    hints: hintsOf(action),
  };
}

/** `update` counts as destructive: what was there before is gone. */
function hintsOf({ effect, idempotency }: ActionDescription): ToolHints {
  return {
    readOnlyHint: effect === 'read',
    destructiveHint: effect !== 'read' && effect !== 'create',
    idempotentHint: idempotency !== 'none',
    openWorldHint: true,
  };
}

/** Names in kebab case have no `_`, so that no two actions are called the same. */
function toolName(plugin: string, action: string): string {
  const name = `${plugin.replace('/', '_')}_${action}`;
  if (name.length <= MAX_NAME) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, MAX_NAME - 9)}_${hash}`;
}
