import { z } from 'zod';
import { defineEvent } from '#kernel/event';
import { clientIdSchema } from '#kernel/id';
import { connectionIdSchema } from '#modules/plugin-host';
import { remoteScopeIdSchema } from './remote-scope.ts';

/** The vendor's first list of a connection's scopes is kept: before it, no record could be said to be of one. */
export const scopesFound = defineEvent('plugin-scopes.scopes-found', z.object({ connectionId: connectionIdSchema }));

/** A scope is now a client's: its records belong to that client. Also published when a mapping moves to another client, after `scopeUnmapped`. */
export const scopeMapped = defineEvent(
  'plugin-scopes.scope-mapped',
  z.object({ scopeId: remoteScopeIdSchema, connectionId: connectionIdSchema, clientId: clientIdSchema }),
);

/** A scope is no client's any more: its records go back into quarantine. */
export const scopeUnmapped = defineEvent(
  'plugin-scopes.scope-unmapped',
  z.object({ scopeId: remoteScopeIdSchema, connectionId: connectionIdSchema }),
);
