import { z } from 'zod';
import { defineEvent } from '#kernel/event';
import { connectionIdSchema } from './plugin-host-table.ts';

const connection = z.object({ connectionId: connectionIdSchema });

/** A connection was made, resumed or repaired: it works, and may be read. */
export const connectionReady = defineEvent('plugin-host.connection-ready', connection);

/** What a connection is changed: its configuration, its credential, its limits, its state, or the version of its plugin. */
export const connectionChanged = defineEvent('plugin-host.connection-changed', connection);

/** A connection is gone. With `purge` everything that it brought is gone too; without, it is kept. */
export const connectionRemoved = defineEvent(
  'plugin-host.connection-removed',
  connection.extend({ purge: z.boolean() }),
);
