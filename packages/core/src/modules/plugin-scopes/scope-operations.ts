import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineCommand, defineQuery } from '#kernel/operation';
import { pageOf } from '#kernel/page';
import { changeScopesInput, mapScopeInput, type ChangeMapping } from './change-mapping.ts';
import {
  addClientKeyInput,
  clientKeyView,
  listClientKeysInput,
  removeClientKeyInput,
  type ClientKeys,
} from './client-keys.ts';
import type { RequestDiscovery } from './request-discovery.ts';
import {
  countScopesInput,
  getDiscoveryInput,
  getScopeInput,
  listScopesInput,
  type ScopeListQueries,
} from './scope-list-queries.ts';
import { ENABLE_READS, MAP_SCOPES, READ_SCOPES } from './scope-policy.ts';
import { discoveryView, scopeCountsView, scopeView, scopeWithHistoryView } from './scope-view.ts';
import { setSwitchesInput, type SetSwitches } from './set-switches.ts';

interface Needs {
  readonly scopes: ScopeListQueries;
  readonly mapping: ChangeMapping;
  readonly switches: SetSwitches;
  readonly keys: ClientKeys;
  readonly discovery: RequestDiscovery;
}

const counted = z.object({ count: z.int() });

/** What the outside may ask of this module. */
export function scopeOperations(needs: Needs) {
  return { ...scopeReads(needs), ...scopeChanges(needs), ...keyOperations(needs) };
}

function scopeReads(needs: Needs) {
  return {
    listScopes: defineQuery({
      name: 'plugin-scopes.list-scopes',
      permission: READ_SCOPES,
      input: listScopesInput,
      output: pageOf(scopeView),
      rest: { method: 'GET', path: '/plugin-scopes', summary: 'What connections reach at their vendors, by name' },
      run: (scope, input) => needs.scopes.list(scope, input),
    }),
    countScopes: defineQuery({
      name: 'plugin-scopes.count-scopes',
      permission: READ_SCOPES,
      input: countScopesInput,
      output: scopeCountsView,
      rest: { method: 'GET', path: '/plugin-scopes/counts', summary: 'How many scopes are in each state' },
      run: (scope, input) => needs.scopes.count(scope, input),
    }),
    getScope: defineQuery({
      name: 'plugin-scopes.get-scope',
      permission: READ_SCOPES,
      input: getScopeInput,
      output: scopeWithHistoryView,
      rest: { method: 'GET', path: '/plugin-scopes/{scopeId}', summary: 'One scope with its evidence and history' },
      run: (scope, input) => needs.scopes.get(scope, input.scopeId),
    }),
    getDiscovery: defineQuery({
      name: 'plugin-scopes.get-discovery',
      permission: READ_SCOPES,
      input: getDiscoveryInput,
      output: discoveryView,
      rest: {
        method: 'GET',
        path: '/plugin-connections/{connectionId}/discovery',
        summary: 'How the latest discovery went',
      },
      run: (scope, input) => needs.scopes.discovery(scope, input.connectionId),
    }),
  };
}

function scopeChanges(needs: Needs) {
  return {
    discoverScopes: defineCommand({
      name: 'plugin-scopes.discover-scopes',
      permission: MAP_SCOPES,
      input: getDiscoveryInput,
      output: z.object({}),
      rest: {
        method: 'POST',
        path: '/plugin-connections/{connectionId}/discovery',
        summary: 'List the scopes of a connection again',
      },
      run: (scope, input) => needs.discovery.run(scope, input.connectionId),
    }),
    mapScope: defineCommand({
      name: 'plugin-scopes.map-scope',
      permission: MAP_SCOPES,
      input: mapScopeInput,
      output: z.object({ version: z.int() }),
      rest: { method: 'PUT', path: '/plugin-scopes/{scopeId}/mapping', summary: 'Map a scope to a client' },
      run: (scope, input) => needs.mapping.map(scope, input),
    }),
    acceptSuggestions: defineCommand({
      name: 'plugin-scopes.accept-suggestions',
      permission: MAP_SCOPES,
      input: changeScopesInput,
      output: counted,
      rest: { method: 'POST', path: '/plugin-scopes/accept', summary: 'Map scopes as they are suggested' },
      run: (scope, input) => needs.mapping.accept(scope, input),
    }),
    declineSuggestions: defineCommand({
      name: 'plugin-scopes.decline-suggestions',
      permission: MAP_SCOPES,
      input: changeScopesInput,
      output: counted,
      rest: {
        method: 'POST',
        path: '/plugin-scopes/decline',
        summary: 'Say that scopes are not the suggested clients’',
      },
      run: (scope, input) => needs.mapping.decline(scope, input),
    }),
    unmapScopes: defineCommand({
      name: 'plugin-scopes.unmap-scopes',
      permission: MAP_SCOPES,
      input: changeScopesInput,
      output: counted,
      rest: { method: 'POST', path: '/plugin-scopes/unmap', summary: 'Take mappings back' },
      run: (scope, input) => needs.mapping.unmap(scope, input),
    }),
    ignoreScopes: defineCommand({
      name: 'plugin-scopes.ignore-scopes',
      permission: MAP_SCOPES,
      input: changeScopesInput,
      output: counted,
      rest: { method: 'POST', path: '/plugin-scopes/ignore', summary: 'Say that scopes are no client’s' },
      run: (scope, input) => needs.mapping.ignore(scope, input),
    }),
    restoreScopes: defineCommand({
      name: 'plugin-scopes.restore-scopes',
      permission: MAP_SCOPES,
      input: changeScopesInput,
      output: counted,
      rest: { method: 'POST', path: '/plugin-scopes/restore', summary: 'Take ignored scopes up again' },
      run: (scope, input) => needs.mapping.restore(scope, input),
    }),
    setSwitches: defineCommand({
      name: 'plugin-scopes.set-switches',
      permission: ENABLE_READS,
      input: setSwitchesInput,
      output: counted,
      rest: { method: 'POST', path: '/plugin-scopes/switches', summary: 'Switch reading and acting on or off' },
      run: (scope, input) => needs.switches.run(scope, input),
    }),
  };
}

function keyOperations(needs: Needs) {
  return {
    listClientKeys: defineQuery({
      name: 'plugin-scopes.list-client-keys',
      permission: READ_SCOPES,
      input: listClientKeysInput,
      output: z.array(clientKeyView),
      rest: {
        method: 'GET',
        path: '/clients/{clientId}/keys',
        summary: 'What tells a client from all others at vendors',
      },
      run: (scope, input) => needs.keys.list(scope, input.clientId),
    }),
    addClientKey: defineCommand({
      name: 'plugin-scopes.add-client-key',
      permission: MAP_SCOPES,
      input: addClientKeyInput,
      output: z.object({ keyId: idSchema('plugin-scope-key') }),
      rest: { method: 'POST', path: '/clients/{clientId}/keys', summary: 'State what is one client’s alone' },
      run: (scope, input) => needs.keys.add(scope, input),
    }),
    removeClientKey: defineCommand({
      name: 'plugin-scopes.remove-client-key',
      permission: MAP_SCOPES,
      input: removeClientKeyInput,
      output: z.object({}),
      rest: { method: 'DELETE', path: '/client-keys/{keyId}', summary: 'Take such a statement back' },
      run: (scope, input) => needs.keys.remove(scope, input.keyId),
    }),
  };
}
