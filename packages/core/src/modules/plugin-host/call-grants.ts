import type { ActionEffect, BoundScope, EntityType, OwnEntityType } from '@bailiwick/sdk';
import { CallFailed, type Call, type PullCall } from '@bailiwick/plugin-runtime';
import type { Connection } from './connection-queries.ts';

/** From the weakest to the strongest: who may delete may update. */
const EFFECTS: readonly ActionEffect[] = ['read', 'create', 'update', 'delete', 'execute'];

/** Calls that only look: the broker refuses requests that could write. */
const LOOKING: ReadonlySet<string> = new Set(['plan', 'verify', 'render']);

/** Calls for which somebody waits: they go before syncs. */
const AWAITED: ReadonlySet<string> = new Set(['check', 'options', 'plan', 'apply', 'verify', 'undo', 'render']);

/** How a call is counted: `read:devices`, `check`. */
export function kindOf(call: Call | PullCall): string {
  return 'name' in call ? `${call.kind}:${call.name}` : call.kind;
}

export function isReadOnly(call: Call | PullCall): boolean {
  return LOOKING.has(call.kind);
}

/** Whether what the call writes may reach the vendor twice by no means: what an action does that can not be repeated. */
export function writesOnce({ description, type }: Connection, call: Call | PullCall): boolean {
  if (call.kind !== 'apply' && call.kind !== 'undo') return false;
  const action = description.actions.find(({ name, connection }) => name === call.name && connection === type.name);
  return action?.idempotency === 'none';
}

export function isAwaited(call: Call | PullCall): boolean {
  return AWAITED.has(call.kind);
}

/**
 * Whether a call may be made at all: the plugin is on, the connection is active, the contribution is there, belongs to this type of connection, is granted, and is bound as its grain says.
 * A check may also be made of a connection that is broken, since it is what repairs it. Throws `CallFailed` `NotSupported`.
 */
export function assertAllowed(connection: Connection, call: Call | PullCall, remote: BoundScope | null): void {
  if (!connection.isPluginEnabled) throw refused(`The plugin ${connection.plugin} is switched off.`);
  const isRepair = call.kind === 'check' || call.kind === 'options';
  if (connection.state !== 'active' && !isRepair)
    throw refused(`The connection ${connection.name} is ${connection.state}.`);
  const grain = grainOf(connection, call);
  if (grain === 'scope' && remote === null) throw refused(`${kindOf(call)} works on one scope, and none was given.`);
  if (grain === 'connection' && remote !== null) throw refused(`${kindOf(call)} works on the whole connection.`);
}

/** Which binding the call needs; null where both will do. Throws where the call is not there or not granted. */
function grainOf(connection: Connection, call: Call | PullCall): 'connection' | 'scope' | null {
  const { type, capabilities } = connection;
  switch (call.kind) {
    case 'check':
      return 'connection';
    case 'options':
      if (!type.options.includes(call.name)) throw missing(call);
      return 'connection';
    case 'discover':
      if (!type.discoversScopes) throw missing(call);
      return 'connection';
    case 'read': {
      const stream = contribution(connection, connection.description.streams, call);
      if (!hasRecord(capabilities.records, stream.entity)) throw notGranted(call, `records of ${stream.entity}`);
      return stream.grain;
    }
    case 'plan':
    case 'apply':
    case 'verify':
    case 'undo': {
      const action = contribution(connection, connection.description.actions, call);
      if (!isWithin(action.effect, capabilities.actions)) throw notGranted(call, `actions that ${action.effect}`);
      return action.grain;
    }
    case 'route':
    case 'handle':
      contribution(connection, connection.description.webhooks, call);
      if (capabilities.webhooks !== true) throw notGranted(call, 'deliveries of the vendor');
      return call.kind === 'route' ? 'connection' : null;
    case 'event': {
      const subscriber = contribution(connection, connection.description.subscribers, call);
      const { name } = call.event;
      if (!subscriber.events.includes(name) || capabilities.events?.includes(name) !== true)
        throw notGranted(call, `the event ${name}`);
      return null;
    }
    case 'render': {
      const view = contribution(connection, connection.description.views, call);
      if (capabilities.views?.includes(view.slot) !== true) throw notGranted(call, `views at ${view.slot}`);
      return null;
    }
  }
}

function contribution<C extends { readonly name: string; readonly connection: string }>(
  { type }: Connection,
  all: readonly C[],
  call: (Call | PullCall) & { name: string },
): C {
  const found = all.find(({ name, connection }) => name === call.name && connection === type.name);
  if (found === undefined) throw missing(call);
  return found;
}

function hasRecord(granted: readonly (EntityType | OwnEntityType)[], entity: EntityType | OwnEntityType): boolean {
  return granted.includes(entity);
}

function isWithin(effect: ActionEffect, granted: ActionEffect | undefined): boolean {
  return granted !== undefined && EFFECTS.indexOf(effect) <= EFFECTS.indexOf(granted);
}

function missing(call: Call | PullCall): CallFailed {
  return refused(`This version of the plugin has no ${kindOf(call)} for this connection.`);
}

function notGranted(call: Call | PullCall, what: string): CallFailed {
  return refused(`${kindOf(call)} needs ${what}, which the plugin was not granted.`);
}

function refused(message: string): CallFailed {
  return new CallFailed('NotSupported', message);
}
