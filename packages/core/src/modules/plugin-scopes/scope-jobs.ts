import { z } from 'zod';
import { connectionIdSchema } from '#modules/plugin-host';
import { defineJob } from '#platform/jobs/job-queue';

const nothing = z.object({});

/** Lists the scopes of one connection at its vendor. A person may wait for it. */
export const discoverScopes = defineJob({
  name: 'plugin-scopes.discover-scopes',
  payload: z.object({ connectionId: connectionIdSchema }),
  isAwaited: true,
});

/** Starts a discovery of every connection that works, at night, when vendors have time. */
export const discoverAllScopes = defineJob({
  name: 'plugin-scopes.discover-all-scopes',
  payload: nothing,
  cron: '20 3 * * *',
});

/** Looks again at every scope that nobody has decided on: a client, a key or a domain is new. */
export const matchScopes = defineJob({ name: 'plugin-scopes.match-scopes', payload: nothing });

/** Ends access whose time is over, and says in time what will end. */
export const watchAccess = defineJob({
  name: 'plugin-scopes.watch-access',
  payload: nothing,
  cron: '5 * * * *',
});
